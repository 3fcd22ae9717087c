// Files that appear whole or not at all.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
  const temporary = temporaryOf(path);
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

/** What is not whole yet, beside `path`, with the process that makes it in its name. */
export const temporaryOf = (path: string): string => `${path}.${process.pid}.tmp`;

/** Whether a process lives that is not this one. */
export function isOther(pid: number): boolean {
  if (pid === process.pid || !(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes what killed processes left half-made in a folder: all of it, or what is called `name`. */
export function clearTemporary(folder: string, name?: string): void {
  for (const file of readdirSync(folder, { recursive: name === undefined, encoding: 'utf8' })) {
    const [, path, pid] = /^(.*)\.(\d+)\.tmp$/.exec(file) ?? [];
    if (pid && !isOther(Number(pid)) && (name === undefined || path === name))
      rmSync(join(folder, file), { recursive: true, force: true });
  }
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
