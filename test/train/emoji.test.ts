// Emoji out of npm packages: archives, categories, how characters are dealt out; and the set itself where it is at hand.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { dealCharacters, loadEmoji } from '../../train/data/emoji/emoji.ts';
import { characterOf, readIcons } from '../../train/data/emoji/icons.ts';
import { findFile, searchFolders } from '../../train/data/files.ts';
import { loadNpmPackage } from '../../train/data/npm-package.ts';
import { readTar } from '../../train/data/tar.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-emoji-'));
afterAll(() => rmSync(root, { recursive: true }));

function tar(files: Record<string, string>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write(text.length.toString(8).padStart(11, '0'), 124);
    header.write('0', 156);
    const body = Buffer.alloc(Math.ceil(text.length / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

test('a tar archive: files of every length up to the empty blocks', () => {
  const long = 'x'.repeat(513);
  const files = readTar(tar({ 'package/a': 'one', 'package/b': long, 'package/c': '' }));
  expect([...files].map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
    ['package/a', 'one'],
    ['package/b', long],
    ['package/c', ''],
  ]);
  expect(() => readTar(tar({ a: long }).subarray(0, 1024))).toThrow(
    "tar: 'a' has size 513 at byte 0 of 1024: truncated or corrupt",
  );
});

test('a package is found by its tarball, and used only when it is the pinned one', async () => {
  const tarball = gzipSync(tar({ 'package/data.json': '[1]' }));
  writeFileSync(join(root, 'scope-data-1.0.0.tgz'), tarball);
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const wanted = { name: '@scope/data', version: '1.0.0', integrity };
  const options = { dir: root, download: false };
  const files = await loadNpmPackage(wanted, 'emoji', options);
  expect([...files.keys()]).toEqual(['data.json']);
  await expect(loadNpmPackage({ ...wanted, integrity: 'sha512-other' }, 'emoji', options)).rejects.toThrow(
    `${integrity}, expected sha512-other: corrupt; remove it and try again`,
  );
  await expect(loadNpmPackage({ ...wanted, version: '2.0.0' }, 'emoji', options)).rejects.toThrow(
    'emoji: scope-data-2.0.0.tgz is in none of ',
  );
});

test('icons: those that stand for a character, with their category and size', () => {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const files = new Map([
    [
      'icons.json',
      json({ width: 36, height: 36, icons: { wave: { body: '<a/>' }, zero: { body: '<b/>' } } }),
    ],
    ['chars.json', json({ '1f44b-1f3fb': 'wave' })],
    ['metadata.json', json({ categories: { 'People & Body': ['wave', 'zero'] } })],
  ]);
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 36 36"><a/></svg>';
  expect(readIcons(files)).toEqual([{ character: '1f44b', category: 1, svg }]);
  files.set('metadata.json', json({ categories: { Other: [] } }));
  expect(() => readIcons(files)).toThrow("emoji: 'Other' is none of Smileys & Emotion, ");
});

test.each([
  ['1f44b-1f3ff', '1f44b'],
  ['2764-fe0f-200d-1f525', '2764-200d-1f525'],
  ['1f9d1-1f3fb-200d-1f680', '1f9d1-200d-1f680'],
])('%s is a picture of %s', (codePoints, character) => {
  expect(characterOf(codePoints)).toBe(character);
});

test('every character is on one side alone', () => {
  const characters = Array.from({ length: 300 }, (_, i) => String(i % 100));
  const parts = dealCharacters(characters, 20);
  for (const [i, part] of parts.entries()) expect(part).toBe(parts[i % 100]);
  const count = (part: string) => parts.filter((one) => one === part).length;
  // A tenth of the characters; seven characters of three pictures each reach 20.
  expect([count('test'), count('validation'), count('train')]).toEqual([30, 21, 249]);
  expect(dealCharacters(characters, 40).map((part) => part === 'test')).toEqual(
    parts.map((part) => part === 'test'),
  );
});

const tarball = { name: 'iconify-json-noto-1.2.9.tgz' };
const isThere = findFile(tarball, 'emoji', searchFolders(undefined)) !== undefined;

test.skipIf(!isThere)(
  'the real set (needs its packages in the cache, as a first training fetches them)',
  async () => {
    const { train, validation, test: held } = await loadEmoji(32, { validation: 1000, download: false });
    expect([train.count, validation.count, held.count]).toEqual([8796, 1001, 1057]);
    expect([train.channels, train.height, train.width]).toEqual([3, 32, 32]);
    const counts = Array<number>(9).fill(0);
    for (const label of train.labels!) counts[label]! += 1;
    expect(counts).toEqual([374, 5529, 364, 298, 529, 200, 655, 610, 237]);
  },
);
