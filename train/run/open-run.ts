// Opens a run for those who use what it learned: the export and the evaluation.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Subject } from '../evaluate/subject.ts';
import { build, familyOf } from '../families/families.ts';
import type { Recipe, Selection } from '../families/family.ts';
import { BEST, LAST, type Progress, readCheckpoint } from '../runner/checkpoint.ts';
import { isDone } from './done.ts';
import { type RunRecord, readMetrics, readRunRecord } from './run-folder.ts';

/** The model with the weights of its best checkpoint, as its graphs take them. */
export type OpenRun = Omit<Subject, 'settings'> & {
  folder: string;
  record: RunRecord;
  settings: Recipe & Subject['settings'];
  best: Progress;
  /** Of the last epoch. */
  last: Progress;
  /** What chose the best checkpoint. */
  select: Selection;
  /** What makes the best checkpoint no model, by its validation figures. */
  flaw?: string;
};

/**
 * @throws Error naming the file and the rule, when the folder is no run, has no finished epoch, is damaged, or (with
 * `finished`) has not come to its end.
 */
export function openRun(folder: string, { finished = false } = {}): OpenRun {
  const record = readRunRecord(folder);
  const { settings } = record;
  for (const file of [BEST, LAST])
    if (!existsSync(join(folder, file)))
      throw new Error(`${folder}: no ${file}: the run has not finished an epoch yet`);
  const { weights, progress: best } = readCheckpoint(join(folder, BEST));
  const { progress: last } = readCheckpoint(join(folder, LAST));
  if (finished && !isDone(settings, last.epoch, best.epoch))
    throw new Error(
      `${folder}: stopped after epoch ${last.epoch} of ${settings.epochs}; finish it with: npm run train -- ${record.recipe} --name=${basename(folder)} --resume`,
    );
  if (Object.keys(weights.params).length === 0)
    throw new Error(`${join(folder, BEST)}: no parameters: damaged checkpoint`);
  const { image, dataset } = record;
  const { model, settle, flaw, select } = build(settings, {
    image,
    images: dataset.images,
    classes: dataset.labelNames?.length ?? 0,
  });
  const measured = flaw && readMetrics(folder).findLast(({ epoch }) => epoch === best.epoch);
  const wrong = measured && flaw?.(measured.validation);
  return {
    folder,
    record,
    settings: settings as OpenRun['settings'],
    model,
    ...settle(weights),
    measures: familyOf(settings).measures,
    best,
    last,
    select,
    ...(wrong ? { flaw: wrong } : {}),
  };
}
