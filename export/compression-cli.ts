// npm run compression -- <package> …: lets packages in models/ compress, by figures of their training images.
import { existsSync } from 'node:fs';
import { findPackage } from '../train/evaluate/package.ts';
import { parseArguments, requireKnown } from '../train/io/arguments.ts';
import { addCompression } from './compression.ts';
import { publishModels } from './publish.ts';

async function main(): Promise<void> {
  const { positional, options } = parseArguments(process.argv.slice(2), []);
  requireKnown(positional, options, Number.POSITIVE_INFINITY, ['data']);
  if (positional.length === 0) throw new Error('name a package in models/, for example: mnist-vae@1');
  for (const name of positional) {
    const folder = findPackage(name);
    if (!folder) throw new Error(`there is no package '${name}' in models/`);
    const { compression } = await addCompression(folder, options.data);
    console.log(`${folder}: figures of ${compression!.split}; its codes have the tag ${compression!.tag}`);
  }
  if (existsSync('dist')) await publishModels('models', 'dist/models');
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
