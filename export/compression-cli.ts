// npm run compression -- <package> …: lets packages in models/ compress, by figures of their training images.
import { existsSync } from 'node:fs';
import { FOLDERS } from '../models/folders.ts';
import { findPackage } from '../train/evaluate/package.ts';
import { parseArguments, requireKnown, runCommand } from '../train/io/arguments.ts';
import { addCompression } from './compression.ts';
import { publishModels } from './publish.ts';

const HELP = `npm run compression -- <package> …

  --data=DIR        search this folder for the training images first

Lets packages compress, by figures of their training images, which are measured once: codes depend on them.`;

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  if (options.help) return console.log(HELP);
  requireKnown(positional, options, Number.POSITIVE_INFINITY, ['data']);
  if (positional.length === 0) throw new Error('name a package, for example: mnist-vae@1');
  for (const name of positional) {
    const folder = findPackage(name);
    if (!folder) throw new Error(`there is no package '${name}' in ${FOLDERS.join(' or ')}/`);
    const { compression } = await addCompression(folder, options.data);
    const by = 'split' in compression! ? `figures of ${compression.split}` : 'frequencies of its prior';
    console.log(`${folder}: ${by}; its codes have the tag ${compression!.tag}`);
  }
  if (existsSync('dist')) await publishModels(FOLDERS, 'dist/models');
}

runCommand(main);
