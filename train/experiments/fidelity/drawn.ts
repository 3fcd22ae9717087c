// What measures of generated images are taken of: images that a package draws, and real ones in their place.
import { join } from 'node:path';
import type { ModelCard } from '../../../models/card.ts';
import { SHIPPED } from '../../../models/folders.ts';
import { shuffled } from '../../data/batches.ts';
import type { Images } from '../../data/data-set.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { SAMPLES, SEED } from '../../evaluate/fidelity/judge.ts';
import { createImageSampler, labelsLike, valuesOf } from '../../evaluate/fidelity/samples.ts';
import { openPackage } from '../../evaluate/package.ts';
import type { Context } from '../experiment.ts';
import { kMeans } from './k-means.ts';

/** Of Lloyd's algorithm. */
export const ROUNDS = 3;

export type Drawn = {
  /** Values 0…1, [count, pixels]. */
  images: Features;
  /** For people: where they come from. */
  words: string;
};

/** The first images of a package by the seed of all measures, a conditional one with the labels of `test`. */
export async function drawnBy(
  name: string,
  test: Images,
  { backend, threads }: Context,
  count = SAMPLES,
): Promise<Drawn & { card: ModelCard }> {
  const { card, subject } = openPackage(join(SHIPPED, name));
  const sampler = await createImageSampler(subject.model, subject, { backend, threads });
  const labels = subject.model.classes ? labelsLike(test, card.dataset.id, count) : undefined;
  const images = await sampler.draw(subject, SEED, count, labels);
  await sampler.release();
  const told = labels ? ', with the labels of the test images' : '';
  return { card, images, words: `${name}, images of the seed '${SEED}' at temperature 1${told}` };
}

/** Real images in the place of generated ones, drawn by the seed: the first ones of a set need not be like the rest. */
export function realImages(split: 'training' | 'validation', from: Images): Drawn {
  const count = Math.min(SAMPLES, from.count);
  const { width, height, channels } = from;
  const size = width * height * channels;
  const data = new Float32Array(count * size);
  shuffled(from.count, SEED, 0)
    .subarray(0, count)
    .forEach((i, to) => {
      data.set(valuesOf(sliceImages(from, i, i + 1)).data, to * size);
    });
  const which =
    count < from.count
      ? `${count} of the ${from.count} ${split} images, drawn by the seed,`
      : `all ${count} ${split} images, in an order drawn by the seed,`;
  return { images: { count, size, data }, words: `${which} in the place of generated ones` };
}

/** Centroids of the training images, without the last `heldOut` where the set has none of its own to hold out. */
export async function centroidsOf(
  id: DataSetId,
  heldOut: number,
  context: Context,
): Promise<Drawn & { trained: number }> {
  const { train } = await context.load(id, heldOut);
  const { backend, threads } = context;
  return {
    images: await kMeans(valuesOf(train), SAMPLES, ROUNDS, SEED, { backend, threads }),
    words: `${SAMPLES} centroids of the first ${train.count} training images, ${ROUNDS} rounds of Lloyd's algorithm`,
    trained: train.count,
  };
}
