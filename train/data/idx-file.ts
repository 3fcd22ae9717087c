// Data files that are known by what they decode to: whoever packed them, and however, the SHA-256 of the IDX array
// says whether they are the right ones.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeAtomically } from '../io/files.ts';
import { cacheFolder, fetchRest, findFile, searchFolders, sha256 } from './files.ts';
import { encodeIdx, type Idx, parseIdx } from './idx.ts';
import { decodeMed } from './med.ts';

export type IdxFile = {
  /** Ends in `.gz` (gzip of an IDX file) or `.med.br`. */
  name: string;
  /** Of the decoded IDX bytes, header included. */
  sha256: string;
  /** Where its makers publish it, and how to make the array of what lies there. */
  original?: { url: string; toIdx(bytes: Uint8Array): Idx };
};

/** What a loader may do to find files: see `loadDataSet`. */
export type FindOptions = { dir?: string; download: boolean };

const decode = (name: string, bytes: Uint8Array): Uint8Array =>
  name.endsWith('.med.br') ? decodeMed(bytes) : gunzipSync(bytes);

function verify(bytes: Uint8Array, wanted: string, where: string): Uint8Array {
  const actual = sha256(bytes);
  if (actual !== wanted)
    throw new Error(`${where}: decodes to SHA-256 ${actual}, expected ${wanted}: not the right data`);
  return bytes;
}

async function fetchOriginal(file: IdxFile, set: string): Promise<Uint8Array> {
  const { url, toIdx } = file.original!;
  const folder = join(cacheFolder(), set);
  mkdirSync(folder, { recursive: true });
  const part = join(folder, `${file.name}.part`);
  try {
    await fetchRest(url, part);
  } catch (error) {
    throw new Error(`could not download ${url}: ${error instanceof Error ? error.message : error}`);
  }
  const fetched = readFileSync(part);
  rmSync(part);
  const bytes = verify(encodeIdx(toIdx(fetched)), file.sha256, url);
  writeAtomically(join(folder, file.name), gzipSync(bytes));
  return bytes;
}

/**
 * The array of `file` of the data set `set`: from the search folders, or from its original address.
 * @param instead What a user can do when the file has no plain address; a sentence.
 * @throws Error naming file and rule, when it is damaged, or missing and not to be had.
 */
export async function loadIdx(
  file: IdxFile,
  set: string,
  { dir, download }: FindOptions,
  instead = '',
): Promise<Idx> {
  const folders = searchFolders(dir);
  const path = findFile(file, set, folders);
  if (path) return parseIdx(verify(decode(path, readFileSync(path)), file.sha256, path), path);
  if (!file.original || !download)
    throw new Error(
      [`${set}: ${file.name} is in none of ${folders.join(', ')}`, instead].filter(Boolean).join('; '),
    );
  return parseIdx(await fetchOriginal(file, set), file.name);
}
