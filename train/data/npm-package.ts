// Files out of npm packages that are data, not dependencies: fetched by `npm pack` when asked for, checked by the
// SHA-512 that npm knows them by.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { cacheFolder, findFile, searchFolders } from './files.ts';
import type { FindOptions } from './idx-file.ts';
import { readTar } from './tar.ts';

export type NpmPackage = {
  /** `@scope/name`, and the exact version. */
  name: string;
  version: string;
  /** As in a lock file: `sha512-…` of the tarball. */
  integrity: string;
};

async function fetchTarball({ name, version }: NpmPackage, file: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  try {
    const command = ['pack', `${name}@${version}`, '--pack-destination', folder, '--ignore-scripts'];
    await promisify(execFile)('npm', command, { shell: process.platform === 'win32' });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : error;
    throw new Error(`${name}@${version}: npm pack failed: ${reason}`);
  }
  return join(folder, file);
}

/**
 * The files of a package by their names in it: from the tarball `scope-name-version.tgz` in the search folders, each
 * of which may hold it itself or in a folder `set`, or from npm.
 * @throws Error naming the tarball and the rule, when it is not the pinned one, or missing and not to be had.
 */
export async function loadNpmPackage(
  wanted: NpmPackage,
  set: string,
  { dir, download }: FindOptions,
): Promise<Map<string, Uint8Array>> {
  const file = `${wanted.name.replace('@', '').replace('/', '-')}-${wanted.version}.tgz`;
  const folders = searchFolders(dir);
  let path = findFile({ name: file }, set, folders);
  if (!path && !download) throw new Error(`${set}: ${file} is in none of ${folders.join(', ')}`);
  path ??= await fetchTarball(wanted, file, join(cacheFolder(), set));
  const bytes = readFileSync(path);
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (integrity !== wanted.integrity)
    throw new Error(`${path}: ${integrity}, expected ${wanted.integrity}: corrupt; remove it and try again`);
  const files = [...readTar(gunzipSync(bytes))];
  return new Map(files.map(([name, data]) => [name.replace(/^package\//, ''), data]));
}
