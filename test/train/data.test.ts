// Data: batches, binarisation, drawn digits, file formats, downloads.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { balancedOrder, binarise, createBatches, toValues } from '../../train/data/batches.ts';
import { type Images, pixelMeans, sliceImages } from '../../train/data/data-set.ts';
import { download, readVerified } from '../../train/data/files.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { parseIdx } from '../../train/data/idx.ts';
import { loadDataSet } from '../../train/data/registry.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const glyphs = (split: string, count: number): Images => {
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(drawDigit(i % 10, createStream('test', split, i)), i * 784);
  return { count, width: 28, height: 28, channels: 1, pixels };
};

test('batches of an epoch depend on the seed and the epoch alone, and hold every image once', () => {
  const images: Images = {
    count: 10,
    width: 1,
    height: 1,
    channels: 1,
    pixels: Uint8Array.from({ length: 10 }, (_, i) => i),
  };
  const of = createBatches(images, { batchSize: 5, variant: 'grey', seed: 's' });
  const flat = (epoch: number) => [...of(epoch)].flatMap((batch) => [...batch]);
  expect(flat(4)).toEqual(flat(4));
  expect(flat(4)).not.toEqual(flat(5));
  expect(flat(4).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 10 }, (_, i) => Math.fround(i / 255)),
  );
  expect(() => createBatches(images, { batchSize: 11, variant: 'grey', seed: 's' })).toThrow(
    'batchSize 11 exceeds the 10 images of the set; --batchSize=10 is the largest that fits',
  );
});

test('a balanced epoch shows every label as often, all images of rare ones before any comes again', () => {
  const labels = Uint8Array.of(2, 0, 0, 0, 0, 0, 2, 0); // six of label 0, two of label 2
  const order = balancedOrder(labels, 's');
  expect([...order(3)].map((i) => labels[i])).toEqual([0, 2, 0, 2, 0, 2, 0, 2]);
  expect(new Set([order(3)[1], order(3)[3]])).toEqual(new Set([0, 6]));
  const common = [0, 2, 4, 6].map((at) => order(3)[at]);
  expect(new Set(common).size).toBe(4);
  expect([...order(3)]).toEqual([...order(3)]);
  expect([...order(3)]).not.toEqual([...order(4)]);
});

test('mirrored batches turn about half of the images round, row by row, and others by the next epoch', () => {
  const pixels = Uint8Array.from({ length: 100 * 6 }, (_, i) => [0, 51, 255, 102, 0, 51][i % 6]!);
  const images: Images = { count: 100, width: 3, height: 2, channels: 1, pixels };
  const of = createBatches(images, { batchSize: 100, variant: 'grey', seed: 's', mirror: true });
  const asIs = [0, 0.2, 1, 0.4, 0, 0.2].map(Math.fround).join();
  const turned = [1, 0.2, 0, 0.2, 0, 0.4].map(Math.fround).join();
  const rows = (epoch: number) => {
    const batch = of(epoch).next().value!;
    return Array.from({ length: 100 }, (_, i) => batch.subarray(6 * i, 6 * i + 6).join());
  };
  const first = rows(0);
  expect(new Set(first)).toEqual(new Set([asIs, turned]));
  expect(Math.abs(first.filter((row) => row === turned).length - 50)).toBeLessThan(20);
  expect(rows(1)).not.toEqual(first);
  expect(rows(0)).toEqual(first);
});

test('binarisation has the probability of the pixel', () => {
  const bytes = new Uint8Array(90_000).map((_, i) => [0, 64, 255][i % 3]!);
  const values = new Float32Array(bytes.length);
  binarise(bytes, createStream('b').uint32, values);
  const ones = [0, 0, 0];
  values.forEach((value, i) => {
    ones[i % 3]! += value;
  });
  expect([ones[0], ones[2]]).toEqual([0, 30_000]);
  expect(Math.abs(ones[1]! / 30_000 - 64 / 255)).toBeLessThan(0.0125);
  expect(toValues(glyphs('test', 100), 'dynamic', 'x')).toEqual(
    toValues(glyphs('test', 100), 'dynamic', 'x'),
  );
});

test('glyphs are the same for ever', () => {
  expect(createHash('sha256').update(glyphs('train', 60).pixels).digest('hex')).toMatchInlineSnapshot(
    `"0a34ede1c1fae996b2dfd5b7cbc35caaadb09ff92c9facd2d67dc224d516ddae"`,
  );
});

const idx = (count: number) => {
  const bytes = new Uint8Array(8 + count);
  bytes.set([0, 0, 8, 1, 0, 0, 0, count]);
  return bytes;
};

test('IDX files are read whole or not at all', () => {
  expect(parseIdx(idx(3), 'f')).toEqual({ shape: [3], data: new Uint8Array(3) });
  expect(() => parseIdx(idx(3).subarray(0, 10), 'f')).toThrow('f: shape [3] needs 11 bytes, got 10');
  expect(() => parseIdx(Uint8Array.of(0, 0, 13, 1), 'f')).toThrow('f: IDX element type 13, expected 8');
  expect(() => parseIdx(Uint8Array.of(1, 2, 3, 4), 'f')).toThrow('f: not an IDX file');
});

test('a download resumes, passes by bad mirrors, and is checked before use', async () => {
  const content = gzipSync(idx(200));
  const file = {
    name: 'file.gz',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/gone/file.gz') return void response.writeHead(404).end();
    if (request.url === '/wrong/file.gz') return void response.end('nonsense');
    ranges.push(request.headers.range);
    const from = Number(request.headers.range?.match(/\d+/)?.[0] ?? 0);
    response.writeHead(from ? 206 : 200).end(content.subarray(from));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = join(root, 'cache');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file.gz.part'), content.subarray(0, 10));
  const path = await download(file, [`${at}/gone/`, `${at}/good/`], folder);
  expect(ranges).toEqual(['bytes=10-']);
  // A part that is whole, or longer than the file, is no range to ask for.
  renameSync(path, `${path}.part`);
  await download(file, [`${at}/gone/`], folder);
  writeFileSync(`${path}.part`, Buffer.alloc(content.length + 5));
  await download(file, [`${at}/good/`], folder);
  expect(ranges).toEqual(['bytes=10-', undefined]);
  expect(readVerified(path, file)).toEqual(Buffer.from(idx(200)));
  await expect(
    download({ ...file, name: 'file.gz' }, [`${at}/wrong/`, `${at}/gone/`], join(root, 'cache2')),
  ).rejects.toThrow(
    /^no mirror has file\.gz: \S+\/wrong\/ \(8 bytes with the wrong checksum\), \S+\/gone\/ \(HTTP 404\)$/,
  );
  server.close();
  writeFileSync(path, content.subarray(0, 20));
  expect(() => readVerified(path, file)).toThrow(/20 bytes, expected \d+: truncated or corrupt/);
  writeFileSync(path, Buffer.from(content).fill(1, 15, 16));
  expect(() => readVerified(path, file)).toThrow(/SHA-256 .* corrupt; remove it/);
});

test.skipIf(!process.env.DREAMLET_DATA)('real MNIST and Fashion-MNIST (needs DREAMLET_DATA)', async () => {
  for (const [id, first] of [
    ['mnist', [5923, 6742]],
    ['fashion-mnist', [6000, 6000]],
  ] as const) {
    const set = await loadDataSet(id, { validation: 2000, download: false });
    expect([set.train.count, set.validation.count, set.test.count]).toEqual([58_000, 2_000, 10_000]);
    const counts = [0, 0];
    for (const part of [set.train, set.validation])
      for (const label of part.labels!) if (label < 2) counts[label]! += 1;
    expect(counts).toEqual(first);
    expect(pixelMeans(sliceImages(set.test, 0, 100))).toHaveLength(784);
  }
});
