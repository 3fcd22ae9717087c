// VAEs with discrete codes from recipe to package: trained, chosen, evaluated as run and as package, served.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStream } from '../../../core/sampling/stream.ts';
import { exportRun } from '../../../export/package.ts';
import { publishModels } from '../../../export/publish.ts';
import type { DataSet, Images } from '../../../train/data/data-set.ts';
import { openPackage } from '../../../train/evaluate/package.ts';
import { evaluateModel } from '../../../train/evaluate/report.ts';
import type { DiscreteVaeRecipe } from '../../../train/families/discrete-vae.ts';
import { RECIPES } from '../../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { openRun } from '../../../train/run/open-run.ts';
import { readReport } from '../../../train/run/report.ts';
import { createRun } from '../../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../../train/run/session.ts';
import { createNodeApp } from '../../../worker/node.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-discrete-'));
afterAll(() => rmSync(root, { recursive: true }));

const stripes = {
  family: 'discrete-vae',
  dataset: 'glyphs',
  variant: 'static',
  validation: 200,
  network: 'mlp',
  hidden: [16],
  activation: 'relu',
  variables: 3,
  symbols: 3,
  prior: 'autoregressive',
  priorHidden: 16,
  gradient: 'gumbel-softmax',
  temperature: 1,
  temperatureRate: 2e-3,
  klWarmupEpochs: 6,
  learningRate: 0.01,
  finalLearningRate: 0.001,
  batchSize: 50,
  epochs: 16,
  selectSamples: 10,
  evaluateSamples: 100,
  evaluateImages: 200,
} satisfies DiscreteVaeRecipe;

beforeAll(() => {
  RECIPES.stripes = stripes;
});

/** Four patterns of 4×4, the first half of the time: log p is −½ log 2 − ½ log 6 = −1.24 nats a picture. */
function patterns(split: string, count: number): Images {
  const stream = createStream('patterns', split);
  const pixels = new Uint8Array(count * 16);
  for (let i = 0; i < count; i++) {
    const which = Math.max(0, Math.floor(stream.uniform() * 6) - 2);
    for (let p = 0; p < 16; p++) {
      const [x, y] = [p % 4, Math.floor(p / 4)];
      pixels[i * 16 + p] = 255 * Number([x < 2, y < 2, (x + y) % 2 === 0, x === y][which]);
    }
  }
  return { count, width: 4, height: 4, channels: 1, pixels };
}
const dataset: DataSet = {
  id: 'patterns',
  title: 'patterns',
  terms: 'MIT',
  train: patterns('train', 2000),
  validation: patterns('validation', 200),
  test: patterns('test', 500),
};
const runner = { backend: 'cpu' as const, threads: 1, display: { step: () => {}, line: () => {} } };

test('from its recipe to its pictures', async () => {
  const folder = join(root, 'run');
  const settings = resolveRecipe(stripes, {});
  const { id, title, terms } = dataset;
  createRun(folder, {
    recipe: 'stripes',
    settings,
    backend: 'cpu',
    image: { width: 4, height: 4, channels: 1 },
    dataset: { id, title, terms, images: 2000 },
  });
  await trainRun(folder, dataset, { ...runner, shouldStop: () => false });
  await reportRun(folder, dataset, runner);
  const run = openRun(folder, { finished: true });
  const report = readReport(folder)!;
  const figureOf = (name: string) => report.figures.find((figure) => figure.name === name)!.value;
  // Half of the pictures are the first pattern, each other one is a sixth.
  const entropy = 0.5 * Math.log(2) + 0.5 * Math.log(6);
  expect(figureOf('nll')).toBeGreaterThan(entropy - 0.15);
  expect(figureOf('nll')).toBeLessThan(entropy + 0.25);
  expect(-figureOf('elbo')).toBeGreaterThan(figureOf('nll'));

  const out = join(root, 'models');
  const options = {
    out,
    id: 'stripes',
    title: 'Stripes',
    description: 'Stripes.',
    weights: 'float32' as const,
  };
  const { folder: shipped, card } = await exportRun({ ...run, report }, options);
  expect([card.capabilities, card.latent, card.likelihood, Object.keys(card.graphs)]).toEqual([
    ['generate', 'interpolate', 'encode'],
    { prior: 'categorical', variables: 3, classes: 3 },
    'bernoulli',
    ['decoder', 'encoder', 'prior'],
  ]);
  // The package alone gives the figures of its card.
  const { subject } = openPackage(shipped);
  const again = await evaluateModel(subject, dataset, {
    backend: 'cpu',
    threads: 1,
    samples: 100,
    images: 200,
  });
  for (const { name, value } of again.filter((figure) => ['nll', 'elbo'].includes(figure.name)))
    expect(value, name).toBeCloseTo(figureOf(name), 3);

  await publishModels(out, join(root, 'dist'));
  const app = createNodeApp(join(root, 'dist'), 'stripes');
  const answer = await app.request('/generate/stripes.json?seed=s&n=64');
  const { images } = (await answer.json()) as { images: { pixels: string }[] };
  // Samples of the prior are the patterns, the first of them most often.
  const drawn = images.map(({ pixels }) =>
    [...Buffer.from(pixels, 'base64')].map((grey) => Number(grey > 127)).join(''),
  );
  const known = [0, 1, 2, 3].map((which) => {
    const of = (p: number) => [p % 4 < 2, p < 8, ((p % 4) + Math.floor(p / 4)) % 2 === 0, p % 5 === 0][which];
    return Array.from({ length: 16 }, (_, p) => Number(of(p))).join('');
  });
  const shares = known.map((pattern) => drawn.filter((one) => one === pattern).length / 64);
  expect(shares.reduce((a, b) => a + b)).toBeGreaterThan(0.85);
  expect(shares[0]).toBeGreaterThan(0.3);
}, 120_000);

test.each([
  [{ gradient: 'arm' }, 'gradient arm needs codes bernoulli, got categorical'],
  [{ temperature: '0.3' }, 'finalTemperature 0.5 exceeds temperature 0.3'],
  [
    { network: 'conv', channels: '4', dense: '8', batchNorm: 'true' },
    'batchNorm true mixes the images of a batch',
  ],
  [{ symbols: '1' }, '--symbols=1'],
])('a recipe with %o is refused', (overrides, words) => {
  expect(() => resolveRecipe(stripes, overrides)).toThrow(words);
});
