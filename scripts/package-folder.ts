// What the packages that are built from this repository have in common: a bundle of one entry, and a complete folder.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

export const bundleFile = (entry: string, outfile: string, minify: boolean) =>
  build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });

type Manifest = { name: string; description: string; exports: object; files: string[] };

/** Begins the folder of a package: manifest, licence, and the README of `source`. */
export function writePackageFolder(folder: string, source: string, manifest: Manifest): void {
  mkdirSync(folder, { recursive: true });
  copyFileSync('LICENSE', join(folder, 'LICENSE'));
  copyFileSync(join(source, 'README.md'), join(folder, 'README.md'));
  const { version, license } = JSON.parse(readFileSync('package.json', 'utf8'));
  const { name, description, ...rest } = manifest;
  const whole = { name, version, description, license, type: 'module', sideEffects: false, ...rest };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(whole, null, 2)}\n`);
}
