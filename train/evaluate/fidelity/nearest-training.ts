// The training images nearest to generated ones, by pixels and by features, and how near that is for new images.
import type { Share } from '../../../figures/share.ts';
import type { DataSet } from '../../data/data-set.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { featureFolder } from './feature-folder.ts';
import { openFeatureSpace } from './feature-space.ts';
import type { Features } from './frechet.ts';
import { nearCopies, nearerShares, nearestNeighbours } from './neighbours.ts';
import { valuesOf } from './samples.ts';

/** Images whose nearest training images are looked for: the first generated ones, and the first test images. */
export const COMPARED = 2000;

export type Nearest = {
  /** The nearest training image of each. */
  index: Uint32Array;
  /** Share of as many test images, or of all where these are fewer, that are nearer to theirs. */
  nearer: number[];
  copies: Share;
};

export const first = (rows: Features, count: number): Features => ({
  ...rows,
  count: Math.min(count, rows.count),
});

/** Looks for neighbours of the first COMPARED rows. @throws Error when the set has no labels: the features are those of a classifier. */
export async function openNearest(dataset: DataSet, options: RunOptions & { log?(line: string): void }) {
  const { train, test } = dataset;
  const space = await openFeatureSpace(dataset, featureFolder(), options);
  const features = { test: await space.of(test), train: await space.of(train) };
  const among = async (trained: Features, unseen: Features) => {
    const search = (rows: Features) => nearestNeighbours(first(rows, COMPARED), trained, options);
    const usual = await search(unseen);
    return async (rows: Features): Promise<Nearest> => {
      const found = await search(rows);
      return {
        index: found.index,
        nearer: nearerShares(found, usual),
        copies: nearCopies(found, usual),
      };
    };
  };
  return {
    space,
    /** Of the real images. */
    features,
    /** Of images 0…1, [count, pixels]. */
    byPixels: await among(valuesOf(train), valuesOf(test)),
    /** Of features. */
    byFeatures: await among(features.train, features.test),
  };
}
