// Puts a folder in the place of another at once, for whoever reads there meanwhile.
import { lstatSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * `folder` becomes a link to `next`, `<folder>.<number>-<number>`, which stays where it is, beside it. A link takes the
 * place of a link in one step; only where `folder` was none, it is away for a moment. What it was before stays until the
 * next time, for those who are on their way into it.
 */
export function swapFolder(next: string, folder: string): void {
  const [room, name] = [dirname(folder), basename(folder)];
  const link = `${folder}.${process.pid}.link`;
  let before: string | undefined;
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there?.isSymbolicLink()) before = basename(readlinkSync(folder));
  else if (there) {
    before = `${name}.${process.pid}-0`;
    renameSync(folder, join(room, before));
  }
  symlinkSync(basename(next), link, 'dir');
  renameSync(link, folder);
  const isOurs = (one: string) => one.startsWith(`${name}.`) && /^\d+-\d+$/.test(one.slice(name.length + 1));
  for (const one of readdirSync(room))
    if (isOurs(one) && one !== basename(next) && one !== before)
      rmSync(join(room, one), { recursive: true, force: true });
}
