// A generator and an encoder that a critic of pairs taught, from recipe to package: trained, measured, served.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isGaussianVae } from '../../../models/card.ts';
import type { GanRecipe } from '../../../train/families/gan.ts';
import { bitsOf, cycle, toyData } from './cycle.ts';

const features = mkdtempSync(join(tmpdir(), 'dreamlet-bigan-'));
const cache = process.env.XDG_CACHE_HOME;
beforeAll(() => {
  process.env.XDG_CACHE_HOME = features;
});
afterAll(() => {
  if (cache === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = cache;
  rmSync(features, { recursive: true });
});

const pairs = {
  family: 'gan',
  dataset: 'glyphs',
  variant: 'grey',
  validation: 200,
  latent: 2,
  encoder: true,
  cycle: 10,
  network: 'mlp',
  hidden: [32],
  criticHidden: [32],
  pieces: 2,
  dropout: false,
  criticNorm: 'spectral',
  loss: 'hinge',
  criticSteps: 0,
  learningRate: 0.004,
  averageSteps: 50,
  batchSize: 50,
  epochs: 20,
  selectImages: 200,
  evaluateSamples: 200,
  evaluateImages: 20,
} satisfies GanRecipe;

const PATTERNS = [(p: number) => p % 4 < 2, (p: number) => p < 8, (p: number) => p % 5 === 0];
const dataset = toyData(
  'pairs',
  (uniform) => {
    const label = Math.floor(3 * uniform());
    return { bit: PATTERNS[label]!, label };
  },
  ['left', 'upper', 'diagonal'],
);

test('from its recipe to its pictures', async () => {
  const { card, figures, again, app } = await cycle('pairs', pairs, dataset);
  expect([card.capabilities, card.latent, card.likelihood, Object.keys(card.graphs)]).toEqual([
    ['generate', 'interpolate', 'encode'],
    { prior: 'gaussian', dimensions: 2 },
    'bernoulli',
    ['decoder', 'encoder'],
  ]);
  expect(isGaussianVae(card)).toBe(true);
  // It is judged by what it draws, and by a bound that nothing has taught it.
  expect(Object.keys(figures)).toEqual(expect.arrayContaining(['nll', 'frechet', 'precision', 'recall']));
  expect(figures.kl).toBeGreaterThan(Math.log(3) / 2);
  for (const name of ['elbo', 'kl']) expect(again[name], name).toBeCloseTo(figures[name]!, 2);

  // Every pattern comes back as itself.
  const known = PATTERNS.map((bit) => Array.from({ length: 16 }, (_, p) => Number(bit(p))));
  const rebuilt = await Promise.all(
    known.map(async (pixels) => {
      const answer = await app.request('/reconstruct?model=pairs&format=json', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ pixels, width: 4, height: 4, channels: 1 }),
      });
      const { images } = (await answer.json()) as { images: { pixels: string }[] };
      return [...Buffer.from(images[0]!.pixels, 'base64')].map((grey) => Number(grey > 127));
    }),
  );
  expect(rebuilt).toEqual(known);

  const answer = await app.request('/generate/pairs.json?seed=s&n=64');
  const { images } = (await answer.json()) as { images: { pixels: string }[] };
  const drawn = images.map(({ pixels }) =>
    [...Buffer.from(pixels, 'base64')].map((grey) => Number(grey > 127)).join(''),
  );
  const real = new Set(bitsOf(dataset.test));
  expect(drawn.filter((one) => real.has(one)).length).toBeGreaterThan(32);
  expect(new Set(drawn.filter((one) => real.has(one))).size).toBe(3);
}, 120_000);
