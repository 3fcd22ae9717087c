// npm run evaluate -- [run] [--samples=5000] [--images=10000] [--weights=float16]
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DataSetId, loadDataSet } from './data/registry.ts';
import { evaluateModel, storedWeights } from './evaluate/report.ts';
import { parseArguments } from './run/arguments.ts';
import { writeJson } from './run/files.ts';
import { openRun } from './run/open-run.ts';
import { figureLine, writeReport } from './run/report.ts';
import { listRuns } from './run/run-folder.ts';
import { chooseBackend } from './runner/backends.ts';

type Partial = { samples: number; weights: string; epoch: number; estimates: number[] };

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  const folder = positional[0] ?? listRuns()[0];
  if (!folder) throw new Error('there is no run yet; train one with: npm run train');
  const weights = options.weights ?? 'float32';
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const run = openRun(folder);
  const samples = Number(options.samples ?? 5000);
  const images = Number(options.images ?? 10_000);
  for (const [name, value] of Object.entries({ samples, images }))
    if (!Number.isInteger(value) || value < 1)
      throw new Error(`--${name} must be a whole number of at least 1`);
  const { backend } = await chooseBackend(options.backend);
  const dataset = await loadDataSet(run.settings.dataset as DataSetId, {
    ...(options.data ? { dir: options.data } : {}),
    validation: run.settings.validation,
    download: true,
  });

  // Estimates are kept image by image, so that a long evaluation goes on where it stopped.
  const partial = join(folder, 'evaluation.json');
  const epoch = run.best.epoch;
  const before = existsSync(partial) ? (JSON.parse(readFileSync(partial, 'utf8')) as Partial) : undefined;
  const same = before?.samples === samples && before.weights === weights && before.epoch === epoch;
  const began = performance.now();
  let last = 0;
  const figures = await evaluateModel(
    { ...run, params: storedWeights(run.params, weights), state: storedWeights(run.state, weights) },
    dataset,
    {
      samples,
      images,
      backend,
      ...(options.threads ? { threads: Number(options.threads) } : {}),
      ...(same ? { known: before.estimates } : {}),
      onProgress(estimates) {
        const seconds = (performance.now() - began) / 1000;
        if (seconds - last < 5 && estimates.length < images) return;
        last = seconds;
        writeJson(partial, { samples, weights, epoch, estimates } satisfies Partial);
        const mean = estimates.reduce((sum, e) => sum + e / estimates.length, 0);
        console.log(
          `${estimates.length} of ${images} images, nll ${(-mean).toFixed(2)}, ${seconds.toFixed(0)} s`,
        );
      },
    },
  );
  writeReport(folder, { weights, epoch, figures });
  console.log(`${folder}, epoch ${epoch}, ${weights} weights`);
  for (const figure of figures) console.log(figureLine(figure));
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
