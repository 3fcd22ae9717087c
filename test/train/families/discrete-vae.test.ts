// VAEs with discrete codes from recipe to package: trained, chosen, evaluated as run and as package, served.
import { expect, test } from 'vitest';
import type { DiscreteVaeRecipe } from '../../../train/families/discrete-vae.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { bitsOf, cycle, entropyOf, toyData } from './cycle.ts';

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
  evaluateImages: 500,
} satisfies DiscreteVaeRecipe;

const PATTERNS = [
  (p: number) => p % 4 < 2,
  (p: number) => p < 8,
  (p: number) => ((p % 4) + Math.floor(p / 4)) % 2 === 0,
  (p: number) => p % 5 === 0,
];
const KNOWN = PATTERNS.map((bit) => Array.from({ length: 16 }, (_, p) => Number(bit(p))).join(''));

/** The first pattern half of the time, each other one a sixth. */
const dataset = toyData('patterns', (uniform) => {
  const bit = PATTERNS[Math.max(0, Math.floor(uniform() * 6) - 2)]!;
  return { bit };
});

test('from its recipe to its pictures', async () => {
  const { card, figures, again, app } = await cycle('stripes', stripes, dataset);
  const entropy = entropyOf(bitsOf(dataset.test));
  // No model is below the entropy of these images. One that takes two patterns for one is log 2 above it at least: the
  // last two, a third of the images, differ in four pixels, and log 2 is saved by saying one code for both.
  expect(figures.nll).toBeGreaterThan(entropy);
  expect(figures.nll).toBeLessThan(entropy + Math.LN2);
  expect(-figures.elbo!).toBeGreaterThan(figures.nll!);
  expect([card.capabilities, card.latent, card.likelihood, Object.keys(card.graphs)]).toEqual([
    ['generate', 'interpolate', 'encode'],
    { prior: 'categorical', variables: 3, classes: 3 },
    'bernoulli',
    ['decoder', 'encoder', 'prior'],
  ]);
  // The package alone gives the figures of its card.
  for (const name of ['nll', 'elbo']) expect(again[name], name).toBeCloseTo(figures[name]!, 3);

  const answer = await app.request('/generate/stripes.json?seed=s&n=64');
  const { images } = (await answer.json()) as { images: { pixels: string }[] };
  const drawn = images.map(({ pixels }) =>
    [...Buffer.from(pixels, 'base64')].map((grey) => Number(grey > 127)).join(''),
  );
  const shares = KNOWN.map((pattern) => drawn.filter((one) => one === pattern).length / 64);
  // Pinsker: what the model draws has no other probability than the data by more than this; and three standard errors
  // of 64 draws.
  const distance = Math.sqrt((figures.nll! - entropy) / 2) + 3 / 16;
  expect(shares.reduce((a, b) => a + b)).toBeGreaterThan(1 - distance);
  expect(shares[0]).toBeGreaterThan(0.5 - distance);
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
