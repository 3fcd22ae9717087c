// HMC and the two estimators of log p(x), against exact integration where there is one, and against each other.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { activeUnits } from '../../train/evaluate/bounds/active-units.ts';
import { createBoundEvaluator } from '../../train/evaluate/bounds/bound.ts';
import { fitGaussian } from '../../train/evaluate/bounds/gaussian-fit.ts';
import type { LatentModel } from '../../train/evaluate/bounds/joint.ts';
import { createMarginalEvaluator, requireAboveBound } from '../../train/evaluate/bounds/marginal.ts';
import { resample } from '../../train/evaluate/bounds/resample.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';
import { gaussianLogDensity } from '../../train/likelihoods.ts';
import { descend } from '../../train/methods/descend.ts';
import { createChains, createSampler, type Moved } from '../../train/methods/hmc.ts';
import type { Vae } from '../../train/model.ts';
import { createAevb } from '../../train/models/aevb.ts';
import { adam } from '../../train/optimisers.ts';
import { drawNoise } from '../../train/runner/noise.ts';
import { beginTraining, createTrainer } from '../../train/runner/step.ts';

// z ~ N(0, I₂), x = W z + N(0, s² I₃): log p(x) = log N(x; 0, W Wᵀ + s² I), and the posterior is Gaussian.
const W = [
  [1, 0.5],
  [-0.7, 0.8],
  [0.2, -1.1],
];
const VARIANCE = 0.3;
const loading = () =>
  tf.transpose(
    tf.tensor2d(
      W.flatMap((_, j) => W[j]!),
      [3, 2],
    ),
  );
const likelihood = (x: tf.Tensor, z: tf.Tensor) => {
  const mean = tf.matMul(z as tf.Tensor2D, loading() as tf.Tensor2D);
  return gaussianLogDensity(tf.reshape(x, [-1, 3]), mean, tf.fill(mean.shape, Math.log(VARIANCE)));
};
/** The mean and variance of an approximate posterior: near the exact one, not equal to it. */
const toy = {
  image: { width: 3, height: 1, channels: 1 },
  latentDimensions: 2,
  logLikelihood: (_, __, x, z) => likelihood(x, z),
  encode: (_, __, x) => ({
    mean: tf.matMul(
      tf.reshape(x, [-1, 3]) as tf.Tensor2D,
      tf.tensor2d([0.5, 0.2, -0.3, 0.3, 0.1, -0.5], [3, 2]),
    ),
    logVariance: tf.fill([x.shape[0]!, 2], Math.log(0.25)),
  }),
} as Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood' | 'encode'>;

const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
/** log N(x; 0, W Wᵀ + s² I) by Gaussian elimination. */
function exactLogMarginal(x: number[]): number {
  const rows = W.map((w, i) => [...W.map((v, j) => dot(w, v) + (i === j ? VARIANCE : 0)), x[i]!]);
  let logDeterminant = 0;
  for (let i = 0; i < 3; i++) {
    logDeterminant += Math.log(rows[i]![i]!);
    for (let k = i + 1; k < 3; k++) {
      const factor = rows[k]![i]! / rows[i]![i]!;
      rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  const squares = rows.reduce((sum, row, i) => sum + row[3]! ** 2 / row[i]!, 0);
  return -0.5 * (3 * Math.log(2 * Math.PI) + logDeterminant + squares);
}

const points = [
  [0.3, -0.2, 1],
  [2, -1, 0.5],
  [-0.4, 0.1, 0],
  [1.5, 1.5, -2],
];
const values = Float32Array.from(points.flat());
const nothing = { params: {}, state: {} };

test('both estimators of log p(x) agree with exact integration on a linear-Gaussian model', async () => {
  const exact = points.map(exactLogMarginal);
  const marginal = await createMarginalEvaluator(toy, nothing, values, {
    proposals: 50,
    chains: 2,
    samples: 400,
    burnIn: 40,
    thinning: 2,
    leapfrogSteps: 4,
    seed: 'toy',
    backend: 'cpu',
  });
  const { logMarginal, bound, acceptance } = await marginal.evaluate(nothing);
  await marginal.release();
  expect(acceptance).toBeGreaterThan(0.8);
  expect(acceptance).toBeLessThan(0.97);
  const weighted = await createBoundEvaluator(toy as Vae, nothing, {
    samples: 2000,
    seed: 'toy',
    backend: 'cpu',
  });
  const { logWeight } = await weighted.evaluate(nothing, values);
  await weighted.release();
  for (const [i, value] of exact.entries()) {
    expect(Math.abs(logMarginal[i]! - value), `HMC, ${i}`).toBeLessThan(0.06);
    expect(Math.abs(bound[i]! - value), `bound, ${i}`).toBeLessThan(0.1);
    expect(Math.abs(logWeight[i]! - value), `importance, ${i}`).toBeLessThan(0.1);
  }
}, 60_000);

// z ~ N(0, 1), x = 2 z with probability 0.8 and −0.7 z with 0.2, and noise: p(x) is a mixture of two Gaussians, and so
// is the posterior, with modes far apart.
const BRANCHES = [
  { share: 0.8, slope: 2 },
  { share: 0.2, slope: -0.7 },
];
const NOISE = 0.01;
const folded: LatentModel = {
  image: { width: 1, height: 1, channels: 1 },
  latentDimensions: 1,
  logLikelihood: (_, __, x, z) => {
    const pixel = tf.reshape(x, [-1, 1]);
    const branches = BRANCHES.map(({ share, slope }) => {
      const density = gaussianLogDensity(pixel, tf.mul(z, slope), tf.fill(z.shape, Math.log(NOISE)));
      return tf.add(density, Math.log(share));
    });
    return tf.logSumExp(tf.stack(branches), 0);
  },
};
const foldedLogMarginal = (x: number) =>
  Math.log(
    BRANCHES.reduce((sum, { share, slope }) => {
      const variance = slope ** 2 + NOISE;
      return sum + (share * Math.exp((-0.5 * x ** 2) / variance)) / Math.sqrt(2 * Math.PI * variance);
    }, 0),
  );

test('a posterior of two modes: log p(x) is that of both, though no chain leaves its own', async () => {
  const xs = [0.5, 1, 1.4, -1.2];
  const marginal = await createMarginalEvaluator(folded, nothing, Float32Array.from(xs), {
    proposals: 50,
    chains: 5,
    samples: 200,
    burnIn: 20,
    thinning: 1,
    leapfrogSteps: 4,
    seed: 'folded',
    backend: 'cpu',
  });
  const { logMarginal } = await marginal.evaluate(nothing);
  await marginal.release();
  // One mode alone would give log 0.2 to log 0.8 less: 0.25 nats at the least.
  for (const [i, x] of xs.entries())
    expect(Math.abs(logMarginal[i]! - foldedLogMarginal(x)), `x = ${x}`).toBeLessThan(0.1);
}, 60_000);

test('an estimate below its own lower bound is refused, with both figures', () => {
  const bound = Float64Array.of(-128, -130, -132, -134);
  const above = bound.map((value, i) => value + 0.1 * i - 0.1);
  requireAboveBound({ logMarginal: above, bound });
  const below = bound.map((value, i) => value - 10 + 0.1 * i);
  expect(() => requireAboveBound({ logMarginal: below, bound })).toThrow(
    'marginal: the estimate of log p(x), -140.85, must not be below its lower bound -131.00; it is, by 9.850 ± 0.065',
  );
});

test('systematic resampling gives every index its share', () => {
  const logs = [0.5, 0.25, 0, 0.25].map((share) => Math.log(share) - 900);
  expect(resample(logs, 4, 0.5)).toEqual([0, 0, 1, 3]);
  expect(resample(logs, 2, 0.1)).toEqual([0, 1]);
  expect(resample(logs, 2, 0.9)).toEqual([0, 3]);
});

test('frames of a moment are one observation', () => {
  // Deviations of the blocks' sums from their means: −3, −3 and 6.
  expect(meanAndError([1, 1, 1, 1, 5, 3], 2)).toEqual({
    mean: 2,
    standardError: Math.sqrt((24 * 3) / 2) / 6,
  });
});

test('each image has noise of its own, so the error of a mean is that of independent images', async () => {
  const single = await createBoundEvaluator(toy as Vae, nothing, { samples: 1, seed: 'own', backend: 'cpu' });
  const same = Float32Array.from([...points[0]!, ...points[0]!]);
  const { logWeight } = await single.evaluate(nothing, same);
  await single.release();
  expect(logWeight[0]).not.toBe(logWeight[1]);
});

test('chains reach the exact posterior and their steps the target acceptance', async () => {
  const chains = 500;
  const one = points[1]!;
  const x = {
    shape: [chains, 1, 1, 3],
    data: Float32Array.from({ length: 3 * chains }, (_, i) => one[i % 3]!),
  };
  const sampler = await createSampler(toy, nothing, { chains, leapfrogSteps: 4, backend: 'cpu' });
  const [logDensity, acceptance] = [new Float32Array(0), new Float32Array(0)];
  let now: Moved = {
    ...createChains({ shape: [chains, 2], data: new Float32Array(2 * chains) }, 1.5),
    logDensity,
    acceptance,
  };
  const noise = createStream('chains');
  let accepted = 0;
  for (let i = 0; i < 80; i++) {
    now = await sampler.move(nothing, x, now, noise, Math.max(0, 1 - i / 40));
    if (i >= 40) accepted += meanAndError(now.acceptance).mean / 40;
  }
  await sampler.release();
  expect(Math.abs(accepted - 0.9)).toBeLessThan(0.04);
  // Posterior precision P = I + Wᵀ W / s², mean P⁻¹ Wᵀ x / s².
  const column = (j: number) => W.map((w) => w[j]!);
  const [a, b, d] = [
    1 + dot(column(0), column(0)) / VARIANCE,
    dot(column(0), column(1)) / VARIANCE,
    1 + dot(column(1), column(1)) / VARIANCE,
  ];
  const [u, v] = [dot(column(0), one) / VARIANCE, dot(column(1), one) / VARIANCE];
  const mean = [(d * u - b * v) / (a * d - b * b), (a * v - b * u) / (a * d - b * b)];
  const drawn = Array.from({ length: chains }, (_, i) => now.z.data.subarray(2 * i, 2 * i + 2));
  const fit = fitGaussian(drawn);
  for (const j of [0, 1]) expect(Math.abs(fit.mean[j]! - mean[j]!)).toBeLessThan(0.1);
  // The density at the mean is 1/(2π √|Σ|).
  const exactPeak = -Math.log(2 * Math.PI) + 0.5 * Math.log(a * d - b * b);
  expect(Math.abs(fit.logDensity(fit.mean) - exactPeak)).toBeLessThan(0.15);
}, 60_000);

test('a unit is active when its mean varies over images, however many there are', async () => {
  // `encode` of the toy is linear, so x = (t, 0, 0) has means (0.5 t, 0.2 t) with variances 0.25 v and 0.04 v.
  const units = (count: number, deviation: number) => {
    const xs = Float32Array.from({ length: 3 * count }, (_, i) =>
      i % 3 > 0 ? 0 : 1 + (i % 2 === 0 ? deviation : -deviation),
    );
    return activeUnits(toy as Vae, nothing, xs, { backend: 'cpu' });
  };
  expect(await units(130, 1)).toBe(2);
  expect(await units(130, 0.3)).toBe(1);
  expect(await units(6, 0.1)).toBe(0);
});

test('a density needs more samples than dimensions', () => {
  expect(() =>
    fitGaussian([
      [0, 0],
      [1, 1],
    ]),
  ).toThrow('2 samples cannot give a covariance in 2 dimensions');
});

test('HMC and importance weighting agree on a trained VAE', async () => {
  const size = 784;
  const pixels = new Uint8Array(40 * size);
  for (let i = 0; i < 40; i++) pixels.set(drawDigit(i % 10, createStream('marginal', i)), i * size);
  const images = Float32Array.from(pixels, (byte) => (byte > 127 ? 1 : 0));
  const vae = createAevb({
    image: { width: 28, height: 28, channels: 1 },
    latentDimensions: 2,
    hidden: 20,
    likelihood: 'bernoulli',
  });
  const learner = descend(vae, adam());
  const initial = vae.init(createStream('vae'), new Float32Array(size).fill(0.5));
  const trainer = await createTrainer(learner, beginTraining(learner, initial), {
    batchSize: 40,
    backend: 'cpu',
  });
  const noise = createStream('noise');
  for (let step = 0; step < 300; step++)
    await trainer.step(
      { x: images, ...drawNoise(learner.feeds(40), noise) },
      { learningRate: 3e-3, klWeight: 1 },
    );
  const weights = structuredClone({ params: trainer.current().params, state: {} });
  await trainer.release();
  const marginal = await createMarginalEvaluator(vae, weights, images, {
    proposals: 50,
    chains: 2,
    samples: 100,
    burnIn: 30,
    thinning: 2,
    leapfrogSteps: 4,
    seed: 'a',
    backend: 'cpu',
  });
  const { logMarginal } = await marginal.evaluate(weights);
  await marginal.release();
  const weighted = await createBoundEvaluator(vae, weights, { samples: 1000, seed: 'a', backend: 'cpu' });
  const { logWeight } = await weighted.evaluate(weights, images);
  await weighted.release();
  const { mean, standardError } = meanAndError(logMarginal.map((value, i) => value - logWeight[i]!));
  expect(Math.abs(mean), `${mean} ± ${standardError}`).toBeLessThan(Math.max(0.1, 3 * standardError));
  expect(standardError).toBeLessThan(0.3);
}, 60_000);
