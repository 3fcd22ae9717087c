// Structured predictors from recipe to package: trained, judged by the hidden half, served by /complete.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodePng } from '../../../core/image/png.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { exportRun } from '../../../export/package.ts';
import { publishModels } from '../../../export/publish.ts';
import type { DataSet, Images } from '../../../train/data/data-set.ts';
import { openPackage } from '../../../train/evaluate/package.ts';
import { evaluateModel } from '../../../train/evaluate/report.ts';
import type { PredictorRecipe } from '../../../train/families/predictor.ts';
import { createBeliefNetwork } from '../../../train/models/belief-network.ts';
import { RECIPES } from '../../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { openRun } from '../../../train/run/open-run.ts';
import { readReport } from '../../../train/run/report.ts';
import { createRun } from '../../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../../train/run/session.ts';
import { createNodeApp } from '../../../worker/node.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-predictor-'));
afterAll(() => rmSync(root, { recursive: true }));

const halves = {
  family: 'predictor',
  dataset: 'glyphs',
  variant: 'static',
  validation: 200,
  codes: 'bernoulli',
  variables: 4,
  layers: 1,
  gradient: 'vimco',
  hidden: [32],
  learningRate: 0.02,
  finalLearningRate: 0.001,
  batchSize: 50,
  epochs: 40,
  selectSamples: 10,
  evaluateSamples: 100,
  evaluateImages: 200,
} satisfies PredictorRecipe;

beforeAll(() => {
  RECIPES.halves = halves;
});

/** 4×4: the upper half is left or right, the lower half is either of two patterns that depend on it, by chance. */
function pairs(split: string, count: number): Images {
  const stream = createStream('pairs', split);
  const pixels = new Uint8Array(count * 16);
  for (let i = 0; i < count; i++) {
    const [side, toss] = [stream.uniform() < 0.5, stream.uniform() < 0.5];
    for (let p = 0; p < 16; p++) {
      const left = p % 4 < 2 === side;
      pixels[i * 16 + p] = 255 * Number(p < 8 || toss ? left : p % 2 === Number(side));
    }
  }
  return { count, width: 4, height: 4, channels: 1, pixels };
}
const dataset: DataSet = {
  id: 'pairs',
  title: 'pairs',
  terms: 'MIT',
  train: pairs('train', 2000),
  validation: pairs('validation', 200),
  test: pairs('test', 500),
};
const runner = { backend: 'cpu' as const, threads: 1, display: { step: () => {}, line: () => {} } };

test('from its recipe to completions', async () => {
  const folder = join(root, 'run');
  const settings = resolveRecipe(halves, {});
  const { id, title, terms } = dataset;
  createRun(folder, {
    recipe: 'halves',
    settings,
    backend: 'cpu',
    image: { width: 4, height: 4, channels: 1 },
    dataset: { id, title, terms, images: 2000 },
  });
  await trainRun(folder, dataset, { ...runner, shouldStop: () => false });
  await reportRun(folder, dataset, runner);
  const run = openRun(folder, { finished: true });
  const report = readReport(folder)!;
  expect(report.figures.map(({ name }) => name)).toEqual(['conditional-nll']);
  const { value } = report.figures[0]!;
  // Two completions, as likely: log 2. Without latents, or with one sample in training, four pixels cost log 2 each.
  expect(value).toBeGreaterThan(Math.LN2 - 0.1);
  expect(value).toBeLessThan(2.3);

  const out = join(root, 'models');
  const options = { out, id: 'halves', title: 'Halves', description: 'Halves.', weights: 'float32' as const };
  const { folder: shipped, card } = await exportRun({ ...run, report }, options);
  expect([card.capabilities, card.completion, Object.keys(card.graphs)]).toEqual([
    ['complete'],
    { masks: ['upper'] },
    ['completer'],
  ]);
  const { subject } = openPackage(shipped);
  const again = await evaluateModel(subject, dataset, {
    backend: 'cpu',
    threads: 1,
    samples: 100,
    images: 200,
  });
  expect(again[0]!.value).toBeCloseTo(value, 3);

  await publishModels(out, join(root, 'dist'));
  const app = createNodeApp(join(root, 'dist'), 'halves');
  const pixels = dataset.test.pixels.slice(0, 16);
  const png = encodePng({ width: 4, height: 4, channels: 1, pixels });
  const request = { method: 'POST', body: png, headers: { 'content-type': 'image/png' } };
  const answer = await app.request('/complete?model=halves&seed=a&n=32&format=json', request);
  expect(answer.status).toBe(200);
  const { images } = (await answer.json()) as { images: { pixels: string }[] };
  const drawn = images.map((image) => [...Buffer.from(image.pixels, 'base64')]);
  // What was known stays, and the rest is one of two.
  expect(drawn.every((image) => image.slice(0, 8).every((grey, p) => grey === pixels[p]))).toBe(true);
  const side = pixels[0] === 255;
  const agrees = (image: number[], bit: (p: number) => boolean) =>
    image.slice(8).filter((grey, p) => grey > 127 === bit(p)).length;
  const first = drawn.filter((image) => agrees(image, (p) => p % 4 < 2 === side) >= 7).length;
  const second = drawn.filter((image) => agrees(image, (p) => p % 2 === Number(side)) >= 7).length;
  expect(first + second).toBeGreaterThan(8);
}, 120_000);

test('a predictor needs two equal halves of one channel', () => {
  const layers = [{ kind: 'bernoulli', variables: 2 }] as const;
  expect(() => createBeliefNetwork({ image: { width: 4, height: 5, channels: 1 }, layers })).toThrow(
    'belief-network: images must have one channel and an even height, got 1 and 5',
  );
});
