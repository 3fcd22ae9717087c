// `npm run deploy [-- --dry-run]`: builds the site with the models that may stand on anybody's page, then deploys the
// reference engine and the worker that calls it.
import { execFileSync } from 'node:child_process';
import { unstable_readConfig } from 'wrangler';
import { chooseModels, describeLeft } from '../export/choose-models.ts';
import { isAble } from '../models/able.ts';
import type { ModelCard } from '../models/card.ts';
import { build } from './build.ts';

const HELP = `npm run deploy -- [--models=a,b] [--with-research] [options of wrangler deploy]

  --models=a,b      these models alone, by id or id@version; default: all that are for every use
  --with-research   also models whose terms allow research alone, or are unknown
  --dry-run         builds and bundles, and uploads nothing`;

const isOurs = (word: string) => word === '--with-research' || word.startsWith('--models=');

/** Where the model of a request that names none does not go up, another takes its place. */
function defaultModel(cards: readonly ModelCard[]): string[] {
  const { vars } = unstable_readConfig({ config: 'wrangler.toml' });
  const configured = String(vars.DEFAULT_MODEL ?? 'mnist-vae');
  const generators = cards.filter((card) => isAble(card, 'generate'));
  const name = configured.split('@')[0];
  const first = generators[0]?.id;
  if (first === undefined || generators.some(({ id }) => id === name)) return [];
  console.log(`${configured} does not go up; a request that names no model is answered by ${first}`);
  return ['--var', `DEFAULT_MODEL:${first}`];
}

async function deploy(words: readonly string[]): Promise<void> {
  const models = words.findLast((word) => word.startsWith('--models='))?.slice('--models='.length);
  const withResearch = words.includes('--with-research');
  const cards = await build('dist', (all) => {
    const { kept, left } = chooseModels(all, { ...(models ? { models } : {}), withResearch });
    for (const line of describeLeft(left)) console.log(line);
    return kept;
  });
  const passed = words.filter((word) => !isOurs(word));
  for (const [config, more] of [
    ['worker/reference/wrangler.toml', []],
    ['wrangler.toml', defaultModel(cards)],
  ] as const)
    execFileSync(
      process.execPath,
      ['node_modules/wrangler/bin/wrangler.js', 'deploy', '-c', config, ...more, ...passed],
      { stdio: 'inherit' },
    );
}

const words = process.argv.slice(2);
if (words.includes('--help') || words.includes('-h')) console.log(HELP);
else
  await deploy(words).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
