// npm run export -- [run or package] [--id=my-model] [--weights=float16] [--anomaly=10000]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../models/card.ts';
import { FOLDERS, OWN } from '../models/folders.ts';
import { nameOf } from '../models/model-id.ts';
import { USES, type Use } from '../models/use.ts';
import { dataSettings, findPackage } from '../train/evaluate/package.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { familyOf } from '../train/families/families.ts';
import type { Recipe } from '../train/families/family.ts';
import { parseArguments, requireKnown, runCommand, wholeNumber } from '../train/io/arguments.ts';
import { measureRun } from '../train/run/measure-run.ts';
import { openRun } from '../train/run/open-run.ts';
import { readReport } from '../train/run/report.ts';
import { listRuns, readRunRecord } from '../train/run/run-folder.ts';
import { drawFromCodes } from './aggregate.ts';
import { calibrate, heldOutImages } from './calibrate.ts';
import { addEncoded } from './encoded.ts';
import { type ExportOptions, exportRun } from './package.ts';
import { publishModels } from './publish.ts';
import { readLayersModel } from './tfjs/layers.ts';
import { exportGenerator } from './tfjs/package.ts';

const DIST = 'dist/models';
/** Validation images whose scores an image is compared with, and test images that tell how often it is called unusual. */
const ANOMALY_IMAGES = '10000';
/** Test images that the page shows on the plane of a model's latents. */
const ENCODED_IMAGES = 1000;
const OPTIONS = ['draw', 'encoded', 'id', 'weights', 'title', 'description', 'out', 'use', 'anomaly', 'data'];
/** Of packages: all else is for runs. */
const PACKAGE_OPTIONS = ['draw', 'encoded', 'out', 'anomaly', 'data'];
const GENERATOR_OPTIONS = [
  'tfjs',
  'id',
  'title',
  'description',
  'out',
  'latent',
  'range',
  'dataset',
  'terms',
  'use',
];

const HELP = `npm run export -- [run or package] [--option=value …]

  runs/NAME         becomes a package: graphs, card, preview, all of it proved; default: the newest run
  id@version        a package that is there learns its anomaly scores anew: its card changes, no pixel does
  --encoded         of a package: where it encodes ${ENCODED_IMAGES} test images, drawn by chance, for the page, in place of that
  --draw=codes      of a package: its next version draws from where the codes of its training images are, if that is much
                    nearer to validation images than N(0, I)
  --anomaly=N       the first N validation images, whose scores POST /anomaly compares others with, and as many test images, drawn by chance; default ${ANOMALY_IMAGES}
  --data=DIR        search this folder for them first
  --out=DIR         where packages are looked for and new ones go; default ${OWN}
  --id=NAME, --title=TEXT, --description=TEXT   of a run: what its card says
  --weights=NAME    of a run: float32 (default) or float16
  --use=NAME        what it may be used for: ${USES.join(', ')}; default what is known of its data set. npm run deploy takes commercial

  --tfjs=model.json --id=NAME   a generator saved by TensorFlow.js's Layers API: a latent [batch, n] in, an image out
  --latent=NAME     what its latents are drawn from: gaussian (default), or uniform in −1…1
  --range=LOW,HIGH  its smallest and largest pixel; default 0,1, of a tanh -1,1
  --dataset=TEXT, --terms=TEXT   what it was trained on, and under which terms`;

/** @throws Error naming the value, unless it is a use. */
function readUse(use: string | undefined): Use | undefined {
  const known = USES.find((one) => one === use);
  if (use !== undefined && !known)
    throw new Error(`--use=${use} is not allowed; give one of ${USES.join(', ')}`);
  return known;
}

function describeCalibration({ anomaly }: ModelCard): string {
  const { levels, quantiles, split, falseAlarms } = anomaly!;
  const median = (name: 'score' | 'excess') => quantiles[name][levels.indexOf(0.5)]!.toFixed(2);
  const reached = falseAlarms.reached.map(
    ({ rate, share, interval }) =>
      `${(100 * share).toFixed(1)} % (${interval.map((end) => (100 * end).toFixed(1)).join(' to ')}) where ${100 * rate} % were asked for`,
  );
  return `anomaly scores of ${split}: median ${median('score')} nats, excess ${median('excess')}; false alarms, ${falseAlarms.split}: ${reached.join(', ')}`;
}

/** Writes the package of a run. */
async function exportFrom(
  folder: string,
  options: Partial<ExportOptions> & Pick<ExportOptions, 'out' | 'weights'>,
  data: string | undefined,
): Promise<{ folder: string; card: ModelCard }> {
  const opened = openRun(folder, { finished: true });
  if (!readReport(folder)) {
    console.log(`${folder} was not measured yet; its figures of the test set are made now`);
    await measureRun(folder, options.weights, data, {}, { backend: 'cpu' });
  }
  const run = { ...opened, report: readReport(folder) };
  const { recipe, dataset } = run.record;
  const { kind, sentence } = familyOf(run.settings).describe(run.settings);
  const exported = await exportRun(run, {
    // What ships keeps its names.
    id: `my-${recipe === 'quick' ? 'vae' : recipe}`,
    title: `${dataset.title}, ${kind}`,
    description: sentence,
    ...options,
  });
  const bytes = exported.card.files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(
    exported.created
      ? `${exported.folder}: ${(bytes / 1e6).toFixed(2)} MB, parity within ${exported.card.parity.maxAbsDifference.toExponential(1)}`
      : `${exported.folder} holds the same model already; its card was written anew`,
  );
  return exported;
}

/** Writes the package of a generator of TensorFlow.js. */
async function exportLayers(options: Record<string, string>): Promise<string> {
  const { tfjs, id, out = OWN, latent = 'gaussian', range = '0,1', dataset = 'not stated' } = options;
  if (!id) throw new Error('--tfjs needs the name of the package: --id=my-model');
  if (latent !== 'gaussian' && latent !== 'uniform')
    throw new Error(`--latent=${latent} is not allowed; give gaussian or uniform`);
  const [low, high, ...rest] = range.split(',').map(Number);
  if (!(low! < high!) || rest.length > 0)
    throw new Error(`--range=${range} is not allowed; give the smallest and the largest pixel, like -1,1`);
  const { folder, card } = await exportGenerator(await readLayersModel(tfjs!), {
    out,
    id,
    latent,
    range: [low!, high!],
    dataset,
    title: options.title ?? id,
    description: options.description ?? 'A generator made with TensorFlow.js.',
    terms: options.terms ?? 'not stated',
    use: readUse(options.use) ?? 'unknown',
  });
  console.log(`${folder}: parity within ${card.parity.maxAbsDifference.toExponential(1)}`);
  return nameOf(card);
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), ['help', 'encoded']);
  if (options.help) return console.log(HELP);
  if (options.tfjs) {
    requireKnown(positional, options, 0, GENERATOR_OPTIONS);
    return finish(await exportLayers(options));
  }
  requireKnown(positional, options, 1, OPTIONS);
  const { weights = 'float32', out = OWN, anomaly = ANOMALY_IMAGES, data, use: said, ...words } = options;
  const use = readUse(said);
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const images = wholeNumber('anomaly', anomaly);
  const target = positional[0] ?? listRuns()[0];
  if (!target) throw new Error('there is no run yet; train one with: npm run train');
  const shipped = existsSync(join(target, 'recipe.json'))
    ? undefined
    : findPackage(target, options.out ? [options.out] : FOLDERS);
  const foreign = shipped && Object.keys(options).find((key) => !PACKAGE_OPTIONS.includes(key));
  if (foreign)
    throw new Error(`--${foreign} is for runs; ${shipped} stays what it is but for what its card says`);
  const learn = async (folder: string, settings?: Recipe): Promise<string> =>
    describeCalibration(
      await calibrate(folder, (card) => heldOutImages(settings ?? dataSettings(card), { images, data })),
    );
  const encode = async (folder: string, settings?: Recipe): Promise<string> => {
    const { encoded } = await addEncoded(folder, (card) =>
      heldOutImages(settings ?? dataSettings(card), { images: ENCODED_IMAGES, data }),
    );
    const percent = (100 * encoded!.explained[0] + 100 * encoded!.explained[1]).toFixed(1);
    return `where it encodes ${encoded!.split}: their plane shows ${percent} % of how they differ`;
  };
  let name: string;
  if (options.encoded !== undefined) {
    if (!shipped) throw new Error(`--encoded is for packages, and ${target} is none; a run's export does it`);
    console.log(`${shipped}: ${await encode(shipped)}`);
    name = nameOf(readCard(shipped));
  } else if (options.draw) {
    if (options.draw !== 'codes') throw new Error(`--draw=${options.draw} is not allowed; give codes`);
    if (!shipped) throw new Error(`--draw=codes is for packages, and ${target} is none`);
    name = nameOf(await drawFromCodes(shipped, data));
  } else if (shipped) {
    // A package as it is: its card alone is written anew.
    console.log(`${shipped}: ${await learn(shipped)}`);
    name = nameOf(readCard(shipped));
  } else {
    const exported = await exportFrom(target, { out, weights, ...(use ? { use } : {}), ...words }, data);
    // A model is served without anomaly scores where its data are not to be had.
    const { settings } = readRunRecord(target);
    for (const [what, add] of [
      ['anomaly scores', learn],
      ['encoded images', encode],
    ] as const)
      console.log(
        await add(exported.folder, settings).catch((error: Error) => `without ${what}: ${error.message}`),
      );
    name = nameOf(exported.card);
  }
  await finish(name);
}

async function finish(name: string): Promise<void> {
  if (existsSync('dist')) await publishModels(FOLDERS, DIST);
  console.log(
    `serve it with npm start, then open http://localhost:8787/generate/${name}.png?seed=7&n=16&scale=4`,
  );
}

runCommand(main);
