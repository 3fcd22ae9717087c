// A family that is added in one file is trained, chosen, evaluated, exported and sampled by what all families share.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStream } from '../../../core/sampling/stream.ts';
import { exportRun } from '../../../export/package.ts';
import { publishModels } from '../../../export/publish.ts';
import type { DataSet, Images } from '../../../train/data/data-set.ts';
import { FAMILIES } from '../../../train/families/families.ts';
import { RECIPES } from '../../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { openRun } from '../../../train/run/open-run.ts';
import { readReport } from '../../../train/run/report.ts';
import { createRun } from '../../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../../train/run/session.ts';
import { readCheckpoint } from '../../../train/runner/checkpoint.ts';
import { createNodeApp } from '../../../worker/node.ts';
import { type ToyRecipe, toyGan } from './toy-gan.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-toy-'));
afterAll(() => rmSync(root, { recursive: true }));

const toy = {
  family: 'toy-gan',
  dataset: 'glyphs',
  variant: 'grey',
  validation: 500,
  learningRate: 0.05,
  batchSize: 50,
  epochs: 24,
} satisfies ToyRecipe;

beforeAll(() => {
  FAMILIES['toy-gan'] = toyGan;
  RECIPES.toy = toy;
});

/** Grey levels around 60 and around 190, as many of either. */
function mixture(split: string, count: number): Images {
  const stream = createStream('mixture', split);
  const pixels = Uint8Array.from(
    { length: count },
    (_, i) => (i % 2 === 0 ? 60 : 190) + 12 * stream.normal(),
  );
  return { count, width: 1, height: 1, channels: 1, pixels };
}
const dataset: DataSet = {
  id: 'mixture',
  title: 'a mixture',
  terms: 'MIT',
  train: mixture('train', 4000),
  validation: mixture('validation', 500),
  test: mixture('test', 500),
};
const runner = { backend: 'cpu' as const, threads: 1, display: { step: () => {}, line: () => {} } };
const image = { width: 1, height: 1, channels: 1 as const };

test('from its recipe to its pictures', async () => {
  const folder = join(root, 'run');
  const settings = resolveRecipe(toy, {});
  const { id, title, terms } = dataset;
  createRun(folder, {
    recipe: 'toy',
    settings,
    backend: 'cpu',
    image,
    dataset: { id, title, terms, images: 4000 },
  });
  let epochs = 0;
  await trainRun(folder, dataset, { ...runner, shouldStop: () => ++epochs === 5 });
  await trainRun(folder, dataset, { ...runner, shouldStop: () => false });
  await reportRun(folder, dataset, runner);

  // Chosen: the epoch with the least distance, which is not the last one.
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const epochsDone = lines.map((line) => JSON.parse(line));
  expect(epochsDone.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  const distances: number[] = epochsDone.map(({ validation }) => validation.distance);
  const run = openRun(folder, { finished: true });
  expect(run.best.epoch).toBe(1 + distances.indexOf(Math.min(...distances)));
  expect(run.best.epoch).toBeLessThan(24);
  expect(Object.keys(epochsDone[0].train)).toEqual(['critic/loss', 'generator/loss']);
  // Momentum rises over the run; the last step of the fifth epoch of 40 steps each is 0.025 before its end.
  expect(epochsDone[4].schedule.momentum).toBeCloseTo(0.5 + (0.2 * (4 + 39 / 40)) / 24, 10);

  // What is kept are averages, and so not what moved last; the critic has none.
  const { params } = readCheckpoint(join(folder, 'best.safetensors')).weights;
  expect(run.params['generator/out/bias']!.data).not.toEqual(params['generator/out/bias']!.data);
  expect(run.params['critic/out/bias']!.data).toEqual(params['critic/out/bias']!.data);
  expect(Object.keys(run.state)).toEqual([]);

  // Evaluated: a generator that knew one mode alone would be 65 grey levels away.
  const report = readReport(folder)!;
  expect(report.figures.map(({ name }) => name)).toEqual(['wasserstein']);
  expect(report.figures[0]!.value).toBeLessThan(25);

  // Exported and served; the command on the card leads back to its settings.
  const out = join(root, 'models');
  const options = { out, id: 'toy', title: 'Toy', description: 'A toy.', weights: 'float32' as const };
  const { card } = await exportRun({ ...run, report }, options);
  expect([card.family, card.capabilities, card.latent]).toEqual([
    'toy-gan',
    ['generate', 'interpolate'],
    { prior: 'uniform', dimensions: 2, low: -1, high: 1 },
  ]);
  expect(card.training.command).toMatch(/^npm run train -- toy && /);
  await publishModels(out, join(root, 'dist'));
  const app = createNodeApp(join(root, 'dist'), 'toy');
  const answer = await app.request('/generate/toy.json?seed=s&n=64');
  const { images } = (await answer.json()) as { images: { pixels: string }[] };
  const greys = images.map(({ pixels }) => Buffer.from(pixels, 'base64')[0]!);
  expect(greys.filter((grey) => grey < 125).length).toBeGreaterThan(10);
  expect(greys.filter((grey) => grey > 125).length).toBeGreaterThan(10);
  expect((await app.request('/encode?model=toy', { method: 'POST', body: '{}' })).status).toBe(422);
}, 60_000);
