// Finds, checks and downloads the files of a data set. A file is used only after its checksum was verified.
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';

/** One file of a data set, as its makers publish it. */
export type DataFile = { name: string; bytes: number; sha256: string };

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isWhole = (bytes: Uint8Array, file: DataFile): boolean =>
  bytes.length === file.bytes && sha256(bytes) === file.sha256;

/** Where downloads are kept: `$XDG_CACHE_HOME/dreamlet`, or the platform's own place for caches. */
export function cacheFolder(env = process.env, platform = process.platform): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'dreamlet');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'dreamlet');
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'dreamlet');
  return join(homedir(), '.cache', 'dreamlet');
}

/** @throws Error naming a folder that was given to be searched and is not there. */
export function requireDataFolders(dir: string | undefined): void {
  for (const [name, folder] of [
    ['--data', dir],
    ['DREAMLET_DATA', process.env.DREAMLET_DATA],
  ])
    if (folder && !existsSync(folder)) throw new Error(`${name}=${folder}: there is no such folder`);
}

/** Folders that are searched for data, in order; each may hold the files itself or in a folder `set`. */
export const searchFolders = (dir: string | undefined): string[] =>
  [dir, process.env.DREAMLET_DATA, 'data', cacheFolder()]
    .filter((f) => f !== undefined)
    .map((f) => resolve(f));

/** The path of `file` in the first folder that has it, or nothing. */
export function findFile(
  file: Pick<DataFile, 'name'>,
  set: string,
  folders: readonly string[],
): string | undefined {
  return folders
    .flatMap((f) => [join(f, set, file.name), join(f, file.name)])
    .find((path) => existsSync(path));
}

/**
 * Reads a gzipped file whole and unpacks it.
 * @throws Error naming the file, when size or SHA-256 are not the published ones.
 */
export function readVerified(path: string, file: DataFile): Uint8Array {
  const bytes = readFileSync(path);
  if (bytes.length !== file.bytes)
    throw new Error(
      `${path}: ${bytes.length} bytes, expected ${file.bytes}: truncated or corrupt; remove it and try again`,
    );
  const actual = sha256(bytes);
  if (actual !== file.sha256)
    throw new Error(`${path}: SHA-256 ${actual}, expected ${file.sha256}: corrupt; remove it and try again`);
  return gunzipSync(bytes);
}

/** Longest silence of a mirror. */
const STALL_MILLISECONDS = 20_000;

/** Fetches the rest of the file `part` from one address; a server that ignores the range starts it again. */
export async function fetchRest(url: string, part: string): Promise<void> {
  const have = existsSync(part) ? statSync(part).size : 0;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), STALL_MILLISECONDS);
  try {
    const response = await fetch(url, {
      signal: abort.signal,
      headers: have > 0 ? { Range: `bytes=${have}-` } : {},
    });
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    const body = Readable.fromWeb(response.body as never);
    body.on('data', () => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), STALL_MILLISECONDS);
    });
    await pipeline(body, createWriteStream(part, { flags: response.status === 206 ? 'a' : 'w' }));
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` hides behind "fetch failed" what went wrong. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}

/**
 * Downloads `file` into `folder` from the first mirror that has it; a download that broke off goes on where it
 * stopped. The file appears under its name only after its checksum was verified.
 * @throws Error naming every mirror and what it answered.
 */
export async function download(file: DataFile, mirrors: readonly string[], folder: string): Promise<string> {
  const path = join(folder, file.name);
  const part = `${path}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const failures: string[] = [];
  // Bytes beyond the end cannot be asked for: a part that long is the file, or nothing worth keeping.
  if (existsSync(part) && statSync(part).size >= file.bytes && !isWhole(readFileSync(part), file))
    rmSync(part);
  for (const mirror of mirrors) {
    try {
      if (!existsSync(part) || statSync(part).size < file.bytes)
        await fetchRest(new URL(file.name, mirror).href, part);
      const bytes = readFileSync(part);
      if (isWhole(bytes, file)) {
        renameSync(part, path);
        return path;
      }
      failures.push(`${mirror} (${bytes.length} bytes with the wrong checksum)`);
      rmSync(part);
    } catch (error) {
      failures.push(`${mirror} (${reasonOf(error)})`);
    }
  }
  throw new Error(`no mirror has ${file.name}: ${failures.join(', ')}`);
}
