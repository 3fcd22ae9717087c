// One training session on a run folder: start or go on, save after each epoch, stop cleanly when asked to.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSet } from '../data/data-set.ts';
import { reportOn } from '../evaluate/report.ts';
import { buildModel } from '../recipes/build.ts';
import type { Backend } from '../runner/backends.ts';
import { BEST, LAST, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { Display } from './display.ts';
import { initialWeights, type Progress, train } from './loop.ts';
import { openRun } from './open-run.ts';
import { figureLine, writeReport } from './report.ts';
import { appendMetrics, readRunRecord } from './run-folder.ts';
import { createSheetWriter } from './sheets.ts';

/**
 * Trains the run in `folder` until its recipe is done or `shouldStop` says so; every epoch is on disk when the
 * next begins.
 * @throws Error when training diverges, naming the last good checkpoint.
 */
export async function trainRun(
  folder: string,
  dataset: DataSet,
  options: { backend: Backend; threads?: number; display: Display; shouldStop(): boolean },
): Promise<Progress> {
  const { settings } = readRunRecord(folder);
  const last = join(folder, LAST);
  const resumed = existsSync(last);
  const start = resumed
    ? readCheckpoint(last)
    : {
        weights: initialWeights(settings, dataset),
        progress: { epoch: 0, step: 0, best: Number.NEGATIVE_INFINITY },
      };
  const { display } = options;
  const model = buildModel(settings, dataset.train);
  const sheets = await createSheetWriter(folder, model, start.weights, dataset.validation, options);
  try {
    return await train(settings, dataset, start, options, {
      onStep: display.step,
      shouldStop: options.shouldStop,
      async onEpoch(metrics, progress, weights, isBest) {
        if (isBest) writeCheckpoint(join(folder, BEST), weights, progress);
        writeCheckpoint(last, weights, progress);
        appendMetrics(folder, metrics);
        await sheets.epoch(metrics.epoch, weights);
        if (metrics.epoch === settings.epochs) await sheets.interpolation(weights);
        display.line(
          `epoch ${String(metrics.epoch).padStart(4)}  train elbo ${metrics.train.elbo!.toFixed(2)}  validation ${metrics.validation.bound.toFixed(2)} (elbo ${metrics.validation.elbo.toFixed(2)}, kl ${metrics.validation.kl.toFixed(2)})${isBest ? ' best' : ''}  ${metrics.imagesPerSecond.toFixed(0)} images/s`,
        );
      },
    });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('training diverged')) throw error;
    const good = existsSync(last)
      ? `the last good checkpoint is ${last}, after epoch ${readCheckpoint(last).progress.epoch}`
      : 'no epoch was finished, so there is no checkpoint';
    throw new Error(`${error.message}; ${good}; a smaller --learningRate usually helps`, {
      cause: error,
    });
  } finally {
    await sheets.release();
  }
}

/** Scores the best checkpoint of a finished run on the test set, and writes its report. */
export async function reportRun(
  folder: string,
  dataset: DataSet,
  options: { backend: Backend; threads?: number; display: Display },
): Promise<void> {
  const run = openRun(folder, { finished: true });
  const samples = run.settings.evaluateSamples;
  const images = Math.min(run.settings.evaluateImages, dataset.test.count);
  const said = await reportOn(run, dataset, { ...options, samples, images });
  writeReport(folder, { weights: 'float32', epoch: run.best.epoch, samples, images, ...said });
  options.display.line(`best checkpoint: epoch ${run.best.epoch}`);
  for (const figure of said.figures) options.display.line(figureLine(figure));
}
