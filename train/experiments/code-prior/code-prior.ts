// What a learned prior of codes is worth: models that ship, with their prior and with uniform codes in its place, by
// likelihood and by how near their samples come to real images.

import { join } from 'node:path';
import { sheet, toImage } from '../../../core/image/compose.ts';
import { SHIPPED } from '../../../models/folders.ts';
import { nameOf } from '../../../models/model-id.ts';
import { toValues, type Variant } from '../../data/batches.ts';
import type { DataSetId } from '../../data/registry.ts';
import { drawnRows, testSplit } from '../../data/subset.ts';
import { createMultiSampleEvaluator } from '../../evaluate/bounds/multi-sample.ts';
import { FEATURE_WORDS } from '../../evaluate/fidelity/feature-classifier.ts';
import { featureFolder } from '../../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../../evaluate/fidelity/feature-space.ts';
import { frechetDistance, momentsOf } from '../../evaluate/fidelity/frechet.ts';
import { SAMPLES, SEED } from '../../evaluate/fidelity/judge.ts';
import { createImageSampler, imagesOf } from '../../evaluate/fidelity/samples.ts';
import { openPackage } from '../../evaluate/package.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { Subject } from '../../evaluate/subject.ts';
import type { CellResult, Context, Program } from '../experiment.ts';

/** Of the bound: images, and discrete samples of each. */
const IMAGES = 500;
const BOUND_SAMPLES = 1000;
/** Rows of the sheet, eight samples of either prior in each. */
const SHEET_ROWS = 8;

async function cell(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const folder = join(SHIPPED, name);
  const { card, subject: learned } = openPackage(folder);
  const { subject: uniform } = openPackage(folder, ['prior']);
  const dataset = await context.load(card.dataset.id as DataSetId, Number(card.training.settings.validation));
  const { backend, threads } = context;
  const options = { backend, threads };
  const variant = card.dataset.variant satisfies Variant;
  const seed = `${card.training.seed}/test`;
  const values = drawnRows(toValues(dataset.test, variant, seed), dataset.test, IMAGES);
  const space = await openFeatureSpace(dataset, featureFolder(), { ...options, log: context.log });
  const real = momentsOf(await space.of(dataset.test));

  const measure = async (of: Subject) => {
    const evaluator = await createMultiSampleEvaluator(of.model.discrete!, of, {
      ...options,
      samples: BOUND_SAMPLES,
      seed,
    });
    const losses = Array.from(await evaluator.evaluate(of, values), (bound) => -bound);
    await evaluator.release();
    const sampler = await createImageSampler(of.model, of, options);
    const images = await sampler.draw(of, SEED, SAMPLES);
    await sampler.release();
    const frechet = frechetDistance(momentsOf(await space.of(imagesOf(images, of.model))), real);
    return { losses, images, frechet };
  };
  const [own, flat] = [await measure(learned), await measure(uniform)];
  const quantity = (losses: number[]) => {
    const { mean: value, standardError } = meanAndError(losses, dataset.test.block);
    return { value, standardError };
  };
  const { width, height, channels } = card.image;
  const size = width * height * channels;
  const pictureOf = ({ images: { data } }: typeof own, i: number) =>
    toImage(data.subarray(i * size, (i + 1) * size), width, height, channels);
  const rows = Array.from({ length: SHEET_ROWS }, (_, row) =>
    [own, flat].flatMap((of) => Array.from({ length: 8 }, (_, i) => pictureOf(of, 8 * row + i))),
  );
  context.log(`learned ${own.frechet.toFixed(2)}, uniform ${flat.frechet.toFixed(2)}`);
  return {
    values: {
      'nll, learned': quantity(own.losses),
      'nll, uniform': quantity(flat.losses),
      'nats saved': quantity(flat.losses.map((loss, i) => loss - own.losses[i]!)),
      'frechet, learned': { value: own.frechet },
      'frechet, uniform': { value: flat.frechet },
    },
    unit: 'nats per image; frechet without a unit',
    protocol:
      `${name} as it ships, and the same decoder and encoder with uniform codes: bound of ${BOUND_SAMPLES} discrete samples ` +
      `(${testSplit(dataset.test, IMAGES)}), noise the same; Fréchet distance between ${SAMPLES} images of the seed '${SEED}' and all test ` +
      `images in ${FEATURE_WORDS}. The model was trained with its prior: one that is trained with uniform codes puts more into them`,
    settings: { model: name },
    seed: SEED,
    data: { set: dataset.title, variant, train: dataset.train.count, test: IMAGES },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
    picture: sheet(rows.flat(), 16),
  };
}

/** The cells train nothing. */
export const samples = 1;

export const cells: Program['cells'] = Object.fromEntries(
  cardsIn(SHIPPED)
    .filter(({ graphs }) => graphs.prior !== undefined)
    .map((card) => [nameOf(card), (context: Context) => cell(nameOf(card), context)]),
);
