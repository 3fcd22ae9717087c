// `npm run upload -- [--bucket=NAME]`: puts the models into an R2 bucket, from which the worker serves them where one is
// bound: new models without a new deployment.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chooseModels, describeLeft } from '../export/choose-models.ts';
import type { ModelCard } from '../models/card.ts';
import { parseArguments, requireKnown, runCommand } from '../train/io/arguments.ts';
import { build } from './build.ts';
import { wrangler } from './wrangler.ts';

const BUCKET = 'dreamlet-models';

const HELP = `npm run upload -- [--bucket=${BUCKET}] [--models=a,b] [--with-research] [--dry-run]

  --bucket=NAME     the R2 bucket; make it once with: npx wrangler r2 bucket create ${BUCKET}
  --models=a,b      these models alone; default: all that are for every use. The list of models that are served
                    is that of the last upload; files of others stay in the bucket
  --with-research   also models whose terms allow research alone, or are unknown
  --local           into the bucket of this machine, which npm start serves from when one is bound
  --dry-run         says what would go up`;

const TYPES: Record<string, string> = {
  json: 'application/json',
  png: 'image/png',
  onnx: 'application/octet-stream',
};

/** Keys in the order they go up: the list of models last, so that no model is listed before its files are there. */
export const keysOf = (cards: readonly ModelCard[]): string[] => [
  ...cards.flatMap(({ id, version, files }) =>
    [...files.map(({ name }) => name), 'model.json'].map((name) => `${id}@${version}/${name}`),
  ),
  'index.json',
];

/**
 * Puts the files `keys` of `folder` into a bucket, one after another; `where` says wrangler whose it is, and without it
 * nothing goes up.
 * @throws Error naming the first that does not go up.
 */
export function upload(
  folder: string,
  keys: readonly string[],
  { bucket, where }: { bucket: string; where: readonly string[] | undefined },
): void {
  for (const [i, key] of keys.entries()) {
    const file = join(folder, key);
    console.log(`${i + 1} of ${keys.length}: ${bucket}/${key}, ${readFileSync(file).length} bytes`);
    if (!where) continue;
    const words = ['--file', file, '--content-type', TYPES[key.split('.').at(-1)!]!];
    if (!wrangler('r2', 'object', 'put', `${bucket}/${key}`, ...words, ...where))
      throw new Error(`${key} did not go up; what was served stays. Run it again once the cause is mended`);
  }
}

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), [
    'with-research',
    'dry-run',
    'local',
  ]);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, 0, ['bucket', 'models', 'with-research', 'dry-run', 'local']);
  const { bucket = BUCKET, models } = options;
  const cards = await build('dist', (all) => {
    const chosen = { ...(models ? { models } : {}), withResearch: options['with-research'] !== undefined };
    const { kept, left } = chooseModels(all, chosen);
    for (const line of describeLeft(left)) console.log(line);
    return kept;
  });
  const where = options['dry-run'] === undefined ? [options.local ? '--local' : '--remote'] : undefined;
  upload('dist/models', keysOf(cards), { bucket, where });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) runCommand(main);
