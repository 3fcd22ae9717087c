// The figures of a run's best checkpoint on the test set, kept in its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadFor } from '../data/registry.ts';
import { figureLine } from '../evaluate/figure.ts';
import { reportOn, storedWeights } from '../evaluate/report.ts';
import type { EvaluateOptions } from '../evaluate/subject.ts';
import { readJson, writeJson } from '../io/files.ts';
import { openRun } from './open-run.ts';
import { writeReport } from './report.ts';
import { effortOf } from './session.ts';

export type MeasureOptions = Omit<EvaluateOptions, 'known' | 'onProgress' | 'samples' | 'images'>;
/** Samples and images that somebody asked for. */
export type Effort = { samples?: number; images?: number };

/** A line every few seconds. */
export function createProgress(images: number): (estimates: number[]) => boolean {
  const began = performance.now();
  let last = 0;
  return (estimates) => {
    const seconds = (performance.now() - began) / 1000;
    if (seconds - last < 5 && estimates.length < images) return false;
    last = seconds;
    const mean = estimates.reduce((sum, e) => sum + e / estimates.length, 0);
    console.log(
      `${estimates.length} of ${images} images, nll ${(-mean).toFixed(2)}, ${seconds.toFixed(0)} s`,
    );
    return true;
  };
}

/** `images`: how many are wanted, which says which they are. */
type Partial = { samples: number; images: number; weights: string; epoch: number; estimates: number[] };

/** Scores the best checkpoint of a run and writes its report. */
export async function measureRun(
  folder: string,
  weights: string,
  data: string | undefined,
  asked: Effort,
  chosen: MeasureOptions,
) {
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const run = openRun(folder);
  const dataset = await loadFor(run.settings, { ...(data ? { dir: data } : {}), download: true });
  // Estimates are kept image by image, so that a long evaluation goes on where it stopped.
  const partial = join(folder, 'evaluation.json');
  const epoch = run.best.epoch;
  const { samples, images: wanted } = { ...effortOf(run.settings, dataset.test.count), ...asked };
  const images = Math.min(wanted, dataset.test.count);
  const options = { ...chosen, samples, images };
  const before = existsSync(partial) ? (readJson(partial) as Partial) : undefined;
  const same =
    before?.samples === samples &&
    before.images === images &&
    before.weights === weights &&
    before.epoch === epoch;
  const progress = createProgress(images);
  const said = await reportOn(
    { ...run, params: storedWeights(run.params, weights), state: storedWeights(run.state, weights) },
    dataset,
    {
      ...options,
      ...(same ? { known: before.estimates } : {}),
      onProgress(estimates) {
        if (progress(estimates))
          writeJson(partial, { samples, images, weights, epoch, estimates } satisfies Partial);
      },
    },
  );
  writeReport(folder, { weights, epoch, samples, images, ...said });
  console.log(`${folder}, epoch ${epoch}, ${weights} weights`);
  for (const figure of said.figures) console.log(figureLine(figure));
}
