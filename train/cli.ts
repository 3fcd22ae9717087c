// npm run train -- [recipe] [--setting=value …]
import { rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type DataSet, sliceImages } from './data/data-set.ts';
import { type DataSetId, loadDataSet } from './data/registry.ts';
import { FAMILIES } from './families/families.ts';
import type { Recipe } from './families/family.ts';
import { allowed, type Settings } from './families/rules.ts';
import { COMMON } from './families/settings.ts';
import { parseArguments, requireKnown, wholeNumber } from './io/arguments.ts';
import { RECIPES } from './recipes/recipes.ts';
import { chooseRun, isFinished } from './run/choose-run.ts';
import { createDisplay } from './run/display.ts';
import { createRun } from './run/run-folder.ts';
import { finishedLines, reportRun, trainRun } from './run/session.ts';
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

/** Columns of a terminal. */
const WIDTH = 100;

/** Words in lines that fit a terminal, `indent` before each. */
function wrap(words: readonly string[], indent: string): string {
  const lines = [indent];
  for (const word of words) {
    const line = lines.at(-1)!;
    if (line.length + word.length > WIDTH && line !== indent) lines.push(`${indent}${word} `);
    else lines[lines.length - 1] = `${line}${word} `;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

const describeSettings = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, rule]) => [
    `  ${name} (${allowed(rule)})`,
    wrap(rule.help.split(' '), '      '),
  ]);

/** The recipes with what they state, then what may be stated: for every recipe, and for those of each family. */
const list = (): string =>
  [
    ...Object.entries(RECIPES).flatMap(([name, { family, ...stated }]) => [
      `${name} (${family})`,
      wrap(
        Object.entries(stated).map(([key, value]) => `${key}=${value}`),
        '  ',
      ),
    ]),
    '\nSettings of every recipe (--name=value overrides):',
    ...describeSettings(COMMON),
    ...Object.values(FAMILIES).flatMap(({ name, settings }) => [
      `\nSettings of the family ${name}:`,
      ...describeSettings(settings),
    ]),
  ].join('\n');

/** Images of a dry run. */
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
    console.log(`MNIST is not to be had here (${reason}), so this run learns the built-in glyphs instead.`);
    const glyphs: Recipe = { ...settings, dataset: 'glyphs', variant: 'grey' };
    return { dataset: await load(glyphs), settings: glyphs };
  }
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), FLAGS);
  const { data, backend: wanted, threads, name, ...rest } = options;
  const { resume, 'dry-run': dryRun, 'no-download': offline, list: wantsList, help, ...overrides } = rest;
  if (help) return console.log(HELP);
  if (wantsList) return console.log(list());
  requireKnown(positional, {}, 1, []);
  const limit = threads ? { threads: wholeNumber('threads', threads) } : {};
  const recipeName = positional[0] ?? 'quick';
  const chosen = chooseRun(
    recipeName,
    { ...(name ? { name } : {}), resume: Boolean(resume), dryRun: Boolean(dryRun) },
    overrides,
  );
  const { folder } = chosen;
  const finish = () => {
    for (const line of finishedLines(folder)) console.log(line);
  };
  if (chosen.begun && isFinished(chosen)) {
    console.log(`${folder} is finished`);
    return finish();
  }
  const { backend, reason } = await chooseBackend(wanted ?? chosen.backend);
  console.log(`backend ${backend} (${reason})`);
  const { dataset: whole, settings } = await loadData(recipeName, chosen.settings, {
    ...(data ? { dir: data } : {}),
    download: !offline,
  });
  const dataset = dryRun ? { ...whole, train: sliceImages(whole.train, 0, DRY_RUN_IMAGES) } : whole;
  if (!chosen.begun) {
    const { id, title, terms, labelNames } = dataset;
    const { width, height, channels } = dataset.train;
    createRun(folder, {
      recipe: recipeName,
      settings,
      backend,
      image: { width, height, channels },
      dataset: { id, title, terms, images: dataset.train.count, ...(labelNames ? { labelNames } : {}) },
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
  const runner = { backend, ...limit, display };
  const progress = await trainRun(folder, dataset, { ...runner, shouldStop: () => stop });
  if (progress.epoch < settings.epochs)
    console.log(
      `stopped after epoch ${progress.epoch}; go on with: npm run train -- ${recipeName} --name=${basename(folder)} --resume`,
    );
  else if (dryRun) {
    await reportRun(folder, dataset, { backend, ...limit });
    rmSync(dirname(folder), { recursive: true });
    console.log('dry run: everything works');
  } else finish();
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
