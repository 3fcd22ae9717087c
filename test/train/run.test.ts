// Recipes, checkpoints, data, and a run that stops and goes on.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { binarise, createBatches, toValues } from '../../train/data/batches.ts';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { pixelMeans, sliceImages } from '../../train/data/data-set.ts';
import { download, readVerified } from '../../train/data/files.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { parseIdx } from '../../train/data/idx.ts';
import { loadDataSet } from '../../train/data/registry.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/settings.ts';
import { readCheckpoint } from '../../train/run/checkpoint.ts';
import { openRun } from '../../train/run/open-run.ts';
import { createRun } from '../../train/run/run-folder.ts';
import { readSafetensors, writeSafetensors } from '../../train/run/safetensors.ts';
import { reportRun, trainRun } from '../../train/run/session.ts';
import type { Backend } from '../../train/runner/backends.ts';
import { createStream } from '../../worker/sampling/stream.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-test-'));
afterAll(() => rmSync(root, { recursive: true }));

const glyphs = (split: string, count: number): Images => {
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(drawDigit(i % 10, createStream('test', split, i)), i * 784);
  return { count, width: 28, height: 28, channels: 1, pixels };
};
const dataset: DataSet = {
  id: 'glyphs',
  title: 'glyphs',
  terms: 'MIT',
  train: glyphs('train', 60),
  validation: glyphs('validation', 20),
  test: glyphs('test', 100),
};
const settings = resolveRecipe(recipeNamed('glyphs-vae'), {
  hidden: '12',
  latent: '3',
  batchSize: '20',
  epochs: '3',
  klWarmupEpochs: '1',
  tightenEpochs: '1',
  tightenSamples: '2',
  variant: 'dynamic',
  selectSamples: '2',
  evaluateSamples: '4',
  evaluateImages: '100',
});

async function runIn(
  name: string,
  options: { stopAfter?: number; backend?: Backend; change?: object } = {},
): Promise<string> {
  const { stopAfter, backend = 'cpu', change = {} } = options;
  const folder = join(root, name);
  const image = { width: 28, height: 28, channels: 1 as const };
  const { id, title, terms } = dataset;
  try {
    createRun(folder, {
      recipe: 'glyphs-vae',
      settings: { ...settings, ...change },
      backend,
      image,
      dataset: { id, title, terms },
    });
  } catch (error) {
    if (!(error as Error).message.includes('--resume')) throw error;
  }
  let epochs = 0;
  const display = { step: () => {}, line: () => {} };
  const progress = await trainRun(folder, dataset, {
    backend,
    threads: 1,
    display,
    shouldStop: () => ++epochs === stopAfter,
  });
  if (progress.epoch === settings.epochs) await reportRun(folder, dataset, { backend, threads: 1, display });
  return folder;
}

test('a run that stopped goes on to the same bits', async () => {
  const whole = await runIn('whole');
  const parts = await runIn('parts', { stopAfter: 1 });
  expect(() => openRun(parts, { finished: true })).toThrow(/stopped after epoch 1 of 3; finish it with/);
  await runIn('parts', { stopAfter: 1 });
  await runIn('parts');
  for (const file of ['last.safetensors', 'best.safetensors'])
    expect(readFileSync(join(parts, file)).equals(readFileSync(join(whole, file))), file).toBe(true);
  const lines = readFileSync(join(parts, 'metrics.jsonl'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).epoch)).toEqual([1, 2, 3]);
  const { report, best } = openRun(whole, { finished: true });
  expect(report).toMatchObject({ epoch: best.epoch, weights: 'float32' });
  expect(report!.figures.map(({ name }) => name)).toEqual([
    'nll',
    'elbo',
    'reconstruction',
    'kl',
    'active-units',
  ]);
  for (const sheet of ['samples/epoch-003.png', 'reconstructions/epoch-003.png', 'interpolation.png'])
    expect(readFileSync(join(whole, sheet)).subarray(1, 4).toString()).toBe('PNG');
}, 60_000);

test('the compiled step and the eager one reach the same parameters', async () => {
  const [compiled, eager] = [
    await runIn('compiled', { stopAfter: 1 }),
    await runIn('eager', { stopAfter: 1, backend: 'tfjs-cpu' }),
  ];
  const a = readCheckpoint(join(compiled, 'last.safetensors')).weights.params;
  const b = readCheckpoint(join(eager, 'last.safetensors')).weights.params;
  let worst = 0;
  for (const [name, { data }] of Object.entries(a))
    data.forEach((value, i) => {
      worst = Math.max(worst, Math.abs(value - b[name]!.data[i]!));
    });
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThan(1e-5);
}, 60_000);

test('a run that diverges says where, and keeps its last good checkpoint', async () => {
  await expect(
    runIn('diverged', {
      change: { learningRate: 10, likelihood: 'gaussian', optimiser: 'sgd', tightenEpochs: 0 },
    }),
  ).rejects.toThrow(
    /^training diverged: \S+ is (NaN|-?Infinity) at step \d+ \(epoch \d\); (the last good checkpoint is|no epoch was finished)/,
  );
});

test.each([
  [{ latnt: '3' }, /^--latnt is not a setting; the settings are dataset, variant,/],
  [{ latent: '0' }, '--latent=0 is not allowed; give a whole number from 1 to 1024'],
  [{ latent: '1.5' }, '--latent=1.5 is not allowed'],
  [{ activation: 'swish' }, '--activation=swish is not allowed; give tanh, relu, leaky-relu, elu'],
  [{ hidden: '5,x' }, '--hidden=5,x is not allowed'],
  [{ tightenEpochs: '500' }, '--tightenEpochs=500 exceeds the 160 epochs of the run'],
])('overriding with %j is refused', (overrides, message) => {
  expect(() => resolveRecipe(recipeNamed('mnist-vae'), overrides as Record<string, string>)).toThrow(message);
});

test('safetensors come back, and damaged ones are named', () => {
  const path = join(root, 'é.safetensors');
  const tensors = {
    'params/é': { shape: [2, 1], data: Float32Array.of(1.5, -2) },
    s: { shape: [], data: Float32Array.of(7) },
  };
  writeSafetensors(path, tensors, { epoch: '3' });
  expect(readSafetensors(path)).toEqual({ tensors, metadata: { epoch: '3' } });
  const bytes = readFileSync(path);
  expect(Number(bytes.readBigUInt64LE()) % 8).toBe(0);
  for (const length of [4, 20, bytes.length - 1]) {
    writeFileSync(path, bytes.subarray(0, length));
    expect(() => readSafetensors(path), `${length} bytes`).toThrow(/: truncated or damaged checkpoint$/);
  }
});

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
    'batchSize 11 exceeds the 10 images',
  );
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
  expect(toValues(dataset.test, 'dynamic', 'x')).toEqual(toValues(dataset.test, 'dynamic', 'x'));
});

test('glyphs are the same for ever', () => {
  expect(createHash('sha256').update(dataset.train.pixels).digest('hex')).toMatchInlineSnapshot(
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
  expect(readVerified(path, file)).toEqual(Buffer.from(idx(200)));
  await expect(
    download({ ...file, name: 'file.gz' }, [`${at}/wrong/`, `${at}/gone/`], join(root, 'cache2')),
  ).rejects.toThrow(/wrong\/file\.gz: 8 bytes with the wrong checksum; .*gone\/file\.gz: HTTP 404/);
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
