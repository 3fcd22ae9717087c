// Structured predictors from recipe to package: trained, judged by the hidden half, served by /complete.
import { expect, test } from 'vitest';
import { encodePng } from '../../../core/image/png.ts';
import type { PredictorRecipe } from '../../../train/families/predictor.ts';
import { createBeliefNetwork } from '../../../train/models/belief-network.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { bitsOf, cycle, entropyOf, toyData } from './cycle.ts';

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
  evaluateImages: 500,
} satisfies PredictorRecipe;

const recognising = {
  ...halves,
  layers: 2,
  gradient: 'gumbel-softmax',
  recognition: true,
  klWarmupEpochs: 5,
  epochs: 20,
} satisfies PredictorRecipe;

/** The upper half is left or right; the lower half goes on like it, or is stripes that depend on it, by chance. */
const dataset = toyData('pairs', (uniform) => {
  const [side, toss] = [uniform() < 0.5, uniform() < 0.5];
  return {
    bit: (p) => {
      const left = p % 4 < 2 === side;
      return p < 8 || toss ? left : p % 2 === Number(side);
    },
  };
});

/** Entropy of the lower halves of the test images given the upper ones: no predictor needs fewer nats. */
const least =
  entropyOf(bitsOf(dataset.test)) - entropyOf(bitsOf(dataset.test).map((bits) => bits.slice(0, 8)));

// Without codes the four pixels in which the two lower halves differ cost log 2 each. A belief network must be below
// that; what a posterior has taught must have found the one bit, and so be within half a bit of it.
test.each([
  ['by five samples', halves, 4 * Math.LN2],
  ['by a posterior', recognising, least + Math.LN2 / 2],
])(
  'from its recipe to completions, %s',
  async (_, recipe, most) => {
    const { card, figures, again, app } = await cycle('halves', recipe, dataset);
    expect(Object.keys(figures)).toEqual(['conditional-nll']);
    const nll = figures['conditional-nll']!;
    expect(nll).toBeGreaterThan(least);
    expect(nll).toBeLessThan(most);
    expect([card.capabilities, card.completion, Object.keys(card.graphs)]).toEqual([
      ['complete'],
      { masks: ['upper'] },
      ['completer'],
    ]);
    expect(again['conditional-nll']).toBeCloseTo(nll, 3);

    const pixels = dataset.test.pixels.slice(0, 16);
    const png = encodePng({ width: 4, height: 4, channels: 1, pixels });
    const request = { method: 'POST', body: png, headers: { 'content-type': 'image/png' } };
    const answer = await app.request('/complete?model=halves&seed=a&n=32&format=json', request);
    expect(answer.status).toBe(200);
    const { images } = (await answer.json()) as { images: { pixels: string }[] };
    const drawn = images.map((image) => [...Buffer.from(image.pixels, 'base64')]);
    expect(drawn.every((image) => image.slice(0, 8).every((grey, p) => grey === pixels[p]))).toBe(true);
    if (recipe !== recognising) return;
    // The rest is one of two, each half of the time: Pinsker's bound on how far off it is, and three standard errors.
    const side = pixels[0] === 255;
    const share = (bit: (p: number) => boolean) =>
      drawn.filter((image) => image.every((grey, p) => p < 8 || grey > 127 === bit(p))).length / 32;
    const distance = Math.sqrt((nll - least) / 2) + 3 * Math.sqrt(0.25 / 32);
    expect(share((p) => p % 4 < 2 === side)).toBeGreaterThan(0.5 - distance);
    expect(share((p) => p % 2 === Number(side))).toBeGreaterThan(0.5 - distance);
  },
  120_000,
);

test('a predictor needs two equal halves of one channel', () => {
  const layers = [{ kind: 'bernoulli', variables: 2 }] as const;
  expect(() => createBeliefNetwork({ image: { width: 4, height: 5, channels: 1 }, layers })).toThrow(
    'completer: images must have one channel and an even height, got 1 and 5',
  );
});

test.each([
  [{ recognition: 'true' }, 'gradient vimco draws from the prior of the codes, got recognition true'],
  [{ klWarmupEpochs: '3' }, 'klWarmupEpochs 3 needs recognition true'],
])('a recipe with %o is refused', (overrides, words) => {
  expect(() => resolveRecipe(halves, overrides)).toThrow(words);
});
