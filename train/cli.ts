// npm run train -- [recipe] [--setting=value …]
import { join } from 'node:path';
import { type DataSetId, loadDataSet } from './data/registry.ts';
import { RECIPES, recipeNamed } from './recipes/recipes.ts';
import { describe, type Recipe, resolveRecipe, SETTINGS, type SettingName } from './recipes/settings.ts';
import { parseArguments } from './run/arguments.ts';
import { createDisplay } from './run/display.ts';
import { createRun, listRuns, RUNS, readRunRecord } from './run/run-folder.ts';
import { reportRun, trainRun } from './run/session.ts';
import { chooseBackend } from './runner/backends.ts';

const HELP = `npm run train -- [recipe] [--setting=value …]

  --list            the recipes and their settings
  --data=DIR        search this folder for data first
  --backend=NAME    cpu, webgpu, cuda, tfjs-node-gpu, tfjs-node or tfjs-cpu; default: the fastest that works
  --threads=N       processor threads; default: all cores
  --name=NAME       name of the run folder under runs/
  --resume          go on with the latest run of the recipe (or the one that --name names)
  --dry-run         one small full cycle, to prove that everything works
  --no-download     never fetch data

Any setting of the recipe can be overridden: npm run train -- mnist-vae --epochs=40 --seed=3`;

const FLAGS = ['list', 'help', 'resume', 'dry-run', 'no-download'];

const list = (): string =>
  [
    ...Object.entries(RECIPES).map(
      ([name, recipe]) =>
        `${name}\n  ${Object.entries(recipe)
          .map(([k, v]) => `${k}=${v}`)
          .join(' ')}`,
    ),
    '\nSettings (--name=value overrides):',
    ...(Object.keys(SETTINGS) as SettingName[]).map((name) => `  ${describe(name)}`),
  ].join('\n');

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), FLAGS);
  const { data, backend: wanted, threads, name, resume, 'no-download': offline, ...rest } = options;
  if (rest.help) return console.log(HELP);
  if (rest.list) return console.log(list());
  const recipeName = positional[0] ?? 'quick';
  const { backend, reason } = await chooseBackend(wanted);
  console.log(`backend ${backend} (${reason})`);

  let folder: string;
  let settings: Recipe;
  if (resume) {
    const found = name ? join(RUNS, name) : listRuns(recipeName)[0];
    if (!found) throw new Error(`--resume: there is no run of ${recipeName} under ${RUNS}/`);
    folder = found;
    settings = readRunRecord(folder).settings;
  } else {
    settings = resolveRecipe(recipeNamed(recipeName), rest);
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
    folder = join(RUNS, name ?? `${recipeName}-${stamp}`);
  }
  const dataset = await loadDataSet(settings.dataset as DataSetId, {
    ...(data ? { dir: data } : {}),
    validation: settings.validation,
    download: !offline,
  });
  const images = `${dataset.train.count} + ${dataset.validation.count} + ${dataset.test.count}`;
  if (!resume) {
    const { id, title, terms, labelNames } = dataset;
    const { width, height, channels } = dataset.train;
    createRun(folder, {
      recipe: recipeName,
      settings,
      backend,
      image: { width, height, channels },
      dataset: { id, title, terms, ...(labelNames ? { labelNames } : {}) },
    });
  }
  console.log(`${folder}: ${recipeName} on ${dataset.title} (${images} images), seed ${settings.seed}`);

  let stop = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop = true;
      console.log('\nstopping after this epoch; once more stops at once');
    });
  const display = createDisplay(settings.epochs, 0);
  const progress = await trainRun(folder, dataset, {
    backend,
    ...(threads ? { threads: Number(threads) } : {}),
    display,
    shouldStop: () => stop,
  });
  if (progress.epoch < settings.epochs)
    console.log(`stopped after epoch ${progress.epoch}; go on with: npm run train -- ${recipeName} --resume`);
  else
    await reportRun(folder, dataset, { backend, ...(threads ? { threads: Number(threads) } : {}), display });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
