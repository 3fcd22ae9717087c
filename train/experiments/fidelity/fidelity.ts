// How near generated images come to real ones: every package of a set that has labels, sampled by seeds as the worker
// samples it; and the measures themselves, held against real images.
import { join } from 'node:path';
import { nameOf } from '../../../models/model-id.ts';
import { shuffled } from '../../data/batches.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { SAMPLES, SEED } from '../../evaluate/fidelity/judge.ts';
import { createImageSampler, labelsLike, valuesOf } from '../../evaluate/fidelity/samples.ts';
import { openPackage } from '../../evaluate/package.ts';
import { cardsIn } from '../../evaluate/read-card.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { kMeans } from './k-means.ts';
import { PARZEN_HELD_OUT, PROTOCOL, type Reference, referenceOf } from './reference.ts';

const MODELS = 'models';
const SETS: DataSetId[] = ['mnist', 'fashion-mnist', 'fer', 'emoji-people'];
/** The paper has this measure of MNIST. */
const PARZEN_SETS: DataSetId[] = ['mnist'];
const ROUNDS = 3;

function result(
  { dataset, right }: Reference,
  began: number,
  found: Pick<CellResult, 'values' | 'settings' | 'protocol' | 'samples'> & {
    picture?: CellResult['picture'];
  },
): CellResult {
  return {
    ...found,
    values: { ...found.values, 'classifier right': right },
    unit: 'nats per image for parzen; frechet without a unit; others shares of images',
    seed: SEED,
    data: {
      set: dataset.title,
      variant: 'grey density',
      train: dataset.train.count,
      test: dataset.test.count,
    },
    wallSeconds: (performance.now() - began) / 1000,
  };
}

/** Parzen windows where the set has them. */
async function windows(
  id: DataSetId,
  reference: Reference,
  centres: Features,
): Promise<Pick<CellResult, 'values' | 'settings'>> {
  if (!PARZEN_SETS.includes(id)) return { values: {}, settings: {} };
  const { measured, width } = await reference.parzen(centres);
  return { values: { parzen: measured }, settings: { width } };
}

async function ofPackage(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { card, subject } = openPackage(join(MODELS, name));
  const id = card.dataset.id as DataSetId;
  const reference = await referenceOf(id, context);
  const { backend, threads } = context;
  const sampler = await createImageSampler(subject.model, subject, { backend, threads });
  const { test } = reference.dataset;
  const parts = card.latent?.prior === 'gaussian' ? card.latent.aggregate?.weights.length : undefined;
  const labels = subject.model.classes ? labelsLike(test, id, SAMPLES) : undefined;
  const images = await sampler.draw(subject, SEED, SAMPLES, labels);
  await sampler.release();
  const { values, picture } = await reference.judge(images);
  const parzen = await windows(id, reference, images);
  context.log(JSON.stringify({ ...values, ...parzen.values }));
  return result(reference, began, {
    values: { ...values, ...parzen.values },
    picture,
    // What the package was trained on: this cell trains nothing.
    samples: (card.training.epochs ?? 0) * reference.dataset.train.count,
    settings: { model: name, ...(parts ? { parts } : {}), ...parzen.settings },
    protocol: `${name}, images of the seed '${SEED}' at temperature 1${labels ? ', with the labels of the test images' : ''}. ${PROTOCOL}`,
  });
}

/** The rows in another order. */
function rowsAt(rows: Features, order: Uint32Array | undefined): Features {
  if (!order) return rows;
  const data = new Float32Array(rows.data.length);
  order.forEach((from, to) => {
    data.set(rows.data.subarray(from * rows.size, (from + 1) * rows.size), to * rows.size);
  });
  return { ...rows, data };
}

/** The floor: training images in the place of generated ones. */
const ofTraining = (id: DataSetId) => async (context: Context) => {
  const began = performance.now();
  const reference = await referenceOf(id, context);
  const { train } = reference.dataset;
  const count = Math.min(SAMPLES, train.count);
  // A set may be in the order of its categories, and some measures are of the first images alone.
  const order = train.count <= SAMPLES ? shuffled(count, SEED, 0) : undefined;
  const images = rowsAt(valuesOf(sliceImages(train, 0, count)), order);
  const { values } = await reference.judge(images);
  const parzen = await windows(id, reference, images);
  context.log(JSON.stringify({ ...values, ...parzen.values }));
  // Each is a training image itself.
  const { 'near-copies by pixels': _, 'near-copies by features': __, ...others } = values;
  return result(reference, began, {
    values: { ...others, ...parzen.values },
    samples: count,
    settings: parzen.settings,
    protocol: `${order ? `all ${count} training images, in an order drawn by the seed,` : `the first ${count} training images`} in the place of generated ones. ${PROTOCOL}`,
  });
};

const ofCentroids = (id: DataSetId) => async (context: Context) => {
  const began = performance.now();
  const reference = await referenceOf(id, context);
  const { train } = await context.load(id, PARZEN_HELD_OUT);
  const { backend, threads } = context;
  const centroids = await kMeans(valuesOf(train), SAMPLES, ROUNDS, SEED, { backend, threads });
  const { values, picture } = await reference.judge(centroids);
  const parzen = await windows(id, reference, centroids);
  context.log(JSON.stringify({ ...values, ...parzen.values }));
  return result(reference, began, {
    values: { ...values, ...parzen.values },
    picture,
    samples: ROUNDS * train.count,
    settings: { rounds: ROUNDS, ...parzen.settings },
    protocol: `${SAMPLES} centroids of the first ${train.count} training images, ${ROUNDS} rounds of Lloyd's algorithm. ${PROTOCOL}`,
  });
};

const packages = cardsIn(MODELS)
  .filter(({ dataset, graphs }) => SETS.some((id) => id === dataset.id) && graphs.decoder !== undefined)
  .map(nameOf);

export const { samples, cells }: Program = {
  samples: 1,
  cells: {
    ...Object.fromEntries(SETS.map((id) => [`${id}-training-images`, ofTraining(id)])),
    ...Object.fromEntries(PARZEN_SETS.map((id) => [`${id}-centroids`, ofCentroids(id)])),
    ...Object.fromEntries(packages.map((name) => [name, (context: Context) => ofPackage(name, context)])),
  },
};
