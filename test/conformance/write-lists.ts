// Writes the lists of node-tests.test.ts as the engine answers today: a difference is to be looked at before it is kept.
import { renameSync, writeFileSync } from 'node:fs';
import { findArchive, readArchive } from './archive.ts';
import { judge } from './verdict.ts';

const archive = findArchive();
if ('missing' in archive) throw new Error(`conformance: ${archive.missing}`);
const right: string[] = [];
const declined: Record<string, string> = {};
const wrong: string[] = [];
for (const one of readArchive(archive.path)) {
  const verdict = await judge(one, 'fed');
  if (verdict === 'right') right.push(one.name);
  else if (verdict.startsWith('declined: ')) declined[one.name] = verdict.slice(10);
  else wrong.push(one.name);
}
for (const [name, list] of Object.entries({ right, declined, wrong })) {
  const path = `test/conformance/${name}.json`;
  writeFileSync(`${path}.new`, `${JSON.stringify(list, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}
console.log(`${right.length} right, ${Object.keys(declined).length} declined, ${wrong.length} wrong`);
