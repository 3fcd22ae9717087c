// One training session on a run folder: start or go on, save after each epoch, stop cleanly when asked to.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { encodePng } from '../../core/image/png.ts';
import type { DataSet } from '../data/data-set.ts';
import { reportOn } from '../evaluate/report.ts';
import { build } from '../families/families.ts';
import type { Recipe } from '../families/family.ts';
import { Diverged } from '../fit.ts';
import { writeAtomically } from '../io/files.ts';
import {
  BEST,
  LAST,
  NO_PROGRESS,
  type Progress,
  readCheckpoint,
  writeCheckpoint,
} from '../runner/checkpoint.ts';
import type { RunOptions } from '../runner/rows.ts';
import { type Curves, curvesSvg } from './curves.ts';
import { curvesPicture } from './curves-picture.ts';
import type { Display } from './display.ts';
import { epochOf, isDone } from './done.ts';
import { openRun } from './open-run.ts';
import { writeReport } from './report.ts';
import { appendMetrics, type EpochMetrics, readMetrics, readRunRecord, trimMetrics } from './run-folder.ts';
import { createSheetWriter } from './sheets.ts';
import { factsOf, initialWeights, trainRecipe } from './train.ts';

const words = (values: Record<string, number>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value.toFixed(2)}`)
    .join(', ');

/** `epoch    3  train loss 104.20  validation bound -103.10, elbo -103.50  best  9000 images/s`. */
function epochLine({ epoch, train, validation, imagesPerSecond }: EpochMetrics, isBest: boolean): string {
  const losses = Object.fromEntries(Object.entries(train).filter(([name]) => name.endsWith('loss')));
  const said = Object.keys(validation).length > 0 ? `  validation ${words(validation)}` : '';
  return `epoch ${String(epoch).padStart(4)}  train ${words(losses)}${said}${isBest ? '  best' : ''}  ${imagesPerSecond.toFixed(0)} images/s`;
}

/**
 * Trains the run in `folder`, which is locked, until it is done or `shouldStop` says so; every epoch is on disk when the next begins.
 * @throws Error when training diverges, naming the last good checkpoint.
 */
export async function trainRun(
  folder: string,
  dataset: DataSet,
  options: RunOptions & { display: Display; shouldStop(): boolean },
): Promise<Progress> {
  const { settings } = readRunRecord(folder);
  const last = join(folder, LAST);
  const resumed = existsSync(last);
  const start = resumed
    ? readCheckpoint(last)
    : {
        weights: initialWeights(settings, dataset),
        progress: NO_PROGRESS,
      };
  trimMetrics(folder, start.progress.epoch);
  const { display } = options;
  const { model, settle, flaw } = build(settings, factsOf(dataset));
  const like = settle(start.weights);
  const sheets = await createSheetWriter(folder, model, like, dataset.validation, options);
  let best = epochOf(folder, BEST);
  let done = false;
  try {
    return await trainRecipe(settings, dataset, start, options, {
      onStep: display.step,
      shouldStop: () => options.shouldStop() || done,
      async onEpoch(metrics, progress, weights, isBest) {
        appendMetrics(folder, metrics);
        if (isBest) {
          writeCheckpoint(join(folder, BEST), weights, progress);
          best = metrics.epoch;
        }
        writeCheckpoint(last, weights, progress);
        done = isDone(settings, metrics.epoch, best);
        const settled = settle(weights);
        await sheets.epoch(metrics.epoch, settled);
        if (done) await sheets.interpolation(settled);
        writeAtomically(join(folder, 'curves.svg'), curvesSvg([curvesOf(folder)]));
        display.line(epochLine(metrics, isBest));
        const wrong = flaw?.(metrics.validation);
        if (wrong) display.line(wrong);
      },
    });
  } catch (error) {
    if (!(error instanceof Diverged)) throw error;
    const good = existsSync(last)
      ? `the last good checkpoint is ${last}, after epoch ${readCheckpoint(last).progress.epoch}`
      : 'no epoch was finished, so there is no checkpoint';
    throw new Error(`${error.message}; ${good}; a smaller --learningRate usually helps`, {
      cause: error,
    });
  } finally {
    await sheets.release();
    const curves = curvesOf(folder);
    if (curves.metrics.length > 0)
      writeAtomically(join(folder, 'curves.png'), encodePng(curvesPicture([curves])));
  }
}

/** What metrics.jsonl says so far. */
export const curvesOf = (folder: string): Curves => ({
  name: basename(folder),
  metrics: readMetrics(folder),
});

/** Samples and test images that the recipe asks for; families without such settings are measured on all there is. */
export const effortOf = ({ evaluateSamples = 10_000, evaluateImages = 10_000 }: Recipe, test: number) => ({
  samples: Number(evaluateSamples),
  images: Math.min(Number(evaluateImages), test),
});

/** Scores the best checkpoint of a finished run on the test set, and writes its report. */
export async function reportRun(folder: string, dataset: DataSet, options: RunOptions): Promise<void> {
  const run = openRun(folder, { finished: true });
  const { samples, images } = effortOf(run.settings, dataset.test.count);
  const said = await reportOn(run, dataset, { ...options, samples, images });
  writeReport(folder, { weights: 'float32', epoch: run.best.epoch, samples, images, ...said });
}

/** What was measured after the best epoch of a finished run, and what chose it. */
export function bestMetrics(folder: string) {
  const { best, select } = openRun(folder, { finished: true });
  const { epoch, validation } = readMetrics(folder).findLast((one) => one.epoch === best.epoch)!;
  return { epoch, validation, select };
}

/**
 * What a finished run says of itself: its best checkpoint by the validation images. Test figures are for
 * `npm run evaluate` alone, so that nothing is chosen by them.
 */
export function finishedLines(folder: string): string[] {
  const { epoch, validation } = bestMetrics(folder);
  return [
    `best checkpoint: epoch ${epoch}, validation ${words(validation)}`,
    `next: npm run evaluate -- ${folder}, for its test figures, and npm run export -- ${folder}`,
  ];
}
