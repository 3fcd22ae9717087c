// npm run evaluate -- [run or package] [--samples=5000] [--images=10000] [--weights=float16]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capabilitiesOf } from '../models/capabilities.ts';
import { modelCardSchema } from '../models/card-schema.ts';
import { FOLDERS } from '../models/folders.ts';
import { loadFor } from './data/registry.ts';
import { fitDirections, measureDirections } from './evaluate/directions/directions.ts';
import { type Figure, figureLine } from './evaluate/figure.ts';
import { dataSettings, findPackage, openPackage } from './evaluate/package.ts';
import { evaluateModel } from './evaluate/report.ts';
import { FAMILIES } from './families/families.ts';
import { parseArguments, requireKnown, runCommand, wholeNumber } from './io/arguments.ts';
import { writeJson } from './io/files.ts';
import { createProgress, type Effort, type MeasureOptions, measureRun } from './run/measure-run.ts';
import { listRuns } from './run/run-folder.ts';
import { chooseBackend, isCompiled } from './runner/backends.ts';

const HELP = `npm run evaluate -- [run or package] [--option=value …]

  runs/NAME or id@version; default: the newest run
  --samples=N       samples of an estimate: of the posterior for each image, or generated ones; default: as the
                    recipe of a run says; 5000 for a package
  --images=N        N test images, drawn by chance; default: as the recipe of a run says; 10000 for a package
  --card            of a package: its card says these figures from now on
  --directions      of a package: latent directions of the data set's attributes are fitted, and its card has them and
                    their effect from now on
  --weights=NAME    of a run: float32, or float16 as an export may store them
  --backend=NAME, --threads=N, --data=DIR   as for npm run train`;

const OPTIONS = ['samples', 'images', 'card', 'directions', 'weights', 'backend', 'threads', 'data'];

const PACKAGE_EFFORT = { samples: 5000, images: 10_000 };

/** Scores the graphs of a package, and shows what its card says beside it, or says it there from now on. */
async function evaluatePackage(
  folder: string,
  data: string | undefined,
  asked: Effort,
  chosen: MeasureOptions,
  write: boolean,
) {
  const options = { ...chosen, ...PACKAGE_EFFORT, ...asked };
  if (!isCompiled(options.backend))
    throw new Error(
      `--backend=${options.backend} cannot run the graphs of a package; use cpu, webgpu or cuda`,
    );
  const { card, subject: opened } = openPackage(folder);
  // A package may be of a family that is not here.
  const subject = { ...opened, measures: FAMILIES[card.family]?.measures ?? [] };
  // What judges pictures learned on the images that the model learned on, and on none besides.
  const dataset = await loadFor(dataSettings(card), { ...(data ? { dir: data } : {}), download: true });
  const progress = createProgress(Math.min(options.images, dataset.test.count));
  const figures = [
    ...(await evaluateModel(subject, dataset, {
      ...options,
      onProgress: (estimates) => void progress(estimates),
    })),
    ...(await measureDirections(subject, card.directions ?? [], dataset, options)),
  ];
  console.log(`${folder}, ${options.samples} samples an image; on the card below each figure`);
  for (const figure of figures) {
    console.log(figureLine(figure));
    const stated: Figure | undefined = card.metrics.find(({ name }) => name === figure.name);
    if (stated) console.log(figureLine({ ...stated, name: '' }));
  }
  if (!write) return;
  const metrics = card.metrics.map((stated) => figures.find(({ name }) => name === stated.name) ?? stated);
  writeJson(join(folder, 'model.json'), modelCardSchema.parse({ ...card, metrics }));
  console.log(`${folder}: these are the figures on its card now`);
}

/** Fits latent directions for the graphs of a package, shows what they do, and writes both on its card. */
async function directPackage(folder: string, data: string | undefined, options: MeasureOptions) {
  const { card, subject } = openPackage(folder);
  const dataset = await loadFor(dataSettings(card), { ...(data ? { dir: data } : {}), download: true });
  const fitted = await fitDirections(subject, dataset, options);
  if (fitted.length === 0)
    throw new Error(
      `--directions: ${folder} has no continuous latents, or ${dataset.id} no attribute to measure`,
    );
  const figures = await measureDirections(subject, fitted, dataset, options);
  for (const figure of figures) console.log(figureLine(figure));
  const others = <T extends { name: string }>(before: readonly T[], now: readonly { name: string }[]) =>
    before.filter(({ name }) => !now.some((other) => other.name === name));
  const directions = [...fitted, ...others(card.directions ?? [], fitted)];
  const metrics = [...others(card.metrics, figures), ...figures];
  const capabilities = capabilitiesOf({ ...card, directions });
  writeJson(
    join(folder, 'model.json'),
    modelCardSchema.parse({ ...card, directions, metrics, capabilities }),
  );
  console.log(`${folder}: its card has ${fitted.map(({ name }) => name).join(' and ')} now`);
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), ['card', 'directions', 'help']);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 1, OPTIONS);
  const { data, threads } = options;
  const target = positional[0] ?? listRuns()[0];
  if (!target) throw new Error('there is no run yet; train one with: npm run train');
  const { backend } = await chooseBackend(options.backend);
  const chosen: MeasureOptions = {
    backend,
    ...(threads ? { threads: wholeNumber('threads', threads) } : {}),
  };
  const asked: Effort = {
    ...(options.samples ? { samples: wholeNumber('samples', options.samples) } : {}),
    ...(options.images ? { images: wholeNumber('images', options.images) } : {}),
  };
  const weights = options.weights ?? 'float32';
  const forPackages = ['card', 'directions'].find((name) => options[name]);
  if (forPackages && existsSync(join(target, 'recipe.json')))
    throw new Error(`--${forPackages} is for packages, and ${target} is a run: its export writes the card`);
  if (existsSync(join(target, 'recipe.json'))) return measureRun(target, weights, data, asked, chosen);
  const shipped = findPackage(target);
  if (!shipped)
    throw new Error(`'${target}' is neither the folder of a run nor a package in ${FOLDERS.join(' or ')}/`);
  if (options.weights) throw new Error('--weights is for runs; a package has the weights it ships');
  if (options.directions) return directPackage(shipped, data, chosen);
  return evaluatePackage(shipped, data, asked, chosen, options.card !== undefined);
}

runCommand(main);
