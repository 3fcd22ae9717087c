// npm run train -- [recipe] [--setting=value …]
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DataSet, sliceImages } from './data/data-set.ts';
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
  --resume          go on with the latest run of the recipe and these settings (or the one that --name names);
                    where there is none, begin it
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

/** What --dry-run puts over a recipe: one small step of everything. */
const DRY_RUN = {
  epochs: '1',
  klWarmupEpochs: '0',
  tightenEpochs: '0',
  batchSize: '20',
  validation: '100',
  selectSamples: '1',
  evaluateSamples: '2',
  evaluateImages: '100',
};
const DRY_RUN_IMAGES = 200;

/** The recipe's data; for `quick`, which asks for nothing, glyphs where MNIST is not to be had. */
async function loadData(
  recipeName: string,
  settings: Recipe,
  options: { dir?: string; download: boolean },
): Promise<{ dataset: DataSet; settings: Recipe }> {
  const load = (of: Recipe) =>
    loadDataSet(of.dataset as DataSetId, { ...options, validation: of.validation });
  try {
    return { dataset: await load(settings), settings };
  } catch (error) {
    if (recipeName !== 'quick' || settings.dataset !== 'mnist') throw error;
    const reason = error instanceof Error ? error.message : error;
    console.log(`MNIST is not to be had here, so this run learns the built-in glyphs instead (${reason}).`);
    const glyphs = { ...settings, dataset: 'glyphs', variant: 'grey' };
    return { dataset: await load(glyphs), settings: glyphs };
  }
}

type Chosen = { folder: string; settings: Recipe; begun: boolean };

/** The run that --resume means: the latest of the recipe with these settings, or the one with this name. */
function runToResume(recipeName: string, name: string | undefined, wanted: Recipe, given: string[]) {
  const folders = name ? [join(RUNS, name)].filter((folder) => existsSync(folder)) : listRuns(recipeName);
  for (const folder of folders) {
    const { settings } = readRunRecord(folder);
    const other = given.find(
      (key) => String(settings[key as SettingName]) !== String(wanted[key as SettingName]),
    );
    if (!other) return { folder, settings, begun: true };
    if (name)
      throw new Error(
        `${folder} began with ${other}=${settings[other as SettingName]}; a setting cannot change on the way`,
      );
  }
  const which = [name ?? recipeName, ...given.map((key) => `${key}=${wanted[key as SettingName]}`)].join(' ');
  console.log(`--resume: there is no run of ${which} under ${RUNS}/ yet, so one begins`);
  return undefined;
}

/** What a run begins with: its folder and recipe, new or found by --resume. */
function chooseRun(
  recipeName: string,
  options: { name?: string; resume: boolean; dryRun: boolean },
  overrides: Record<string, string>,
): Chosen {
  const { name, resume, dryRun } = options;
  const settings = resolveRecipe(recipeNamed(recipeName), { ...(dryRun ? DRY_RUN : {}), ...overrides });
  if (dryRun)
    return { folder: join(mkdtempSync(join(tmpdir(), 'dreamlet-')), 'run'), settings, begun: false };
  const old = resume ? runToResume(recipeName, name, settings, Object.keys(overrides)) : undefined;
  if (old) return old;
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  return { folder: join(RUNS, name ?? `${recipeName}-${stamp}`), settings, begun: false };
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), FLAGS);
  const { data, backend: wanted, threads, name, ...rest } = options;
  const { resume, 'dry-run': dryRun, 'no-download': offline, list: wantsList, help, ...overrides } = rest;
  if (help) return console.log(HELP);
  if (wantsList) return console.log(list());
  const recipeName = positional[0] ?? 'quick';
  const chosen = chooseRun(
    recipeName,
    { ...(name ? { name } : {}), resume: Boolean(resume), dryRun: Boolean(dryRun) },
    overrides,
  );
  const { backend, reason } = await chooseBackend(wanted);
  console.log(`backend ${backend} (${reason})`);
  const { dataset: whole, settings } = await loadData(recipeName, chosen.settings, {
    ...(data ? { dir: data } : {}),
    download: !offline,
  });
  const dataset = dryRun ? { ...whole, train: sliceImages(whole.train, 0, DRY_RUN_IMAGES) } : whole;
  const { folder } = chosen;
  if (!chosen.begun) {
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
  const images = `${dataset.train.count} + ${dataset.validation.count} + ${dataset.test.count}`;
  console.log(`${folder}: ${recipeName} on ${dataset.title} (${images} images), seed ${settings.seed}`);

  let stop = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stop = true;
      console.log('\nstopping after this epoch, which is then saved; once more stops at once');
    });
  const display = createDisplay(settings.epochs);
  const runner = { backend, ...(threads ? { threads: Number(threads) } : {}), display };
  const progress = await trainRun(folder, dataset, { ...runner, shouldStop: () => stop });
  if (progress.epoch < settings.epochs)
    console.log(`stopped after epoch ${progress.epoch}; go on with: npm run train -- ${recipeName} --resume`);
  else {
    await reportRun(folder, dataset, runner);
    if (dryRun) {
      rmSync(dirname(folder), { recursive: true });
      console.log('dry run: everything works');
    } else console.log(`next: npm run export -- ${folder}`);
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
