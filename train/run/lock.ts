// One process at a time on a run folder: two would write every epoch twice. What a killed one left half-written goes.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'lock';
/** Names that `writeAtomically` gives to files that are not whole yet. */
const TEMPORARY = /\.\d+\.tmp$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else's is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes a lock that nobody holds; false when there is one. */
function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Takes a run folder for this process, and clears what another left half-written there.
 * @returns what gives it back. @throws Error naming the process that has it.
 */
export function lockRun(folder: string): () => void {
  const path = join(folder, LOCK);
  if (!take(path)) {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0 && pid !== process.pid && isAlive(pid))
      throw new Error(`${folder}: process ${pid} is training it; if it is not, delete ${path}`);
    rmSync(path, { force: true });
    if (!take(path)) throw new Error(`${folder}: another process has just begun to train it`);
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (TEMPORARY.test(name)) rmSync(join(folder, name), { force: true });
  return () => rmSync(path, { force: true });
}
