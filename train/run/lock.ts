// One process at a time on a run folder: two would write every epoch twice. What a killed one left half-written goes.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearTemporary, isOther, writing } from '../io/files.ts';

export const LOCK = 'lock';
/** What passes between a lock and the name in it, at most. */
const NAMING_MILLISECONDS = 200;

/** What `work` gives, or nothing where it fails by that code. */
function unless<T>(code: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
    return undefined;
  }
}

/** Takes a lock that nobody holds; false when there is one. */
const take = (path: string, pid: number): boolean =>
  writing(path, () =>
    unless('EEXIST', () => {
      writeFileSync(path, String(pid), { flag: 'wx' });
      return true;
    }),
  ) ?? false;

/** The process that a lock names, 0 where it names none; nothing where there is no lock. */
function holderOf(path: string): number | undefined {
  const end = Date.now() + NAMING_MILLISECONDS;
  for (;;) {
    const name = unless('ENOENT', () => readFileSync(path, 'utf8'));
    if (name !== '' || Date.now() > end) return name === undefined ? undefined : Number(name);
  }
}

/** Takes away the lock that process `pid` left; puts it back where it is another's by now. */
function clear(path: string, pid: number): void {
  const aside = `${path}.${process.pid}.tmp`;
  unless('ENOENT', () => renameSync(path, aside));
  const holder = holderOf(aside);
  if (holder !== undefined && holder !== pid) take(path, holder);
  rmSync(aside, { force: true });
}

/**
 * Takes a run folder for this process, makes it where there is none, and clears what others left half-written there.
 * @returns what gives it back. @throws Error naming the process that has it.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, LOCK);
  mkdirSync(folder, { recursive: true });
  while (!take(path, process.pid)) {
    const pid = holderOf(path);
    if (pid !== undefined && isOther(pid))
      throw new Error(`${folder}: process ${pid} is training it; if it is not, delete ${path}`);
    if (pid !== undefined) clear(path, pid);
  }
  clearTemporary(folder);
  return () => {
    if (holderOf(path) === process.pid) rmSync(path, { force: true });
  };
}
