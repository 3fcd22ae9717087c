// Lets a package draw from where its codes are instead of N(0, I), where that comes nearer to real images: a new version,
// for its pictures change.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sheet } from '../core/image/compose.ts';
import { encodePng } from '../core/image/png.ts';
import { createStream } from '../core/sampling/stream.ts';
import type { ModelCard } from '../models/card.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import type { GaussianSpec } from '../models/latent.ts';
import { nameOf } from '../models/model-id.ts';
import { sliceImages } from '../train/data/data-set.ts';
import { type DataSetId, loadDataSet } from '../train/data/registry.ts';
import { fitMixture } from '../train/evaluate/diagonal-mixture.ts';
import { FEATURE_WORDS } from '../train/evaluate/fidelity/feature-classifier.ts';
import { featureFolder } from '../train/evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../train/evaluate/fidelity/feature-space.ts';
import { frechetDistance, momentsOf } from '../train/evaluate/fidelity/frechet.ts';
import { FIDELITY_FIGURES } from '../train/evaluate/fidelity/measure.ts';
import { createImageSampler, imagesOf } from '../train/evaluate/fidelity/samples.ts';
import { openDensity, openPackage } from '../train/evaluate/package.ts';
import { posteriorDraws } from '../train/evaluate/posterior-draws.ts';
import { createExamples, PREVIEW_COLUMNS } from './examples.ts';
import { type Files, latestVersion, writePackage } from './folder.ts';
import { fileCards } from './package.ts';

type Aggregate = NonNullable<GaussianSpec['aggregate']>;

/** Training images that the codes are of. */
const IMAGES = 20_000;
/** Parts of the mixtures that are tried. */
const PARTS = [1, 10, 50];
/** Figures are written with so many digits. */
const DIGITS = 4;
/** Images that are drawn of each distribution, and their seed. */
const DRAWN = 5000;
const SEED = 'aggregate';
/** A smaller gain is not worth other pictures. */
const LEAST_GAIN = 0.2;
const OPTIONS = { backend: 'cpu', threads: 1 } as const;

/** `points` [n · dimensions] as a mixture of `parts` Gaussians, as a card has it. */
export function aggregateOf(
  points: Float32Array,
  { dimensions, parts, split }: { dimensions: number; parts: number; split: string },
): Aggregate {
  const { weights, means, variances } = fitMixture(
    points,
    dimensions,
    parts,
    createStream(SEED, 'parts', parts),
  );
  const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toPrecision(DIGITS)));
  return {
    weights: rounded(weights),
    means: means.map(rounded),
    deviations: variances.map((own) => rounded(own.map(Math.sqrt))),
    split,
  };
}

/**
 * Writes the next version of the package in `folder` beside it, and returns its card: the same graphs, latents drawn from
 * where those of training images are, by the mixture that comes nearest to validation images. It compresses once `npm run compression` has given it codes of its own.
 * @throws Error with both distances, and nothing is written, when that is not much nearer to validation images.
 */
export async function drawFromCodes(folder: string, data?: string): Promise<ModelCard> {
  const { card, subject } = openDensity(folder);
  const { model } = openPackage(folder).subject;
  if (card.latent.aggregate) throw new Error(`${folder} draws from where its codes are already`);
  const dataset = await loadDataSet(card.dataset.id as DataSetId, {
    validation: Number(card.training.settings.validation),
    download: true,
    ...(data ? { dir: data } : {}),
  });
  const images = sliceImages(dataset.train, 0, Math.min(IMAGES, dataset.train.count));
  const draws = await posteriorDraws(subject, images, createStream(SEED, 'draws'), OPTIONS);
  const { dimensions } = card.latent;
  const split = `train, first ${images.count} images`;
  const space = await openFeatureSpace(dataset, featureFolder(), { ...OPTIONS, log: console.log });
  const real = momentsOf(await space.of(dataset.validation));
  async function distanceOf(latent: GaussianSpec): Promise<number> {
    const sampler = await createImageSampler({ ...model, latent }, subject, OPTIONS);
    const drawn = await sampler.draw(subject, SEED, DRAWN);
    await sampler.release();
    return frechetDistance(momentsOf(await space.of(imagesOf(drawn, model))), real);
  }
  const before = await distanceOf(card.latent);
  const tried: { parts: number; aggregate: Aggregate; distance: number }[] = [];
  for (const parts of PARTS) {
    const aggregate = aggregateOf(draws, { dimensions, parts, split });
    const distance = await distanceOf({ ...card.latent, aggregate });
    console.log(`${parts} ${parts === 1 ? 'part' : 'parts'}: ${distance.toFixed(2)}`);
    tried.push({ parts, aggregate, distance });
  }
  const { parts, aggregate, distance: after } = tried.toSorted((a, b) => a.distance - b.distance)[0]!;
  const fitted = { ...model, latent: { ...card.latent, aggregate } };
  const words = `Fréchet distance to validation images ${after.toFixed(2)}, ${before.toFixed(2)} when N(0, I) is drawn from`;
  if (!(after < (1 - LEAST_GAIN) * before))
    throw new Error(
      `${folder} stays as it is: ${words}; another version takes a gain of ${100 * LEAST_GAIN} %`,
    );

  const { pictures } = await createExamples(fitted, subject);
  const files: Files = {
    ...Object.fromEntries(
      [...Object.values(card.graphs), ...(card.encoded ? [card.encoded] : [])].map(({ file }) => [
        file,
        readFileSync(join(folder, file)),
      ]),
    ),
    'preview.png': encodePng(sheet(pictures, PREVIEW_COLUMNS)),
  };
  const figure = (name: string, value: number, from: string) => ({
    name,
    value,
    unit: 'squared features',
    split: `validation, ${dataset.validation.count} images`,
    protocol: `Fréchet distance (Heusel et al. 2017, Eq. 6) of ${DRAWN} images of the seed '${SEED}', latents from ${from}, in ${FEATURE_WORDS}; not an Inception distance`,
  });
  const out = dirname(folder);
  const { compression: _, ...kept } = card;
  const next = modelCardSchema.parse({
    ...kept,
    version: latestVersion(out, card.id) + 1,
    latent: fitted.latent,
    capabilities: card.capabilities.filter((capability) => capability !== 'compress'),
    metrics: [
      ...card.metrics.filter(({ name }) => !FIDELITY_FIGURES.has(name)),
      figure(
        'frechet-validation',
        after,
        `a mixture of ${parts} Gaussians fitted to a posterior draw of each of the ${split}, the best of ${PARTS.join(', ')} by this figure`,
      ),
      figure('frechet-validation-standard', before, 'N(0, I)'),
    ],
    training: {
      ...card.training,
      command: `${card.training.command} && npm run export -- ${nameOf(card)} --draw=codes`,
    },
    files: fileCards(files),
  });
  writePackage(out, nameOf(next), files, next);
  return next;
}
