// The bound of an image, its place among training images, and the verdict.
import { expect, test } from 'vitest';
import { judge } from '../../../core/anomaly/judge.ts';
import { distributionOf, shareBelow, valueAt } from '../../../core/anomaly/quantiles.ts';
import { anomalyTerms } from '../../../core/anomaly/terms.ts';
import type { AnomalyCard } from '../../../models/sections.ts';

const floats = (...values: number[]) => Float32Array.from(values);
const PRIOR = { mean: floats(0), logVariance: floats(0) };

const CARD: AnomalyCard = {
  estimator: 'none',
  split: 'none, first 2 images',
  images: 2,
  falseAlarms: {
    split: 'test, 1 images',
    images: 1,
    reached: [{ rate: 0.01, share: 0, interval: [0, 0.8] }],
  },
  levels: [0, 0.5, 1],
  quantiles: { score: [0, 100, 200], excess: [0, 50, 100], reconstruction: [0, 60, 120], kl: [0, 40, 80] },
};

test('the terms of a binary image are those of the paper', () => {
  // KL(N(1, e²) ‖ N(0, 1)) = (1 + e² − 2 − 1) / 2.
  const posterior = { mean: floats(1, 0), logVariance: floats(2, 0) };
  const { reconstruction, kl, score, excess } = anomalyTerms(floats(1, 0), posterior, {
    mean: floats(0.5, 0.25),
  });
  expect(reconstruction).toBeCloseTo(-Math.log(0.5) - Math.log(0.75), 12);
  expect(kl).toBeCloseTo((Math.E ** 2 - 2) / 2, 12);
  expect(score).toBeCloseTo(reconstruction + kl, 12);
  expect(excess).toBe(score);
});

test('the excess of a grey image is how far its pixels are from the means, not how grey they are', () => {
  expect(anomalyTerms(floats(0.5, 0.25), PRIOR, { mean: floats(0.5, 0.25) }).excess).toBeCloseTo(0, 12);
  expect(anomalyTerms(floats(0.5, 0.25), PRIOR, { mean: floats(0.5, 0.25) }).score).toBeGreaterThan(1);
  // KL(Bernoulli(1/2) ‖ Bernoulli(1/4)) = ln 2 − ln 3 / 2 + …
  const divergence = 0.5 * Math.log(2) + 0.5 * Math.log(2 / 3);
  expect(anomalyTerms(floats(0.5), PRIOR, { mean: floats(0.25) }).excess).toBeCloseTo(divergence, 12);
});

test('Gaussian pixels cost their distance from the mean in deviations, and the excess is that distance alone', () => {
  // −log N(1; 0, e²) and −log N(2; 2, 1).
  const pixels = { mean: floats(0, 2), logVariance: floats(2, 0) };
  const { score, excess } = anomalyTerms(floats(1, 2), PRIOR, pixels);
  expect(score).toBeCloseTo(Math.log(2 * Math.PI) + 1 + Math.exp(-2) / 2, 12);
  expect(excess).toBeCloseTo(Math.exp(-2) / 2, 12);
});

test('codes cost −H(q) − log p of the likeliest one: symbols by softmax, bits by sigmoid', () => {
  const spec = { prior: 'categorical', variables: 2, classes: 2 } as const;
  const posterior = {
    spec,
    latent: floats(1, 0, 0, 1),
    logits: floats(Math.log(3), 0, 5, 5),
    priorLogits: floats(0, 0, Math.log(4), 0),
  };
  const { kl } = anomalyTerms(floats(), posterior, { mean: floats() });
  const negativeEntropy = 0.75 * Math.log(0.75) + 0.25 * Math.log(0.25) + Math.log(0.5);
  expect(kl).toBeCloseTo(negativeEntropy - Math.log(0.5) - Math.log(0.2), 6);
  const bits = {
    spec: { prior: 'bernoulli', dimensions: 2 } as const,
    latent: floats(1, 0),
    logits: floats(Math.log(3), 0),
    priorLogits: floats(Math.log(4), Math.log(4)),
  };
  expect(anomalyTerms(floats(), bits, { mean: floats() }).kl).toBeCloseTo(
    negativeEntropy - Math.log(0.8) - Math.log(0.2),
    6,
  );
});

test('a pixel that cannot be, by its mean, costs log(10⁶) and no more', () => {
  for (const [x, mean] of [[1, 0] as const, [0, 1] as const])
    expect(anomalyTerms(floats(x), PRIOR, { mean: floats(mean) }).score).toBeCloseTo(6 * Math.LN10, 6);
});

test('quantiles: linear in between, ends beyond the ends, equal values together', () => {
  const uniform = distributionOf(Array.from({ length: 1001 }, (_, i) => (i * 5) % 1001));
  expect([0, 0.01, 0.5, 0.99, 1].map((level) => valueAt(level, uniform))).toEqual([0, 10, 500, 990, 1000]);
  expect([-5, 0, 250, 1000, 1e9].map((value) => shareBelow(value, uniform))).toEqual([0, 0, 0.25, 1, 1]);
  expect(distributionOf([3, 1]).quantiles[11]).toBe(2);
  const steps = { levels: [0, 0.5, 1], quantiles: [1, 1, 2] };
  expect([0.9, 1, 1.5].map((value) => shareBelow(value, steps))).toEqual([0, 0.5, 0.75]);
});

test('either figure above its threshold is unusual, and each gets half of the rate', () => {
  const terms = { reconstruction: 90, kl: 20, score: 125, excess: 25 };
  expect(judge(terms, CARD, 1)).toEqual({
    ...terms,
    percentile: 62.5,
    percentiles: { score: 62.5, excess: 25, reconstruction: 75, kl: 25 },
    verdict: 'unusual',
    thresholds: { score: 100, excess: 50 },
    rate: 1,
  });
  expect(judge({ ...terms, score: 90, excess: 51 }, CARD, 1)).toMatchObject({
    percentile: 51,
    verdict: 'unusual',
  });
  expect(judge(terms, CARD, 0.5)).toMatchObject({
    verdict: 'usual',
    thresholds: { score: 150, excess: 75 },
  });
});
