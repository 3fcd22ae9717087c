// Own pictures from a folder: labels, split, sizes, and what is refused.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { publicName } from '../../train/data/folder/folder.ts';
import { readPicture } from '../../train/data/folder/read-picture.ts';
import { splitNames } from '../../train/data/folder/split.ts';
import { loadFor } from '../../train/data/registry.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-folder-'));
const cache = process.env.XDG_CACHE_HOME;
beforeAll(() => {
  process.env.XDG_CACHE_HOME = join(root, 'cache');
});
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(root, { recursive: true });
});

/** 4×2, all of one colour. */
const plain = (red: number, green: number, blue: number) =>
  encodePng({
    width: 4,
    height: 2,
    channels: 3,
    pixels: Uint8Array.from({ length: 24 }, (_, i) => [red, green, blue][i % 3]!),
  });

function write(name: string, bytes: Uint8Array | string): void {
  const path = join(root, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
}

const load = (name: string, settings = {}) =>
  loadFor(
    { dataset: `folder:${join(root, name)}`, validation: 100, size: 8, ...settings },
    { download: false },
  );

test('sub-folders are labels, in the order of their names; other files are passed over, and copies', async () => {
  for (let i = 0; i < 15; i++) write(`set/blue/${i}.png`, plain(i, 0, 200));
  for (let i = 0; i < 15; i++) write(`set/amber/deep/${i}.PNG`, plain(250, i, 0));
  write('set/blue/copy.png', plain(3, 0, 200));
  write('set/blue/notes.txt', 'not a picture');
  write('set/blue/._0.png', 'what a system leaves');
  const set = await load('set');
  expect(set.labelNames).toEqual(['amber', 'blue']);
  const counts = [set.train, set.validation, set.test].map(({ count }) => count);
  expect(counts.reduce((sum, count) => sum + count)).toBe(30);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  const { train } = set;
  expect([train.width, train.height, train.channels]).toEqual([8, 8, 3]);
  for (let i = 0; i < train.count; i++)
    expect(train.pixels[(3 * i + 2) * 64]).toBe(train.labels![i] === 1 ? 200 : 0);
  expect(set.id).toBe('folder:set');
  // Kept from the first time.
  expect(await load('set')).toEqual(set);
});

test('grey is the luma of the colours', async () => {
  const { train } = await load('set', { colour: 'grey' });
  expect(train.channels).toBe(1);
  const wanted = (label: number, low: number, high: number) =>
    train.labels!.forEach((one, i) => {
      if (one !== label) return;
      expect(train.pixels[i * 64]).toBeGreaterThanOrEqual(low);
      expect(train.pixels[i * 64]).toBeLessThanOrEqual(high);
    });
  wanted(0, 74, 84);
  wanted(1, 22, 28);
});

test('a picture is cut to its middle or stretched', async () => {
  const bytes = Uint8Array.from([255, 0, 0, 255, 255, 0, 0, 255]);
  const png = encodePng({ width: 4, height: 2, channels: 1, pixels: bytes });
  const target = { width: 2, height: 2, channels: 1 } as const;
  expect([...(await readPicture(png, target, 'middle'))]).toEqual([0, 0, 0, 0]);
  expect([...(await readPicture(png, target, 'stretch'))]).toEqual([128, 128, 128, 128]);
});

test('a photograph is read by what it is, upright', async () => {
  const source = readFileSync('test/worker/photos.test.ts', 'utf8');
  const base64 = /turned:\s+'([^']+)'/.exec(source)![1]!;
  const target = { width: 2, height: 2, channels: 1 } as const;
  // Its left half is white; turned to the right that is above.
  const pixels = await readPicture(Buffer.from(base64, 'base64'), target, 'middle');
  expect([...pixels].map((value) => value > 128)).toEqual([true, true, false, false]);
});

test('a name keeps its side of the split whatever comes beside it', () => {
  const names = Array.from({ length: 400 }, (_, i) => `picture ${i}.jpg`);
  const few = splitNames(names.slice(0, 200), 1000);
  const many = splitNames(names, 1000);
  expect(many.slice(0, 200)).toEqual(few);
  const share = (part: string) => many.filter((one) => one === part).length / 400;
  expect(share('test')).toBeCloseTo(0.1, 1);
  expect(share('validation')).toBeCloseTo(0.1, 1);
  expect(splitNames(names, 5).filter((part) => part === 'validation')).toHaveLength(5);
  // What is test stays test where fewer are held out for validation.
  expect(splitNames(names, 5).map((part) => part === 'test')).toEqual(many.map((part) => part === 'test'));
});

test.each([
  ['nowhere', /there is no folder .*nowhere/],
  ['set/blue/../../few', /few: 1 pictures \(PNG, JPEG, WebP\); 20 or more are needed$/],
  ['bad', /bad\/7\.png: png: .*; mend it or take it out of the folder$/],
])('%s is refused', async (name, message) => {
  write('few/1.png', plain(1, 2, 3));
  for (let i = 0; i < 20; i++) write(`bad/${i}.png`, i === 7 ? 'damaged' : plain(i, 0, 0));
  await expect(load(name)).rejects.toThrow(message);
});

test('the settings of pictures are for own pictures alone, and their path is not for strangers', () => {
  const settings = resolveRecipe(recipeNamed('fashion-vae'), { dataset: 'folder:a/b', size: '16' });
  expect(settings).toMatchObject({ dataset: 'folder:a/b', size: 16, colour: 'colour', crop: 'middle' });
  expect(() => resolveRecipe(recipeNamed('fashion-vae'), { size: '16' })).toThrow(
    '--size is for dataset folder:*, got dataset fashion-mnist',
  );
  expect(() => resolveRecipe(recipeNamed('fashion-vae'), { dataset: 'folder:' })).toThrow(
    /--dataset=folder: is not allowed; give mnist, .*, folder:PATH$/,
  );
  expect(publicName('folder:/photos/anna/cats/')).toBe('folder:cats');
  expect(publicName('mnist')).toBe('mnist');
});
