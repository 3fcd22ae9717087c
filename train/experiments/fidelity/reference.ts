// Real images of one data set, and what generated ones are held against.
import { sliceImages } from '../../data/data-set.ts';
import type { DataSetId } from '../../data/registry.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { JUDGE_PROTOCOLS, openJudge, SAMPLES } from '../../evaluate/fidelity/judge.ts';
import { parzenWindow, WIDTH_IMAGES } from '../../evaluate/fidelity/parzen.ts';
import { valuesOf } from '../../evaluate/fidelity/samples.ts';
import type { Context, Measured } from '../experiment.ts';
import { neighbourSheet } from './neighbour-sheet.ts';

/** Training images held out, as the recipes of the set do: the classifier of the features never sees them. */
const HELD_OUT: Partial<Record<DataSetId, number>> = { fer: 3486, 'emoji-people': 1000 };
const HELD_OUT_OF_OTHERS = 5000;
/** Held out by the protocol of the Parzen windows. */
export const PARZEN_HELD_OUT = 10_000;

export const PROTOCOL = `${Object.entries(JUDGE_PROTOCOLS)
  .map(([name, words]) => `${name}: ${words}`)
  .join(
    '. ',
  )}. parzen: Gaussian windows around the ${SAMPLES} images, the width of ten between 0.1 and 1 that is best on the first ${WIDTH_IMAGES} of the last ${PARZEN_HELD_OUT} training images, mean log density of all test images, grey levels 0…1 (Goodfellow et al. 2014)`;

async function openReference(id: DataSetId, context: Context) {
  const { backend, threads, log } = context;
  const options = { backend, threads };
  const dataset = await context.load(id, HELD_OUT[id] ?? HELD_OUT_OF_OTHERS);
  const { train, test } = dataset;
  const { space, judge } = await openJudge(dataset, { ...options, log });
  return {
    dataset,
    right: await space.accuracy(test),
    /** Every measure of images 0…1, [count, pixels], but Parzen windows; and a sheet of them beside training images. */
    async judge(images: Features) {
      const { frechet, shares, nearest } = await judge(images);
      const values: Record<string, Measured> = { frechet: { value: frechet }, ...shares };
      return { values, picture: neighbourSheet(images, train, nearest) };
    },
    /** Parzen windows around images 0…1. */
    async parzen(centres: Features): Promise<{ measured: Measured; width: number }> {
      const { validation } = await context.load(id, PARZEN_HELD_OUT);
      const { mean, standardError, width } = await parzenWindow(
        centres,
        valuesOf(sliceImages(validation, 0, WIDTH_IMAGES)),
        valuesOf(test),
        options,
      );
      return { measured: { value: mean, standardError }, width };
    },
  };
}

export type Reference = Awaited<ReturnType<typeof openReference>>;

const opened = new Map<DataSetId, Promise<Reference>>();

/** The reference of a set; cells that are computed together share it. */
export function referenceOf(id: DataSetId, context: Context): Promise<Reference> {
  const known = opened.get(id) ?? openReference(id, context);
  opened.set(id, known);
  return known;
}
