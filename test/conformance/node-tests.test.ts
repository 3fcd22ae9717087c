// 941 of the ONNX project's node tests in three ways, against three lists: a test that leaves its list fails the run.
// `npx tsx test/conformance/write-lists.ts` writes them anew.
import { expect, test } from 'vitest';
import { findArchive, readArchive } from './archive.ts';
import declined from './declined.json';
import right from './right.json';
import { judge, WAYS } from './verdict.ts';
import wrong from './wrong.json';

const archive = findArchive();
if ('missing' in archive) console.warn(`SKIPPED: the ONNX project's node tests: ${archive.missing}`);
const tests = 'missing' in archive ? [] : readArchive(archive.path);
const reasons: Record<string, string> = declined;

test.skipIf(tests.length === 0).each(WAYS)('%s', { timeout: 300_000 }, async (way) => {
  const found = { right: [] as string[], declined: {} as Record<string, string>, wrong: [] as string[] };
  for (const one of tests) {
    const verdict = await judge(one, way);
    if (verdict === 'right') found.right.push(one.name);
    else if (verdict.startsWith('declined: ')) found.declined[one.name] = verdict.slice(10);
    else found.wrong.push(`${one.name}: ${verdict}`);
  }
  expect(found.wrong).toEqual(wrong);
  expect(found.right).toEqual(right);
  // The reason may name an input that is fed or stored.
  if (way === 'fed') expect(found.declined).toEqual(reasons);
  else expect(Object.keys(found.declined)).toEqual(Object.keys(reasons));
});

test('every test is in one list, and none is wrong', () => {
  expect(wrong).toEqual([]);
  expect(new Set([...right, ...Object.keys(reasons)]).size).toBe(941);
});
