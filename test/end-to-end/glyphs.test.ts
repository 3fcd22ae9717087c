// The whole way, with the commands a user types: train on drawn glyphs, export, serve; in a folder of its own.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorkerd } from '../../bench/edge/workerd.ts';
import { decodePng } from '../../core/image/decode-png.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { publishModels } from '../../export/publish.ts';
import { modelCardSchema } from '../../models/card-schema.ts';
import { OWN } from '../../models/folders.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { createNodeApp } from '../../worker/node.ts';

const folder = mkdtempSync(join(tmpdir(), 'dreamlet-test-'));
const SMALL = ['--epochs=1', '--hidden=32', '--latent=4', '--evaluateSamples=2', '--evaluateImages=20'];

const command = (script: string, ...args: string[]): string =>
  execFileSync(process.execPath, [resolve('node_modules/tsx/dist/cli.mjs'), resolve(script), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', DREAMLET_DATA: undefined, XDG_CACHE_HOME: folder },
  });

let app: ReturnType<typeof createNodeApp>;
let trained: string;
let said: string;

beforeAll(async () => {
  trained = command('train/cli.ts', 'glyphs-vae', ...SMALL, '--backend=cpu', '--name=small');
  command('train/evaluate-cli.ts', 'runs/small', '--backend=cpu');
  said = command('export/cli.ts', 'runs/small', '--id=glyphs', '--anomaly=500');
  command('export/compression-cli.ts', 'glyphs');
  await publishModels(join(folder, OWN), join(folder, 'dist/models'));
  app = createNodeApp(join(folder, 'dist/models'), 'glyphs');
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('training ends with validation figures alone; what is chosen by them is not seen by the test set', () => {
  expect(trained).toMatch(
    /\nbest checkpoint: epoch 1, validation (bound|elbo) -[\d.]+, .*\nnext: npm run evaluate -- runs\/small, for its test figures, and npm run export -- runs\/small\n$/,
  );
  expect(trained).not.toContain('(test');
});

test('training reports finite figures and shows samples', () => {
  const lines = readFileSync(join(folder, 'runs/small/metrics.jsonl'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]!).validation.elbo).toBeGreaterThan(-300);
  const sheet = decodePng(readFileSync(join(folder, 'runs/small/samples/epoch-001.png')), { maxPixels: 1e6 });
  expect(new Set(sheet.pixels).size).toBeGreaterThan(16);
});

test('--resume finds the run by its settings, and refuses to change one', () => {
  const again = command('train/cli.ts', 'glyphs-vae', ...SMALL, '--resume', '--no-download');
  expect(again).toMatch(/^runs\/small is finished\nbest checkpoint: epoch 1, validation /);
  expect(() => command('train/cli.ts', 'glyphs-vae', '--seed=5', '--name=small', '--resume')).toThrow(
    'runs/small began with seed=1; a setting cannot change on the way',
  );
  expect(() => command('train/cli.ts', 'mnist-vae', '--name=small', '--resume')).toThrow(
    'runs/small is a run of glyphs-vae, not of mnist-vae',
  );
}, 180_000);

test('a run that is named knows its own recipe', () => {
  expect(command('train/cli.ts', '--resume', '--name=small')).toMatch(/runs\/small is finished\n/);
  expect(() => command('train/cli.ts', '--resume', '--name=nope')).toThrow(
    "there is no run 'nope' under runs/ to resume; the runs are small; to begin one of that name, say its recipe too",
  );
}, 180_000);

test.each([
  [['glyphs-vae', '--epocs=3'], '--epocs is not a setting of the family vae; did you mean --epochs?'],
  [['glyphs-vae', '--resme'], '--resme is not a setting of the family vae; did you mean --resume?'],
  [['glyphs-vae', '--data=/nonexistent'], '--data=/nonexistent: there is no such folder'],
  [
    ['glyphs-vae', '--name=bad', '--network=conv', '--channels=4,4,4', '--dense=4'],
    'conv: 3 stages halve 3 times, so height and width must be multiples of 8, got 28×28',
  ],
  [['glyphs-vae', '--name=bad', '--patience=2', '--select=last'], '--patience=2 needs a validation figure'],
])(
  '%j is refused in words, and leaves no folder behind',
  (words, message) => {
    expect(() => command('train/cli.ts', ...words)).toThrow(message);
    expect(readdirSync(join(folder, 'runs'))).toEqual(['small']);
  },
  180_000,
);

test('where MNIST is not to be had, the default run says so in one sentence and learns glyphs', () => {
  // Three classes are asked for, so that it ends before it trains.
  const words = ['--no-download', `--data=${folder}`, '--name=bad', '--classes=3'];
  let said = { stdout: '', stderr: '' };
  try {
    command('train/cli.ts', ...words);
  } catch (error) {
    said = error as typeof said;
  }
  expect(said.stdout).toMatch(
    /^MNIST is not to be had here \(mnist: train-images-idx3-ubyte\.gz is in none of .*\), so this run learns digits that dreamlet draws itself: glyphs-cgan\.$/m,
  );
  expect(said.stderr).toBe('--classes=3 does not fit the data set, which has 10; say --classes=10\n');
}, 180_000);

test('a dry run proves that everything works', () => {
  expect(command('train/cli.ts', 'glyphs-vae', '--dry-run')).toMatch(/dry run: everything works\n$/);
}, 180_000);

test('the exported card is valid and its graph agrees with training', () => {
  const card = modelCardSchema.parse(
    JSON.parse(readFileSync(join(folder, 'models/own/glyphs@1/model.json'), 'utf8')),
  );
  expect(card.latent).toEqual({ prior: 'gaussian', dimensions: 4 });
  expect(card.parity.maxAbsDifference).toBeLessThan(1e-4);
});

test('the model is served: the same seed gives the same picture, another seed another', async () => {
  const image = async (seed: number) => {
    const response = await app.request(`/generate/glyphs@1.png?seed=${seed}&n=4`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe('image/png');
    return new Uint8Array(await response.arrayBuffer());
  };
  const seven = await image(7);
  expect(await image(7)).toEqual(seven);
  expect(await image(8)).not.toEqual(seven);
  const { width, height, pixels } = decodePng(seven, { maxPixels: 1e6 });
  expect([width, height]).toEqual([56, 56]);
  expect(Math.max(...pixels) - Math.min(...pixels)).toBeGreaterThan(50);
});

test('the export learns what is usual, and a package can learn it again from other images', async () => {
  expect(said).toMatch(
    /^anomaly scores of validation, first 500 images: median [\d.]+ nats, excess [\d.]+; false alarms, test, /m,
  );
  const verdict = async (pixels: Uint8Array) => {
    const response = await app.request('/anomaly?rate=0', {
      method: 'POST',
      body: JSON.stringify({ width: 28, height: 28, pixels: Array.from(pixels, (byte) => byte / 255) }),
      headers: { 'Content-Type': 'application/json' },
    });
    return ((await response.json()) as { verdict: string }).verdict;
  };
  // A training image is no stranger than the strangest of them.
  const digit = drawDigit(3, createStream('glyphs', 'train', 3));
  expect(await verdict(digit)).toBe('usual');
  expect(await verdict(digit.map((byte) => 255 - byte))).toBe('unusual');
  const path = join(folder, 'models/own/glyphs@1/model.json');
  const before = modelCardSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  command('export/cli.ts', 'glyphs@1', '--anomaly=600');
  const after = modelCardSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  expect(after.anomaly!.split).toBe('validation, first 600 images');
  expect({ ...after, anomaly: before.anomaly }).toEqual(before);
  expect(() => command('export/cli.ts', 'glyphs@1', '--title=Other')).toThrow('--title is for runs');
}, 180_000);

test('its pictures become codes and come back; figures that codes depend on stay', async () => {
  const body = await (await app.request('/generate/glyphs@1.png?seed=7')).arrayBuffer();
  const compressed = await app.request('/compress', {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'image/png' },
  });
  const code = await compressed.arrayBuffer();
  expect(code.byteLength).toBeLessThan(20);
  const there = await app.request('/decompress', {
    method: 'POST',
    body: code,
    headers: { 'Content-Type': 'application/octet-stream' },
  });
  expect([there.status, there.headers.get('X-Model')]).toEqual([200, 'glyphs@1']);
  const card = () => JSON.parse(readFileSync(join(folder, 'models/own/glyphs@1/model.json'), 'utf8'));
  const { compression, capabilities } = card();
  expect(compression.split).toBe('train, first 20000 images');
  expect(capabilities).toContain('compress');
  expect(() => command('export/compression-cli.ts', 'glyphs')).toThrow(
    'models/own/glyphs@1 compresses already; other figures would break the codes that it has made',
  );
  command('export/cli.ts', 'runs/small', '--id=glyphs');
  expect(card().compression).toEqual(compression);
}, 300_000);

test('two models whose codes could not be told apart are not published', async () => {
  const twins = join(folder, 'twins');
  await publishModels(join(folder, OWN), twins);
  cpSync(join(twins, 'glyphs@1'), join(twins, 'other@1'), { recursive: true });
  const path = join(twins, 'other@1/model.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"id": "glyphs"', '"id": "other"'));
  await expect(publishModels(twins, join(folder, 'x'))).rejects.toThrow(
    /^other@1 and glyphs@1 have the same tag [0-9a-f]{4}, which must be one model's alone$/,
  );
});

test('the deployed bundle answers the same bytes in workerd', async () => {
  const path = '/generate/glyphs@1.png?seed=dream&n=9&scale=2';
  const workerd = await startWorkerd({ dreamlet: 'worker/index.ts' }, join(folder, 'dist'));
  try {
    const [there, here] = await Promise.all([fetch(`${workerd.urls.dreamlet}${path}`), app.request(path)]);
    expect(there.status).toBe(200);
    expect(there.headers.get('ETag')).toBe(here.headers.get('ETag'));
    expect(new Uint8Array(await there.arrayBuffer())).toEqual(new Uint8Array(await here.arrayBuffer()));
  } finally {
    await workerd.stop();
  }
}, 180_000);
