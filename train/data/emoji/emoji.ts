// Emoji in colour: Noto, Fluent (flat) and Twemoji, drawn at 32×32 or 48×48 on white, by category. Everything comes
// from npm, so that a stranger can train in colour with nothing but its registry.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeAtomically } from '../../io/files.ts';
import { shuffled } from '../batches.ts';
import { type DataSet, type Images, selectImages } from '../data-set.ts';
import { cacheFolder, sha256 } from '../files.ts';
import { encodeIdx, parseIdx } from '../idx.ts';
import type { FindOptions } from '../idx-file.ts';
import { loadNpmPackage, type NpmPackage } from '../npm-package.ts';
import { createDrawing } from './draw.ts';
import { CATEGORIES, readIcons } from './icons.ts';

const SET = 'emoji';

const PACKAGES: NpmPackage[] = [
  {
    name: '@iconify-json/noto',
    version: '1.2.9',
    integrity:
      'sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==',
  },
  {
    name: '@iconify-json/fluent-emoji-flat',
    version: '1.2.6',
    integrity:
      'sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==',
  },
  {
    name: '@iconify-json/twemoji',
    version: '1.2.5',
    integrity:
      'sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==',
  },
];

/** Two of Noto's pictures have shapes wholly outside of them, at which resvg 2.6.2 stops. */
const UNDRAWABLE = { name: '@iconify-json/noto', characters: ['1f3f3-200d-1f308', '1f4e6'] };

/** SHA-256 of the pictures as an IDX array [count, 3, size, size]. */
const PICTURES: Record<number, string> = {
  32: '868f72ea0694579c9356f0ac226714c7f8b3a15237277985210e64ef3efb2541',
  48: 'b8535aa52e55282e0707951129540c10687db7bd31ec7343843d5ae088b298b0',
};

/** Share of the characters whose pictures are test images. */
const TEST_SHARE = 0.1;

/** The pictures: drawn once, then kept in the cache folder. @throws Error when they are not the known ones. */
async function pictures(svgs: readonly string[], size: number, options: FindOptions): Promise<Uint8Array> {
  const path = join(cacheFolder(), SET, `pictures-${size}.idx4-ubyte.gz`);
  const kept = existsSync(path);
  const bytes = kept ? gunzipSync(readFileSync(path)) : await drawAll(svgs, size, options);
  const actual = sha256(bytes);
  if (actual !== PICTURES[size])
    throw new Error(
      `${kept ? path : `emoji drawn at ${size}×${size}`}: SHA-256 ${actual}, expected ${PICTURES[size]}: not the right pictures`,
    );
  if (!kept) writeAtomically(path, gzipSync(bytes));
  return parseIdx(bytes, path).data;
}

async function drawAll(svgs: readonly string[], size: number, options: FindOptions): Promise<Uint8Array> {
  const draw = await createDrawing(size, SET, options);
  const length = 3 * size * size;
  const data = new Uint8Array(svgs.length * length);
  for (const [i, svg] of svgs.entries()) data.set(draw(svg), i * length);
  return encodeIdx({ shape: [svgs.length, 3, size, size], data });
}

/**
 * Every picture of the three sets that stands for a character, label: its category. Characters are dealt out to test
 * (a tenth), validation (until it has at least `validation` images) and training, so that the same emoji of two sets,
 * or in two tones of skin, is never on both sides.
 * @throws Error naming package and rule, when one is not the pinned one, or missing and not to be had.
 */
export async function loadEmoji(
  size: 32 | 48,
  options: FindOptions & { validation: number },
): Promise<DataSet> {
  const packages = await Promise.all(PACKAGES.map((wanted) => loadNpmPackage(wanted, SET, options)));
  const icons = packages
    .flatMap((files, i) => readIcons(files).map((icon) => ({ ...icon, from: PACKAGES[i]!.name })))
    .filter(({ from, character }) => from !== UNDRAWABLE.name || !UNDRAWABLE.characters.includes(character));
  const all: Images = {
    count: icons.length,
    width: size,
    height: size,
    channels: 3,
    pixels: await pictures(
      icons.map(({ svg }) => svg),
      size,
      options,
    ),
    labels: Uint8Array.from(icons, ({ category }) => category),
  };
  const split = dealCharacters(
    icons.map(({ character }) => character),
    options.validation,
  );
  const of = (part: Part) => selectImages(all, (i) => split[i] === part);
  const train = of('train');
  if (train.count === 0)
    throw new Error(
      `emoji: validation ${options.validation} leaves none of ${icons.length} images to train on`,
    );
  return {
    id: size === 32 ? SET : `${SET}-${size}`,
    title: `Emoji of three sets, ${size}×${size}`,
    terms:
      'Noto Emoji: Apache License 2.0, © Google Inc.; Fluent Emoji: MIT License, © Microsoft Corporation; Twemoji: ' +
      'CC BY 4.0, © Twitter, Inc. and other contributors; drawn from the SVGs of the Iconify packages by resvg',
    labelNames: CATEGORIES,
    train,
    validation: of('validation'),
    test: of('test'),
  };
}

/** Labels of faces and of people. */
const PEOPLE = 2;

/** The faces and people among the emoji of 32×32, split as these are. */
export async function loadEmojiPeople(options: FindOptions & { validation: number }): Promise<DataSet> {
  const whole = await loadEmoji(32, options);
  const of = (images: Images) => selectImages(images, (i) => images.labels![i]! < PEOPLE);
  return {
    ...whole,
    id: `${SET}-people`,
    title: 'Emoji of three sets, faces and people, 32×32',
    labelNames: CATEGORIES.slice(0, PEOPLE),
    whole,
    train: of(whole.train),
    validation: of(whole.validation),
    test: of(whole.test),
  };
}

type Part = 'train' | 'validation' | 'test';

/** The part that each picture is in, by its character. */
export function dealCharacters(characters: readonly string[], validation: number): Part[] {
  const distinct = [...new Set(characters)].sort();
  const order = [...shuffled(distinct.length, SET, 0)].map((i) => distinct[i]!);
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  const tests = Math.floor(TEST_SHARE * distinct.length);
  const parts = new Map<string, Part>();
  let held = 0;
  order.forEach((character, i) => {
    const part = i < tests ? 'test' : held < validation ? 'validation' : 'train';
    if (part === 'validation') held += counts.get(character)!;
    parts.set(character, part);
  });
  return characters.map((character) => parts.get(character)!);
}
