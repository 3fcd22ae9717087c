// Packages as folders: their versions, and how one appears whole or not at all.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS, OWN } from '../models/folders.ts';
import { clearTemporary, temporaryOf, writeAtomically, writeJson } from '../train/io/files.ts';

export type Files = Record<string, Uint8Array>;

/** The highest version of `id` in `out`, 0 when there is none. */
export function latestVersion(out: string, id: string): number {
  if (!existsSync(out)) return 0;
  const versions = readdirSync(out)
    .map((name) => name.match(/^(.*)@(\d+)$/))
    .filter((match) => match?.[1] === id)
    .map((match) => Number(match![2]));
  return Math.max(0, ...versions);
}

/** The version of a new package of `id` in `out`: an owner's goes on where what ships has got to. */
export const nextVersion = (out: string, id: string): number =>
  1 + Math.max(...(out === OWN ? FOLDERS : [out]).map((folder) => latestVersion(folder, id)));

/** Whether a folder holds the very same files. */
export const holdsSame = (folder: string, files: Files): boolean =>
  Object.entries(files).every(([name, bytes]) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(bytes);
  });

/** Writes a package into `out/name`; nothing appears there unless all of it does. */
export function writePackage(out: string, name: string, files: Files, card: unknown): string {
  mkdirSync(out, { recursive: true });
  clearTemporary(out, `.${name}`);
  const temporary = temporaryOf(join(out, `.${name}`));
  try {
    for (const [file, bytes] of Object.entries(files)) writeAtomically(join(temporary, file), bytes);
    writeJson(join(temporary, 'model.json'), card);
    const folder = join(out, name);
    renameSync(temporary, folder);
    return folder;
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Gives the package in `folder` the file `name` and the card `next` that tells of it. A file and a card cannot change in
 * one step: between the two, where a kill may fall, the card is `without`, which tells of no such file.
 */
export function replaceFile(
  folder: string,
  name: string,
  bytes: Uint8Array,
  { without, next }: { without: unknown; next: unknown },
): void {
  const card = join(folder, 'model.json');
  writeJson(card, without);
  writeAtomically(join(folder, name), bytes);
  writeJson(card, next);
}
