// Real images of one data set, and what generated ones are held against.
import type { DataSetId } from '../../data/registry.ts';
import { mayBePassedOn } from '../../data/uses.ts';
import type { Features } from '../../evaluate/fidelity/frechet.ts';
import { openJudge } from '../../evaluate/fidelity/judge.ts';
import type { Context, Measured } from '../experiment.ts';
import { neighbourSheet } from './neighbour-sheet.ts';

/** Training images held out, as the recipes of the set do: the classifier of the features never sees them. */
const HELD_OUT: Partial<Record<DataSetId, number>> = { fer: 3486, 'emoji-people': 1000 };
const HELD_OUT_OF_OTHERS = 5000;

async function openReference(id: DataSetId, context: Context) {
  const { backend, threads, log } = context;
  const dataset = await context.load(id, HELD_OUT[id] ?? HELD_OUT_OF_OTHERS);
  const { train, test } = dataset;
  const { space, judge } = await openJudge(dataset, { backend, threads, log });
  return {
    dataset,
    right: await space.accuracy(test),
    /** Every measure of images 0…1, [count, pixels]; and a sheet of them, beside training images where these may be shown. */
    async judge(images: Features) {
      const { frechet, shares, nearest } = await judge(images);
      const values: Record<string, Measured> = { frechet: { value: frechet }, ...shares };
      return {
        values,
        picture: neighbourSheet(images, train, mayBePassedOn(id) ? nearest.map(({ index }) => index) : []),
      };
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
