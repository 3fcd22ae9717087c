// Opens a run for those who use what it learned: the export and the evaluation.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { HostTensors, Vae } from '../model.ts';
import { buildModel } from '../recipes/build.ts';
import type { Recipe } from '../recipes/settings.ts';
import { BEST, LAST, readCheckpoint } from './checkpoint.ts';
import type { Progress } from './loop.ts';
import { type RunRecord, readRunRecord } from './run-folder.ts';

export type OpenRun = {
  folder: string;
  record: RunRecord;
  settings: Recipe;
  model: Vae;
  /** Of the best checkpoint. */
  params: HostTensors;
  state: HostTensors;
  best: Progress;
  /** Of the last epoch. */
  last: Progress;
};

/**
 * @throws Error naming the file and the rule, when the folder is no run, has no finished epoch, is damaged, or (with
 * `finished`) has not reached the last epoch of its recipe.
 */
export function openRun(folder: string, { finished = false } = {}): OpenRun {
  const record = readRunRecord(folder);
  const { settings } = record;
  for (const file of [BEST, LAST])
    if (!existsSync(join(folder, file)))
      throw new Error(`${folder}: no ${file}: the run has not finished an epoch yet`);
  const { weights, progress: best } = readCheckpoint(join(folder, BEST));
  const { progress: last } = readCheckpoint(join(folder, LAST));
  if (finished && last.epoch < settings.epochs)
    throw new Error(
      `${folder}: stopped after epoch ${last.epoch} of ${settings.epochs}; finish it with: npm run train -- ${record.recipe} --name=${basename(folder)} --resume`,
    );
  const model = buildModel(settings, record.image);
  if (Object.keys(weights.params).length === 0)
    throw new Error(`${join(folder, BEST)}: no parameters: damaged checkpoint`);
  return {
    folder,
    record,
    settings,
    model,
    params: weights.params,
    state: weights.state,
    best,
    last,
  };
}
