// npm run export -- [run or package] [--id=my-model] [--weights=float16] [--anomaly=10000]
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard } from '../models/card.ts';
import { findPackage } from '../train/evaluate/package.ts';
import { readCard } from '../train/evaluate/read-card.ts';
import { familyOf } from '../train/families/families.ts';
import { parseArguments, requireKnown, wholeNumber } from '../train/io/arguments.ts';
import { openRun } from '../train/run/open-run.ts';
import { readReport } from '../train/run/report.ts';
import { listRuns } from '../train/run/run-folder.ts';
import { calibrate, trainingImages } from './calibrate.ts';
import { type ExportOptions, exportRun } from './package.ts';
import { publishModels } from './publish.ts';

const OUT = 'models';
const DIST = 'dist/models';
/** Training images whose scores an image is compared with. */
const ANOMALY_IMAGES = '10000';
const OPTIONS = ['id', 'weights', 'title', 'description', 'out', 'anomaly', 'data'];

const HELP = `npm run export -- [run or package] [--option=value …]

  runs/NAME         becomes a package: graphs, card, preview, all of it proved; default: the newest run
  id@version        a package that is there learns its anomaly scores anew: its card changes, no pixel does
  --anomaly=N       the first N training images, whose scores POST /anomaly compares others with; default ${ANOMALY_IMAGES}
  --data=DIR        search this folder for them first
  --out=DIR         folder of all packages; default ${OUT}
  --id=NAME, --title=TEXT, --description=TEXT   of a run: what its card says
  --weights=NAME    of a run: float32 (default) or float16`;

const nameOf = ({ id, version }: ModelCard) => `${id}@${version}`;

function describeCalibration({ anomaly }: ModelCard): string {
  const { levels, quantiles, split } = anomaly!;
  const median = (name: 'score' | 'excess') => quantiles[name][levels.indexOf(0.5)]!.toFixed(2);
  return `anomaly scores of ${split}: median ${median('score')} nats, excess ${median('excess')}`;
}

/** Writes the package of a run. */
async function exportFrom(
  folder: string,
  options: Partial<ExportOptions> & Pick<ExportOptions, 'out' | 'weights'>,
): Promise<{ folder: string; card: ModelCard }> {
  const run = { ...openRun(folder, { finished: true }), report: readReport(folder) };
  const { recipe, dataset } = run.record;
  const { kind, sentence } = familyOf(run.settings).describe(run.settings);
  const exported = await exportRun(run, {
    id: recipe === 'quick' ? 'my-vae' : recipe,
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

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), ['help']);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 1, OPTIONS);
  const { weights = 'float32', out = OUT, anomaly = ANOMALY_IMAGES, data, ...words } = options;
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const images = wholeNumber('anomaly', anomaly);
  const target = positional[0] ?? listRuns()[0];
  if (!target) throw new Error('there is no run yet; train one with: npm run train');
  const shipped = existsSync(join(target, 'recipe.json')) ? undefined : findPackage(target, out);
  const learn = async (folder: string): Promise<string> =>
    describeCalibration(await calibrate(folder, (card) => trainingImages(card, { images, data })));
  let name: string;
  if (shipped) {
    // A package as it is: its card alone is written anew.
    const foreign = Object.keys(options).find((key) => !['out', 'anomaly', 'data'].includes(key));
    if (foreign)
      throw new Error(`--${foreign} is for runs; ${shipped} stays what it is but for its anomaly scores`);
    console.log(`${shipped}: ${await learn(shipped)}`);
    name = nameOf(readCard(shipped));
  } else {
    const exported = await exportFrom(target, { out, weights, ...words });
    // A model is served without anomaly scores where its data are not to be had.
    console.log(
      await learn(exported.folder).catch((error: Error) => `without anomaly scores: ${error.message}`),
    );
    name = nameOf(exported.card);
  }
  if (out === OUT && existsSync('dist')) await publishModels(OUT, DIST);
  console.log(
    `serve it with npm start, then open http://localhost:8787/generate/${name}.png?seed=7&n=16&scale=4`,
  );
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
