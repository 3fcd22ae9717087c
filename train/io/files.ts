// Files that appear whole or not at all.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Does what writes `path`. @throws Error naming the file, where the disk is full or refuses. */
export function writing<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOSPC' ? 'the disk is full' : message;
    throw new Error(`${path} cannot be written: ${reason}`, { cause: error });
  }
}

/**
 * Writes to a temporary name beside `path`, then renames: a reader never sees half a file.
 * @throws Error naming the file, where the disk is full or refuses; what was there stays.
 */
export function writeAtomically(path: string, bytes: Uint8Array | string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(temporary, bytes);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

export const writeJson = (path: string, value: unknown): void =>
  writeAtomically(path, `${JSON.stringify(value, null, 2)}\n`);

/** @throws Error naming the file, when it is not JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : error}: truncated or damaged`);
  }
}
