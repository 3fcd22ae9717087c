// Puts a folder in the place of another at once, for whoever reads there meanwhile.
import { lstatSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * `folder` becomes a link to `next`, which stays where it is, beside it; what it was before is removed. A link takes the
 * place of a link in one step; only where `folder` was none, it is away for a moment.
 */
export function swapFolder(next: string, folder: string): void {
  const before = lstatSync(folder, { throwIfNoEntry: false });
  const link = `${folder}.${process.pid}.link`;
  const old = before?.isSymbolicLink()
    ? join(dirname(folder), readlinkSync(folder))
    : `${folder}.${process.pid}.old`;
  if (before && !before.isSymbolicLink()) renameSync(folder, old);
  symlinkSync(basename(next), link, 'dir');
  renameSync(link, folder);
  if (before) rmSync(old, { recursive: true, force: true });
}
