// npm run export -- [run] [--id=my-model] [--weights=float16]
import { existsSync } from 'node:fs';
import type { Recipe } from '../train/recipes/settings.ts';
import { parseArguments, requireKnown } from '../train/run/arguments.ts';
import { openRun } from '../train/run/open-run.ts';
import { readReport } from '../train/run/report.ts';
import { listRuns } from '../train/run/run-folder.ts';
import { exportRun } from './package.ts';
import { publishModels } from './publish.ts';

const OUT = 'models';
const DIST = 'dist/models';

const KINDS: Record<string, string> = {
  mlp: 'fully connected',
  conv: 'convolutional',
  rows: 'recurrent: it draws row after row',
};

/** One sentence for people. */
function describeModel({ network, latent, topLatent, classes }: Recipe): string {
  const layers =
    topLatent > 0 ? `${topLatent} latent dimensions above ${latent}` : `${latent} latent dimensions`;
  return `Variational auto-encoder with ${layers}, ${KINDS[network]}${classes > 0 ? ', which takes a label' : ''}.`;
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  requireKnown(positional, options, 1, ['id', 'weights', 'title', 'description', 'out']);
  const { id, weights = 'float32', title, description, out = OUT } = options;
  if (weights !== 'float32' && weights !== 'float16')
    throw new Error(`--weights=${weights} is not allowed; give float32 or float16`);
  const folder = positional[0] ?? listRuns()[0];
  if (!folder) throw new Error('there is no run yet; train one with: npm run train');
  const run = { ...openRun(folder, { finished: true }), report: readReport(folder) };
  const { recipe, dataset } = run.record;
  const exported = await exportRun(run, {
    out,
    id: id ?? (recipe === 'quick' ? 'my-vae' : recipe),
    title: title ?? `${dataset.title}, ${run.settings.classes > 0 ? 'conditional ' : ''}VAE`,
    description: description ?? describeModel(run.settings),
    weights,
  });
  const name = `${exported.card.id}@${exported.card.version}`;
  const bytes = exported.card.files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(
    exported.created
      ? `${exported.folder}: ${(bytes / 1e6).toFixed(2)} MB, parity within ${exported.card.parity.maxAbsDifference.toExponential(1)}`
      : `${exported.folder} holds the same model already; its card was written anew`,
  );
  if (out === OUT && existsSync('dist')) await publishModels(OUT, DIST);
  console.log(
    `serve it with npm start, then open http://localhost:8787/generate/${name}.png?seed=7&n=16&scale=4`,
  );
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
