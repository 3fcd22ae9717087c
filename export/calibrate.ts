// Gives a package what anomaly scores are judged by: quantiles over held-out images, on its card.
import { join } from 'node:path';
import { isDiscreteVae, isGaussianVae, type ModelCard } from '../models/card.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import { MOST_FALSE_ALARMS } from '../models/sections.ts';
import { type Images, sliceImages } from '../train/data/data-set.ts';
import { loadFor } from '../train/data/registry.ts';
import { drawnImages, testSplit } from '../train/data/subset.ts';
import { anomalyCard, scoreImages } from '../train/evaluate/anomaly/anomaly.ts';
import { dataSettings, openBound } from '../train/evaluate/package.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { writeJson } from '../train/io/files.ts';

/** Why the graphs of a package alone do not give its bound; nothing when they do. */
function whyNoBound(card: ModelCard): string | undefined {
  if (!isGaussianVae(card) && !isDiscreteVae(card))
    return 'a bound needs decoder, encoder, likelihood and Gaussian or discrete latents';
  const { likelihood, graphs } = card;
  if (likelihood === 'continuous-bernoulli') return 'continuous-Bernoulli pixels are not scored yet';
  if (likelihood === 'gaussian' && !graphs.decoder.outputs.some(({ name }) => name === 'log_variance'))
    return 'its decoder says no more of a Gaussian pixel than its mean';
  return undefined;
}

/** The first `images` training images of the model, or as many as there are. */
export async function trainingImages(
  card: ModelCard,
  { images, data }: { images: number; data?: string | undefined },
): Promise<Images> {
  const { train } = await loadFor(dataSettings(card), { download: true, ...(data ? { dir: data } : {}) });
  return sliceImages(train, 0, Math.min(images, train.count));
}

/** Usual images of a model, none of which it was fitted to. */
export type HeldOut = {
  validation: Images;
  test: Images;
  /** For people: which test images these are. */
  testSplit: string;
};

/** The first validation images of a recipe or card, and test images drawn by chance: `images` of either, or as many as there are. */
export async function heldOutImages(
  settings: Parameters<typeof loadFor>[0],
  { images, data }: { images: number; data?: string | undefined },
): Promise<HeldOut> {
  const { validation, test } = await loadFor(settings, { download: true, ...(data ? { dir: data } : {}) });
  return {
    validation: sliceImages(validation, 0, Math.min(images, validation.count)),
    test: drawnImages(test, images),
    testSplit: testSplit(test, images),
  };
}

/**
 * Scores held-out images, which `load` gives, with the graphs of the package, and writes its card anew: no pixel
 * changes, and so the version stays. Validation images give the thresholds, test images the false alarms.
 * @throws Error when the graphs do not give a bound, the false alarms are far above those asked for, or the package is
 * damaged; the card stays as it was.
 */
export async function calibrate(
  folder: string,
  load: (card: ModelCard) => Promise<HeldOut>,
): Promise<ModelCard> {
  const why = whyNoBound(readCard(folder));
  if (why) throw new Error(`${folder}: ${why}`);
  const { card, subject } = openBound(folder);
  const held = await load(card);
  const { validation, test } = held;
  const score = async (images: Images, split: string) => ({
    split,
    terms: await scoreImages(subject, images, { backend: 'cpu', threads: 1 }),
    block: images.block,
  });
  const usual = await score(validation, `validation, first ${validation.count} images`);
  const anomaly = anomalyCard(usual, await score(test, held.testSplit), {
    likelihood: card.likelihood,
    latent: card.latent,
    family: card.family,
    variant: card.dataset.variant,
  });
  for (const { rate, share } of anomaly.falseAlarms.reached)
    if (share > MOST_FALSE_ALARMS * rate)
      throw new Error(
        `${folder}: a verdict would call ${100 * share} % of ${anomaly.falseAlarms.split} unusual where ${100 * rate} % ` +
          `were asked for; at most ${MOST_FALSE_ALARMS} times as many are allowed`,
      );
  const capabilities = [...new Set([...card.capabilities, 'anomaly' as const])];
  // Parsing puts the sections into the order of the schema.
  const calibrated = modelCardSchema.parse({ ...card, capabilities, anomaly });
  writeJson(join(folder, 'model.json'), calibrated);
  return calibrated;
}
