// `npm run deploy [-- --dry-run]`: builds the site with the models that may stand on anybody's page, then deploys the
// reference engine, where it can be had, and the worker that calls it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { unstable_readConfig } from 'wrangler';
import { chooseModels, describeLeft } from '../export/choose-models.ts';
import { isAble } from '../models/able.ts';
import type { ModelCard } from '../models/card.ts';
import { runCommand } from '../train/io/arguments.ts';
import { build } from './build.ts';
import { wrangler } from './wrangler.ts';

const HELP = `npm run deploy -- [--models=a,b] [--with-research] [--without-reference] [options of wrangler deploy]

  --models=a,b         these models alone, by id or id@version; default: all that are for every use
  --with-research      also models whose terms allow research alone, or are unknown
  --without-reference  the worker alone, without onnxruntime-web beside it, which the free plan has no room for
  --dry-run            builds and bundles, and uploads nothing`;

const FLAGS = ['--with-research', '--without-reference'];
const isOurs = (word: string) => FLAGS.includes(word) || word.startsWith('--models=');

const CONFIG = 'wrangler.toml';
/** Beside the other, for its paths are from where it lies. */
const ALONE = 'wrangler.alone.toml';

/** The configuration without the binding of the reference engine. @throws Error when there is none to leave out. */
export function withoutReference(toml: string): string {
  const left = toml.replace(/^\[\[services\]\]\nbinding = "REFERENCE"\n(?:[^[\n].*\n)*/m, '');
  if (left === toml)
    throw new Error(`${CONFIG}: no [[services]] with binding = "REFERENCE" as its first line`);
  return left;
}

/** Where the model of a request that names none does not go up, another takes its place. */
function defaultModel(cards: readonly ModelCard[]): string[] {
  const { vars } = unstable_readConfig({ config: CONFIG });
  const configured = String(vars.DEFAULT_MODEL ?? 'mnist-vae');
  const generators = cards.filter((card) => isAble(card, 'generate'));
  const name = configured.split('@')[0];
  const first = generators[0]?.id;
  if (first === undefined || generators.some(({ id }) => id === name)) return [];
  console.log(`${configured} does not go up; a request that names no model is answered by ${first}`);
  return ['--var', `DEFAULT_MODEL:${first}`];
}

function deployAlone(words: readonly string[]): boolean {
  writeFileSync(ALONE, withoutReference(readFileSync(CONFIG, 'utf8')));
  try {
    return wrangler('deploy', '-c', ALONE, ...words);
  } finally {
    rmSync(ALONE);
  }
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) return console.log(HELP);
  const models = words.findLast((word) => word.startsWith('--models='))?.slice('--models='.length);
  const cards = await build('dist', (all) => {
    const withResearch = words.includes('--with-research');
    const { kept, left } = chooseModels(all, { ...(models ? { models } : {}), withResearch });
    for (const line of describeLeft(left)) console.log(line);
    return kept;
  });
  const passed = words.filter((word) => !isOurs(word));
  const own = [...defaultModel(cards), ...passed];
  // It goes first, for a worker cannot be bound to one that is not there; but it is not needed, and blocks nothing.
  const beside =
    !words.includes('--without-reference') &&
    wrangler('deploy', '-c', 'worker/reference/wrangler.toml', ...passed);
  if (!beside)
    console.log(
      'the worker goes up without onnxruntime-web beside it: `?engine=ort`, and graphs that the engine declines, are answered 422',
    );
  if (!(beside ? wrangler('deploy', '-c', CONFIG, ...own) : deployAlone(own)))
    throw new Error('the worker did not go up; what was served stays');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) runCommand(main);
