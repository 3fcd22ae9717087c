// When a run has come to its end.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipe } from '../families/family.ts';
import { BEST, LAST, readCheckpoint } from '../runner/checkpoint.ts';

/** All epochs are done, or `patience` of them in a row were no better than the best one. */
export const isDone = (
  { epochs, patience }: Pick<Recipe, 'epochs' | 'patience'>,
  epoch: number,
  best: number | undefined,
): boolean => epoch >= epochs || (patience > 0 && best !== undefined && epoch - best >= patience);

/** The epoch of a checkpoint of a run, counted from 1; nothing where there is none yet. */
export function epochOf(folder: string, checkpoint: typeof BEST | typeof LAST): number | undefined {
  const path = join(folder, checkpoint);
  return existsSync(path) ? readCheckpoint(path).progress.epoch : undefined;
}

/** Whether nothing is left to train. */
export function isFinished({ folder, settings }: { folder: string; settings: Recipe }): boolean {
  const last = epochOf(folder, LAST);
  return last !== undefined && isDone(settings, last, epochOf(folder, BEST));
}
