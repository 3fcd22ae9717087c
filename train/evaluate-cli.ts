// npm run evaluate -- [run or package] [--samples=5000] [--images=10000] [--weights=float16]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type DataSetId, loadDataSet } from './data/registry.ts';
import { measureDirections } from './evaluate/directions/directions.ts';
import { type Figure, figureLine } from './evaluate/figure.ts';
import { findPackage, openPackage } from './evaluate/package.ts';
import { evaluateModel, reportOn, storedWeights } from './evaluate/report.ts';
import { densityOf, type EvaluateOptions } from './evaluate/subject.ts';
import { FAMILIES } from './families/families.ts';
import { parseArguments, requireKnown, wholeNumber } from './io/arguments.ts';
import { readJson, writeJson } from './io/files.ts';
import { openRun } from './run/open-run.ts';
import { writeReport } from './run/report.ts';
import { listRuns } from './run/run-folder.ts';
import { effortOf } from './run/session.ts';
import { chooseBackend, isCompiled } from './runner/backends.ts';

const HELP = `npm run evaluate -- [run or package] [--option=value …]

  runs/NAME or id@version; default: the newest run
  --samples=N       samples of an estimate: of the posterior for each image, or generated ones; default: as the
                    recipe of a run says; 5000 for a package
  --images=N        the first N test images; default: as the recipe of a run says; 10000 for a package
  --weights=NAME    of a run: float32, or float16 as an export may store them
  --backend=NAME, --threads=N, --data=DIR   as for npm run train`;

const OPTIONS = ['samples', 'images', 'weights', 'backend', 'threads', 'data'];

type Options = Omit<EvaluateOptions, 'known' | 'onProgress' | 'samples' | 'images'>;
/** Samples and images that somebody asked for. */
type Effort = { samples?: number; images?: number };
const PACKAGE_EFFORT = { samples: 5000, images: 10_000 };

/** A line every few seconds. */
function createProgress(images: number): (estimates: number[]) => boolean {
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

const loadTest = (id: string, validation: number, dir: string | undefined) =>
  loadDataSet(id as DataSetId, { ...(dir ? { dir } : {}), validation, download: true });

type Partial = { samples: number; weights: string; epoch: number; estimates: number[] };

/** Scores the best checkpoint of a run and writes its report. */
async function evaluateRun(
  folder: string,
  weights: string,
  data: string | undefined,
  asked: Effort,
  chosen: Options,
) {
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const run = openRun(folder);
  const dataset = await loadTest(run.settings.dataset, run.settings.validation, data);
  // Estimates are kept image by image, so that a long evaluation goes on where it stopped.
  const partial = join(folder, 'evaluation.json');
  const epoch = run.best.epoch;
  const { samples, images: wanted } = { ...effortOf(run.settings, dataset.test.count), ...asked };
  const images = Math.min(wanted, dataset.test.count);
  const options = { ...chosen, samples, images };
  const before = existsSync(partial) ? (readJson(partial) as Partial) : undefined;
  const same = before?.samples === samples && before.weights === weights && before.epoch === epoch;
  const progress = createProgress(images);
  const said = await reportOn(
    { ...run, params: storedWeights(run.params, weights), state: storedWeights(run.state, weights) },
    dataset,
    {
      ...options,
      ...(same ? { known: before.estimates } : {}),
      onProgress(estimates) {
        if (progress(estimates)) writeJson(partial, { samples, weights, epoch, estimates } satisfies Partial);
      },
    },
  );
  writeReport(folder, { weights, epoch, samples, images, ...said });
  console.log(`${folder}, epoch ${epoch}, ${weights} weights`);
  for (const figure of said.figures) console.log(figureLine(figure));
}

/** Scores the graphs of a package, and shows what its card says beside it. */
async function evaluatePackage(folder: string, data: string | undefined, asked: Effort, chosen: Options) {
  const options = { ...chosen, ...PACKAGE_EFFORT, ...asked };
  if (!isCompiled(options.backend))
    throw new Error(
      `--backend=${options.backend} cannot run the graphs of a package; use cpu, webgpu or cuda`,
    );
  const { card, subject: opened } = openPackage(folder);
  // A package may be of a family that is not here.
  const subject = { ...opened, measures: FAMILIES[card.family]?.measures ?? [] };
  const density = densityOf(subject);
  const dataset = await loadTest(card.dataset.id, 1, data);
  const progress = createProgress(Math.min(options.images, dataset.test.count));
  const figures = [
    ...(await evaluateModel(subject, dataset, {
      ...options,
      onProgress: (estimates) => void progress(estimates),
    })),
    ...(density ? await measureDirections(density, card.directions ?? [], dataset, options) : []),
  ];
  console.log(`${folder}, ${options.samples} samples an image; on the card below each figure`);
  for (const figure of figures) {
    console.log(figureLine(figure));
    const stated: Figure | undefined = card.metrics.find(({ name }) => name === figure.name);
    if (stated) console.log(figureLine({ ...stated, name: '' }));
  }
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), ['help']);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 1, OPTIONS);
  const { data, threads } = options;
  const target = positional[0] ?? listRuns()[0];
  if (!target) throw new Error('there is no run yet; train one with: npm run train');
  const { backend } = await chooseBackend(options.backend);
  const chosen: Options = {
    backend,
    ...(threads ? { threads: wholeNumber('threads', threads) } : {}),
  };
  const asked: Effort = {
    ...(options.samples ? { samples: wholeNumber('samples', options.samples) } : {}),
    ...(options.images ? { images: wholeNumber('images', options.images) } : {}),
  };
  const weights = options.weights ?? 'float32';
  if (existsSync(join(target, 'recipe.json'))) return evaluateRun(target, weights, data, asked, chosen);
  const shipped = findPackage(target);
  if (!shipped) throw new Error(`'${target}' is neither the folder of a run nor a package in models/`);
  if (options.weights) throw new Error('--weights is for runs; a package has the weights it ships');
  return evaluatePackage(shipped, data, asked, chosen);
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
