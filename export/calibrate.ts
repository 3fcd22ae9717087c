// Gives a package what anomaly scores are judged by: quantiles over training images, on its card.
import { join } from 'node:path';
import { isGaussianVae, type ModelCard, modelCardSchema } from '../models/card.ts';
import { type Images, sliceImages } from '../train/data/data-set.ts';
import { type DataSetId, loadDataSet } from '../train/data/registry.ts';
import { anomalyCard, scoreImages } from '../train/evaluate/anomaly/anomaly.ts';
import { openDensity } from '../train/evaluate/package.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { writeJson } from '../train/io/files.ts';

/** Why the graphs of a package alone do not give its bound; nothing when they do. */
function whyNoBound(card: ModelCard): string | undefined {
  if (!isGaussianVae(card)) return 'a bound needs decoder, encoder, likelihood and Gaussian latents';
  const { likelihood, graphs } = card;
  if (likelihood === 'continuous-bernoulli') return 'continuous-Bernoulli pixels are not scored yet';
  if (likelihood === 'gaussian' && !graphs.decoder.outputs.some(({ name }) => name === 'log_variance'))
    return 'its decoder says no more of a Gaussian pixel than its mean';
  return undefined;
}

/** The first `images` training images of the model, or as many as there are. */
export async function trainingImages(
  { dataset, training }: ModelCard,
  { images, data }: { images: number; data?: string | undefined },
): Promise<Images> {
  const { train } = await loadDataSet(dataset.id as DataSetId, {
    validation: Number(training.settings.validation),
    download: true,
    ...(data ? { dir: data } : {}),
  });
  return sliceImages(train, 0, Math.min(images, train.count));
}

/**
 * Scores the first training images, which `load` gives, with the graphs of the package, and writes its card anew: no
 * pixel changes, and so the version stays.
 * @throws Error when the graphs do not give a bound, or the package is damaged.
 */
export async function calibrate(
  folder: string,
  load: (card: ModelCard) => Promise<Images>,
): Promise<ModelCard> {
  const why = whyNoBound(readCard(folder));
  if (why) throw new Error(`${folder}: ${why}`);
  const { card, subject } = openDensity(folder);
  const terms = await scoreImages(subject, await load(card), { backend: 'cpu', threads: 1 });
  const anomaly = anomalyCard(terms, { likelihood: card.likelihood, variant: card.dataset.variant });
  const capabilities = [...new Set([...card.capabilities, 'anomaly' as const])];
  // Parsing puts the sections into the order of the schema.
  const calibrated = modelCardSchema.parse({ ...card, capabilities, anomaly });
  writeJson(join(folder, 'model.json'), calibrated);
  return calibrated;
}
