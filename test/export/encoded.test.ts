// Where encoders put test images: the plane and the codes of the file, and the files that ship.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fromBase64 } from '../../core/image/encode.ts';
import { heldOutImages } from '../../export/calibrate.ts';
import { addEncoded, encodedImages } from '../../export/encoded.ts';
import { readCards } from '../../export/publish.ts';
import { classesOf, isGaussianVae } from '../../models/card.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { encodedImagesSchema } from '../../models/encoded.ts';
import { dataSettings } from '../../train/evaluate/package.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-encoded-'));
afterAll(() => rmSync(root, { recursive: true }));

const cards = (await readCards('models')).filter(isGaussianVae);
const said = { split: 'test, 5 images', shown: 'by hand' };

/** Means along (3, −4, 0) / 5 with deviations 10 to 1 against (4, 3, 0) / 5, around (1, 2, 7). */
const ALONG = [-20, -10, 0, 10, 20];
const ACROSS = [1, -2, 2, -2, 1];
const means = Float32Array.from(
  ALONG.flatMap((a, i) => [1 + 0.6 * a + 0.8 * ACROSS[i]!, 2 - 0.8 * a + 0.6 * ACROSS[i]!, 7]),
);

test('the plane is spanned by the principal axes, and codes are the means to half a step', () => {
  const { file, explained } = encodedImages(means, 3, said, [0, 1, 0, 1, 2]);
  // Of either sign the one whose largest part is positive.
  expect(file.axes).toEqual([
    [-0.6, 0.8, 0],
    [0.8, 0.6, 0],
  ]);
  // 1000 of 1014, in sums of squares.
  expect(explained).toEqual([0.98619, 0.013807]);
  expect([file.centre, file.step[2], file.labels]).toEqual([[1, 2, 7], 0, [0, 1, 0, 1, 2]]);
  const codes = new Int8Array(fromBase64(file.codes).buffer);
  codes.forEach((code, i) => {
    const [middle, step] = [file.centre[i % 3]!, file.step[i % 3]!];
    expect(Math.abs(middle + step * code - means[i]!)).toBeLessThanOrEqual(0.51 * step + 1e-4);
  });
  expect(Math.max(...codes)).toBe(127);
});

test('two latents are their own plane', () => {
  const { file, explained } = encodedImages(Float32Array.of(0, 0, 1, 3, 2, 0), 2, said);
  expect([file.axes, explained]).toEqual([
    [
      [1, 0],
      [0, 1],
    ],
    [0.25, 0.75],
  ]);
  expect(file).not.toHaveProperty('labels');
});

test('codes that are all alike, or along one direction, leave nothing to explain but that', () => {
  const alike = encodedImages(new Float32Array(9).fill(0.3), 3, said);
  expect(alike.explained).toEqual([0, 0]);
  const line = Float32Array.from([1, 2, 3, 4].flatMap((a) => [0.1 * a, 0.7 * a, -0.3 * a]));
  const { explained } = encodedImages(line, 3, said);
  expect(explained[0]).toBeCloseTo(1, 4);
  expect(explained[1]).toBeGreaterThanOrEqual(0);
});

test.each(cards.map((card) => [`${card.id}@${card.version}`, card] as const))(
  '%s ships where it puts test images, as its card says',
  (name, card) => {
    const { file, split, images, explained } = card.encoded!;
    const encoded = encodedImagesSchema.parse(JSON.parse(readFileSync(join('models', name, file), 'utf8')));
    const J = card.latent.dimensions;
    expect(encoded.split).toBe(split);
    expect(split).toMatch(new RegExp(`^test, ${images} images( drawn by chance, seed 'test-subset')?$`));
    expect(images).toBeGreaterThanOrEqual(card.dataset.id === 'frey-face' ? 300 : 1000);
    expect([encoded.centre.length, encoded.step.length, encoded.axes[0].length]).toEqual([J, J, J]);
    expect(fromBase64(encoded.codes)).toHaveLength(images * J);
    expect(encoded.shown).toContain(card.dataset.variant);
    expect(encoded.shown.includes('is told their classes')).toBe(classesOf(card) !== undefined);
    if (card.labels) {
      expect(encoded.labels).toHaveLength(images);
      expect(Math.max(...encoded.labels!)).toBeLessThan(card.labels.length);
    }
    const [a, b] = encoded.axes;
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, j) => sum + value * y[j]!, 0);
    expect([dot(a, a), dot(b, b), dot(a, b)].map((one) => one.toFixed(3).replace('-', ''))).toEqual([
      '1.000',
      '1.000',
      '0.000',
    ]);
    expect(explained[0]).toBeGreaterThan(J === 2 ? 0 : explained[1]);
  },
);

test('the file of a package is made again, byte for byte, and its card stays what it was', async () => {
  const folder = join(root, 'glyphs-vae@1');
  cpSync('models/glyphs-vae@1', folder, { recursive: true });
  const before = ['encoded.json', 'model.json'].map((name) => readFileSync(join(folder, name), 'utf8'));
  await addEncoded(folder, (card) => heldOutImages(dataSettings(card), { images: 1000 }));
  expect(['encoded.json', 'model.json'].map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(
    before,
  );
});

test('a card that names a file which is not of the package is refused', () => {
  const card = cards[0]!;
  const files = card.files.filter(({ name }) => name !== card.encoded!.file);
  expect(modelCardSchema.safeParse(card).success).toBe(true);
  expect(modelCardSchema.safeParse({ ...card, files }).error!.issues[0]!.message).toBe(
    'encoded must name a file of the package',
  );
});
