// Checkpoints: everything that training needs to go on, in one safetensors file.

import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import type { TrainingState } from './step.ts';
import { flatten, unflatten } from './step.ts';

/**
 * Where a run stands between two epochs; `best` is the measure that chooses, of the best epoch so far, with its sign
 * turned where less is better.
 */
export type Progress = { epoch: number; step: number; best: number };

export const NO_PROGRESS: Progress = { epoch: 0, step: 0, best: Number.NEGATIVE_INFINITY };

export const LAST = 'last.safetensors';
export const BEST = 'best.safetensors';

export const writeCheckpoint = (path: string, weights: TrainingState, progress: Progress): void =>
  writeSafetensors(path, flatten(weights), {
    epoch: String(progress.epoch),
    step: String(progress.step),
    best: String(progress.best),
  });

/** @throws Error naming the file and the rule, when it is missing or damaged. */
export function readCheckpoint(path: string): { weights: TrainingState; progress: Progress } {
  const { tensors, metadata } = readSafetensors(path);
  const progress = {
    epoch: Number(metadata.epoch),
    step: Number(metadata.step),
    best: metadata.best === '-Infinity' ? Number.NEGATIVE_INFINITY : Number(metadata.best),
  };
  if (!Number.isInteger(progress.epoch) || Number.isNaN(progress.best))
    throw new Error(`${path}: metadata name no epoch: not a checkpoint of dreamlet`);
  return { weights: unflatten(tensors), progress };
}
