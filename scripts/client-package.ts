// `npm run build:client`: the client as a package that can be published from its folder; its types are brought up to
// date with the app first.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { appDocument, clientTypes } from './client-types.ts';
import { bundleFile, writePackageFolder } from './package-folder.ts';

const SOURCE = 'client';

/** Declarations of every file, which name each other as they are packed. */
function writeDeclarations(folder: string): void {
  const options = [
    '--ignoreConfig',
    '--declaration',
    '--emitDeclarationOnly',
    '--allowImportingTsExtensions',
  ];
  const target = ['--target', 'es2022', '--module', 'esnext', '--moduleResolution', 'bundler', '--strict'];
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const files = [join(SOURCE, 'index.ts'), '--outDir', folder, '--types', 'node'];
  execFileSync(process.execPath, [tsc, ...options, ...target, ...files], { stdio: 'inherit' });
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.d.ts'))) {
    const path = join(folder, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(['"]\.\/[\w-]+)\.ts(?=['"])/g, '$1.js'));
  }
}

/** Writes the package into `folder`. */
export async function buildClient(folder: string): Promise<void> {
  writePackageFolder(folder, join(SOURCE, 'package'), {
    name: 'dreamlet-client',
    description:
      'A client of the HTTP API of dreamlet: pictures from seeds, and what images are to small models.',
    exports: { '.': { types: './index.d.ts', default: './index.js' } },
    files: ['*.js', '*.d.ts'],
  });
  await bundleFile(join(SOURCE, 'index.ts'), join(folder, 'index.js'), false);
  writeDeclarations(folder);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, text] of Object.entries(clientTypes(await appDocument())))
    writeFileSync(join(SOURCE, name), text);
  await buildClient('build/client');
}
