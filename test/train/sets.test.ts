// File formats of the data sets, downloads of data known by content, and the sets themselves where they are at hand.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { parseAmat } from '../../train/data/binarised-mnist.ts';
import { loadCifar10, readBatches, toPlanes } from '../../train/data/cifar.ts';
import { loadFer } from '../../train/data/faces.ts';
import { isTestFrame } from '../../train/data/frey-face.ts';
import { encodeIdx, parseIdx } from '../../train/data/idx.ts';
import { loadIdx } from '../../train/data/idx-file.ts';
import { readMatrix } from '../../train/data/mat.ts';
import { decodeMed } from '../../train/data/med.ts';
import { loadDataSet } from '../../train/data/registry.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-data-'));
afterAll(() => rmSync(root, { recursive: true }));

test('MED images: each residual is added to the prediction of the median edge detector', () => {
  // 2×3: first row from the left, first column from above; then min(L,U) = 12, L + U − D = 9 + 15 − 12 = 12.
  const residuals = [10, 2, 3, 251, 3, 1];
  const packed = brotliCompressSync(encodeIdx({ shape: [1, 2, 3], data: Uint8Array.from(residuals) }));
  expect([...parseIdx(decodeMed(packed), 'f').data]).toEqual([10, 12, 15, 5, 10, 14]);
});

/** One element of a MATLAB 5 file. */
const element = (type: number, data: Uint8Array): Uint8Array => {
  const bytes = Buffer.alloc(8 + Math.ceil(data.length / 8) * 8);
  bytes.writeUInt32LE(type);
  bytes.writeUInt32LE(data.length, 4);
  bytes.set(data, 8);
  return bytes;
};

test.each([false, true])('a matrix of a MATLAB file, compressed: %s', (compressed) => {
  const small = Buffer.from([1, 0, 2, 0, 0x66, 0x66, 0, 0]); // a small element: type 1, two bytes, "ff"
  const parts = [
    element(6, Buffer.alloc(8)),
    element(5, Buffer.from(Int32Array.of(2, 3).buffer)),
    small,
    element(2, Uint8Array.of(1, 2, 3, 4, 5, 200)),
  ];
  const matrix = element(14, Buffer.concat(parts));
  const header = Buffer.alloc(128);
  header.write('IM', 126);
  const packed = deflateSync(matrix);
  const tag = Buffer.from(Uint32Array.of(15, packed.length).buffer);
  const file = Buffer.concat([header, ...(compressed ? [tag, packed] : [matrix])]);
  expect(readMatrix(file, 'ff')).toEqual({ shape: [2, 3], values: [1, 2, 3, 4, 5, 200] });
  expect(() => readMatrix(file, 'g')).toThrow("mat: there is no matrix 'g'");
  expect(() => readMatrix(Buffer.alloc(10), 'ff')).toThrow('not a little-endian MATLAB 5 file (10 bytes)');
});

test('a file known by content is fetched, checked, and found again without its address', async () => {
  const text = Buffer.from(`${Array(784).fill('1').join(' ')}\n${Array(784).fill('0').join(' ')}\n`);
  const array = parseAmat(text);
  expect(array.shape).toEqual([2, 28, 28]);
  const server = createServer((_, response) => void response.end(text));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.amat`;
  const sha256 = createHash('sha256').update(encodeIdx(array)).digest('hex');
  const file = { name: 'x.idx3-ubyte.gz', sha256, original: { url, toIdx: parseAmat } };
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = root;
  try {
    await expect(loadIdx({ ...file, sha256: 'other' }, 'set', { download: true })).rejects.toThrow(
      `${url}: decodes to SHA-256 ${sha256}, expected other: not the right data`,
    );
    expect((await loadIdx(file, 'set', { download: true })).shape).toEqual([2, 28, 28]);
    server.close();
    expect((await loadIdx(file, 'set', { download: false })).data).toEqual(Buffer.from(array.data));
    await expect(loadIdx({ ...file, name: 'y.gz' }, 'set', { download: false }, 'Ask X')).rejects.toThrow(
      /^set: y\.gz is in none of .*; Ask X$/,
    );
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});

test('Frey frames are held out in whole blocks', () => {
  const held = Array.from({ length: 1965 }, (_, frame) => isTestFrame(frame));
  expect(held.filter(Boolean)).toHaveLength(360);
  expect(held.indexOf(true)).toBe(30);
  const borders = held.slice(1).filter((now, i) => now !== held[i]);
  expect(borders).toHaveLength(48);
});

test.skipIf(!process.env.DREAMLET_DATA)('the real sets (needs DREAMLET_DATA)', async () => {
  const options = { validation: 100, download: false };
  for (const [id, size, counts] of [
    ['frey-face', [28, 20], [1505, 100, 360]],
    ['mnist-binarized', [28, 28], [50_000, 100, 10_000]],
    ['olivetti', [64, 64], [260, 100, 40]],
  ] as const) {
    const set = await loadDataSet(id, options);
    expect([set.train.height, set.train.width], id).toEqual(size);
    expect([set.train.count, set.validation.count, set.test.count], id).toEqual(counts);
  }
});

test.skipIf(!process.env.DREAMLET_DATA)(
  'test images of fixed binarisation are dealt by chance: the first are like all of them (needs DREAMLET_DATA)',
  async () => {
    const { test: images } = await loadDataSet('mnist-binarized', { validation: 100, download: false });
    const ink = Array.from({ length: images.count }, (_, i) =>
      images.pixels.subarray(784 * i, 784 * (i + 1)).reduce((sum, byte) => sum + byte, 0),
    );
    const [first, all] = [meanAndError(ink.slice(0, 1000)), meanAndError(ink)];
    // Digits in their order would be 12 errors away.
    expect(Math.abs(first.mean - all.mean) / first.standardError).toBeLessThan(4);
  },
);

const CIFAR_SIZE = 3 * 32 * 32;

test('batches of CIFAR-10 are records of a label and three planes; another length is refused by name', () => {
  const record = (label: number, red: number) => [label, red, ...Array(CIFAR_SIZE - 1).fill(label)];
  const archive = new Map([
    ['cifar-10-batches-bin/a.bin', Uint8Array.from([...record(3, 200), ...record(7, 100)])],
    ['cifar-10-batches-bin/b.bin', Uint8Array.from(record(9, 50))],
    ['cifar-10-batches-bin/c.bin', new Uint8Array(CIFAR_SIZE)],
  ]);
  const { count, width, height, channels, labels, pixels } = readBatches(archive, ['a.bin', 'b.bin']);
  expect([count, width, height, channels, [...labels!]]).toEqual([3, 32, 32, 3, [3, 7, 9]]);
  expect([0, 1, CIFAR_SIZE, 2 * CIFAR_SIZE, 3 * CIFAR_SIZE - 1].map((i) => pixels[i])).toEqual([
    200, 3, 100, 50, 9,
  ]);
  expect(() => readBatches(archive, ['c.bin'])).toThrow(
    'c.bin: 3072 bytes are no whole number of records of 3073',
  );
  expect(() => readBatches(archive, ['d.bin'])).toThrow('cifar-10-binary.tar.gz: there is no d.bin in it');
});

test('colours side by side become planes, image by image', () => {
  const values = Uint8Array.from(
    { length: 2 * CIFAR_SIZE },
    (_, i) => 10 * Math.floor(i / CIFAR_SIZE) + (i % 3),
  );
  values[3] = 255; // red of the second pixel
  const planes = toPlanes(values);
  expect([0, 1, 1024, 2048, CIFAR_SIZE, 2 * CIFAR_SIZE - 1].map((i) => planes[i])).toEqual([
    0, 255, 1, 2, 10, 12,
  ]);
});

test.skipIf(process.env.DREAMLET_DATA)('CIFAR-10 that is nowhere is refused by name', async () => {
  await expect(loadCifar10({ dir: root, validation: 100, download: false })).rejects.toThrow(
    'cifar10: cifar-10-binary.tar.gz is in none of',
  );
});

test.skipIf(!process.env.DREAMLET_DATA)(
  'CIFAR-10, each class as often as the others (needs DREAMLET_DATA)',
  async () => {
    const {
      train,
      validation,
      test: held,
      labelNames,
      title,
    } = await loadCifar10({ validation: 0, download: false });
    expect([train.count, validation.count, held.count]).toEqual([50_000, 0, 10_000]);
    expect(labelNames!.map((_, label) => held.labels!.filter((other) => other === label).length)).toEqual(
      Array(10).fill(1000),
    );
    // The mean colour of the test images that is published everywhere.
    const means = [0, 0, 0];
    held.pixels.forEach((value, i) => {
      means[Math.floor(i / 1024) % 3]! += value / (255 * 1024 * held.count);
    });
    expect(means).toEqual([0.4942, 0.4851, 0.4504].map((mean) => expect.closeTo(mean, 3)));
    expect(title).toMatch(/^CIFAR-10 objects/);
  },
);

test.skipIf(!process.env.DREAMLET_DATA)('FER without repeats (needs DREAMLET_DATA)', async () => {
  const { train, validation, test: held } = await loadFer({ validation: 5000, download: false });
  const keys = [train, validation, held].flatMap(({ count, pixels }) =>
    Array.from({ length: count }, (_, i) =>
      createHash('sha256')
        .update(pixels.subarray(i * 2304, (i + 1) * 2304))
        .digest('base64'),
    ),
  );
  expect(new Set(keys).size).toBe(keys.length);
  expect([train.height, train.width, train.count, validation.count, held.count]).toEqual([
    48, 48, 26_645, 3486, 3527,
  ]);
  expect(Math.max(...train.labels!)).toBe(7);
  const clear = train.clear!.reduce((sum, value) => sum + value, 0);
  expect(clear).toBe(20_509);
});
