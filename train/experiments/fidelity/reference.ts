// Real images of one data set, and what generated ones are held against.
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import { FEATURES } from '../../evaluate/fidelity/feature-folder.ts';
import { FEATURE_WORDS, openFeatureSpace } from '../../evaluate/fidelity/feature-space.ts';
import { type Features, frechetDistance, momentsOf } from '../../evaluate/fidelity/frechet.ts';
import { nearCopies, nearestNeighbours } from '../../evaluate/fidelity/neighbours.ts';
import { parzenWindow, WIDTH_IMAGES } from '../../evaluate/fidelity/parzen.ts';
import { precisionAndRecall } from '../../evaluate/fidelity/precision-recall.ts';
import { imagesOf, valuesOf } from '../../evaluate/fidelity/samples.ts';
import type { Context, Measured } from '../experiment.ts';
import { neighbourSheet } from './neighbour-sheet.ts';

/** Training images held out: the classifier of the features never sees them. */
const HELD_OUT = 5000;
/** Held out by the protocol of the Parzen windows. */
const PARZEN_HELD_OUT = 10_000;
/** Generated images, and as many real ones where both sets should be alike. */
export const SAMPLES = 10_000;
/** Generated images whose nearest training images are looked for. */
const COMPARED = 2000;

export const PROTOCOL =
  `frechet: Fréchet distance (Heusel et al. 2017, Eq. 6) between ${SAMPLES} images and all test images, in ` +
  `${FEATURE_WORDS}; images of 8 bits; not an Inception distance. precision, recall: Kynkäänniemi et al. 2019, third ` +
  `nearest neighbour, same features, test images. near-copies: share of the first ${COMPARED} images that are nearer to ` +
  'a training image than 99 % of as many test images are, by pixels and by features. parzen: Gaussian windows around ' +
  `the ${SAMPLES} images, the width of ten between 0.1 and 1 that is best on the first ${WIDTH_IMAGES} of the last ` +
  `${PARZEN_HELD_OUT} training images, mean log density of all test images, grey levels 0…1 (Goodfellow et al. 2014)`;

const first = (rows: Features, count: number): Features => ({ ...rows, count: Math.min(count, rows.count) });

export async function openReference(id: DataSetId, context: Context) {
  const { backend, threads, log } = context;
  const options = { backend, threads };
  const dataset = await context.load(id, HELD_OUT);
  const { train, test } = dataset;
  const space = await openFeatureSpace(dataset, FEATURES, { ...options, log });
  const features = { test: await space.of(test), train: await space.of(train) };
  const values = { test: valuesOf(test), train: valuesOf(train) };
  const moments = momentsOf(features.test);
  const nearest = (of: Features, among: Features) => nearestNeighbours(first(of, COMPARED), among, options);

  return {
    dataset,
    right: await space.accuracy(test),
    /** Every measure of images 0…1, [count, pixels], but Parzen windows; and a sheet of them beside training images. */
    async judge(images: Features) {
      const found = await space.of(imagesOf(images, { image: train }));
      const { precision, recall } = await precisionAndRecall(first(features.test, SAMPLES), found, options);
      const pixels = await nearest(images, values.train);
      const ideas = await nearest(found, features.train);
      const measured: Record<string, Measured> = {
        frechet: { value: frechetDistance(momentsOf(found), moments) },
        precision,
        recall,
        'near-copies by pixels': nearCopies(pixels, await nearest(values.test, values.train)),
        'near-copies by features': nearCopies(ideas, await nearest(features.test, features.train)),
      };
      const picture = neighbourSheet(images, train, [pixels.index, ideas.index]);
      return { values: measured, picture };
    },
    /** Parzen windows around images 0…1. */
    async parzen(centres: Features): Promise<{ measured: Measured; width: number }> {
      const { validation } = await context.load(id, PARZEN_HELD_OUT);
      const { mean, standardError, width } = await parzenWindow(
        centres,
        valuesOf(sliceImages(validation, 0, WIDTH_IMAGES)),
        values.test,
        options,
      );
      return { measured: { value: mean, standardError }, width };
    },
  };
}
