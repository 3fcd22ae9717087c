// How near generated images come to the real ones of a data set, and whether they are copies.
import type { Share } from '../../../figures/share.ts';
import type { DataSet } from '../../data/data-set.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { featureFolder } from './feature-folder.ts';
import { FEATURE_WORDS, type FeatureSpace, openFeatureSpace } from './feature-space.ts';
import { type Features, frechetDistance, momentsOf } from './frechet.ts';
import { nearCopies, nearestNeighbours } from './neighbours.ts';
import { precisionAndRecall } from './precision-recall.ts';
import { imagesOf, valuesOf } from './samples.ts';

/** Generated images, where a whole set is judged. */
export const SAMPLES = 10_000;
/** Seed of these. */
export const SEED = 'fidelity';
/** Generated images whose nearest training images are looked for. */
const COMPARED = 2000;

/** For people: how each figure is measured. */
export const JUDGE_PROTOCOLS = {
  frechet:
    `Fréchet distance (Heusel et al. 2017, Eq. 6) between generated and all test images, of 8 bits, in ${FEATURE_WORDS}; ` +
    'not an Inception distance',
  precision:
    'share of generated images within the manifold of as many test images, third nearest neighbour, same features (Kynkäänniemi et al. 2019)',
  recall: 'share of test images within the manifold of generated ones, likewise',
  'near-copies by pixels': `share of ${COMPARED} generated images that are nearer to a training image than 99 % of as many test images are`,
  'near-copies by features': 'the same by features',
};

export type Judged = {
  frechet: number;
  shares: Record<'precision' | 'recall' | 'near-copies by pixels' | 'near-copies by features', Share>;
  /** The training image nearest to each of the first generated ones, by pixels and by features. */
  nearest: [pixels: Uint32Array, features: Uint32Array];
};

export type Judge = {
  space: FeatureSpace;
  /** The Fréchet distance of the training images themselves. */
  floor: number;
  /** Of images 0…1, [count, pixels]. */
  judge(images: Features): Promise<Judged>;
};

const first = (rows: Features, count: number): Features => ({ ...rows, count: Math.min(count, rows.count) });

/** @throws Error when the set has no labels: the features are those of a classifier. */
export async function openJudge(
  dataset: DataSet,
  options: RunOptions & { log?(line: string): void },
): Promise<Judge> {
  const { train, test } = dataset;
  const space = await openFeatureSpace(dataset, featureFolder(), options);
  const features = { test: await space.of(test), train: await space.of(train) };
  const values = { test: valuesOf(test), train: valuesOf(train) };
  const moments = momentsOf(features.test);
  const nearest = (of: Features, among: Features) => nearestNeighbours(first(of, COMPARED), among, options);
  const unseen = {
    pixels: await nearest(values.test, values.train),
    features: await nearest(features.test, features.train),
  };
  return {
    space,
    floor: frechetDistance(momentsOf(features.train), moments),
    async judge(images) {
      const found = await space.of(imagesOf(images, { image: train }));
      const count = Math.min(found.count, test.count);
      const { precision, recall } = await precisionAndRecall(
        first(features.test, count),
        first(found, count),
        options,
      );
      const pixels = await nearest(images, values.train);
      const ideas = await nearest(found, features.train);
      return {
        frechet: frechetDistance(momentsOf(found), moments),
        shares: {
          precision,
          recall,
          'near-copies by pixels': nearCopies(pixels, unseen.pixels),
          'near-copies by features': nearCopies(ideas, unseen.features),
        },
        nearest: [pixels.index, ideas.index],
      };
    },
  };
}
