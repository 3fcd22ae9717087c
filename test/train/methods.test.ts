// Gradients of every method of training, against finite differences and exact expectations.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '../../onnx/trace/trace.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';
import { freeBitsKl, gaussianKl, gaussianLogDensity } from '../../train/likelihoods.ts';
import { descend } from '../../train/methods/descend.ts';
import { doublyReparameterised } from '../../train/methods/doubly-reparameterised.ts';
import { fullVariational, initFullVariational } from '../../train/methods/full-variational.ts';
import { maximisation } from '../../train/methods/monte-carlo-em.ts';
import { wakeSleep } from '../../train/methods/wake-sleep.ts';
import type { HostTensors, NoiseSpec, Tensors, Vae } from '../../train/model.ts';
import { createAevb } from '../../train/models/aevb.ts';
import { adagrad, sgd, withNormalPrior } from '../../train/optimisers.ts';
import { within } from '../../train/runner/names.ts';
import type { Learner } from '../../train/runner/step.ts';
import { expectGradients, first, lift, liftNoise } from './lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const BATCH = 3;
const schedule = { klWeight: tf.scalar(1) };
/** Gradients do not depend on it. */
const optimiser = sgd();
const config = { image: { width: 3, height: 4, channels: 1 }, latentDimensions: 2, hidden: 5 } as const;

/** A small model away from its start, a batch for it, and noise. */
function setUp(likelihood: 'bernoulli' | 'gaussian', change: object = {}) {
  const vae = createAevb({ ...config, likelihood, ...change });
  const stream = createStream('methods', likelihood);
  const { params } = vae.init(stream, new Float32Array(12).fill(0.5));
  for (const { data } of Object.values(params)) for (let i = 0; i < data.length; i++) data[i]! *= 40;
  const x = tf.tensor4d(
    Array.from({ length: BATCH * 12 }, () => stream.uniform()),
    [BATCH, 1, 4, 3],
  );
  return { vae, params, x, stream };
}
/** The feeds that are noise. */
const noiseOf = (learner: Learner) =>
  Object.fromEntries(
    Object.entries(learner.feeds(BATCH)).filter(([, { distribution }]) => distribution !== 'data'),
  ) as Record<string, NoiseSpec>;
const gradientsOf = (learner: Learner, params: HostTensors, x: tf.Tensor, noise: Tensors): Tensors =>
  learner.updates[0]!.gradients(lift(params), {}, { x, ...noise }, schedule).gradients;

test.each([
  [0.01, 0.01, 0.01],
  [0.1, 0.1, 0.1],
  ['fan-in', Math.sqrt(1 / 200), 0.01],
] as const)('the networks of Appendix C start as asked: %s', (initialisation, kernel, bias) => {
  const { params } = createAevb({ ...config, hidden: 200, likelihood: 'gaussian', initialisation }).init(
    createStream('init'),
    new Float32Array(12).fill(0.9),
  );
  expect(Object.keys(params)).toHaveLength(10);
  const deviation = (name: string) => {
    const { data } = params[name]!;
    return Math.sqrt(data.reduce((sum, w) => sum + w * w, 0) / data.length);
  };
  expect(params['decoder/pixels/kernel']!.shape).toEqual([200, 24]);
  expect(deviation('decoder/pixels/kernel') / kernel).toBeCloseTo(1, 1);
  expect(Math.abs(deviation('encoder/hidden-0/bias') / bias - 1)).toBeLessThan(0.2);
});

test('a Gaussian MLP has no floor under its variance', () => {
  const { vae, params } = setUp('gaussian');
  const bias = params['decoder/pixels/bias']!.data;
  for (const { data } of Object.values(params)) data.fill(0);
  bias.fill(-40, 12);
  const x = tf.fill([1, 1, 4, 3], 0.5);
  // log N(0.5; 0.5, e⁻⁴⁰) = 20 − ½ log 2π a pixel.
  expect(first(vae.logLikelihood(lift(params), {}, x, tf.zeros([1, 2])))).toBeCloseTo(
    12 * (20 - 0.5 * Math.log(2 * Math.PI)),
    3,
  );
});

test.each(['bernoulli', 'gaussian'] as const)(
  'wake-sleep, %s: each network follows its own phase',
  (kind) => {
    const { vae, params, x, stream } = setUp(kind);
    const learner = wakeSleep(vae, optimiser);
    const noise = liftNoise(noiseOf(learner), stream);
    const gradients = gradientsOf(learner, params, x, noise);
    const fixed = lift(params);
    const q = vae.encode(fixed, {}, x);
    const z = tf.add(q.mean, tf.mul(tf.exp(tf.mul(q.logVariance, 0.5)), noise.epsilon!));
    const wake = (p: Tensors) => tf.neg(tf.mean(vae.logLikelihood({ ...fixed, ...p }, {}, x, z)));
    expectGradients(within(params, 'decoder'), wake, gradients);
    const dream = vae.sample(fixed, {}, noise.dream!, noise.dreamPixels!);
    const sleep = (p: Tensors) => {
      const { mean, logVariance } = vae.encode({ ...fixed, ...p }, {}, dream);
      return tf.neg(tf.mean(gaussianLogDensity(noise.dream!, mean, logVariance)));
    };
    expectGradients(within(params, 'encoder'), sleep, gradients);
  },
);

test('dreams have the mean of the decoder', () => {
  const { vae, params, stream } = setUp('bernoulli');
  const z = tf.zeros([2000, 2]);
  const { pixels } = liftNoise({ pixels: vae.pixelNoise(2000) }, stream);
  const drawn = vae.sample(lift(params), {}, z, pixels!);
  expect([...new Set(drawn.dataSync())].sort()).toEqual([0, 1]);
  const difference = tf.sub(
    tf.mean(drawn, 0),
    tf.squeeze(tf.slice(vae.decode(lift(params), {}, z), [0], [1]), [0]),
  );
  expect(first(tf.max(tf.abs(difference)))).toBeLessThan(0.06);
});

test('the M-step follows log p(x, z) at the samples it is given', () => {
  const { vae, params, x, stream } = setUp('bernoulli');
  const learner = maximisation(vae, optimiser);
  const noise = { z: liftNoise({ z: { shape: [BATCH, 2], distribution: 'normal' } }, stream).z! };
  const decoder = within(params, 'decoder');
  const loss = (p: Tensors) => tf.neg(tf.mean(vae.logLikelihood(p, {}, x, noise.z!)));
  expectGradients(decoder, loss, gradientsOf(learner, decoder, x, noise));
});

test('full variational Bayes: finite differences', () => {
  const { vae, params, x, stream } = setUp('bernoulli');
  const learner = fullVariational(vae, params, 50, optimiser);
  const whole = initFullVariational(params, 0.3);
  const noise = liftNoise(noiseOf(learner), stream);
  const loss = (p: Tensors) => learner.updates[0]!.gradients(p, {}, { x, ...noise }, schedule).loss;
  expectGradients(whole, loss, gradientsOf(learner, whole, x, noise));
});

// Each of N images says ½ (θ − c)²: the exact posterior is N(N c / (N + 1), 1 / (N + 1)), where Eq. 24 is stationary.
test('full variational Bayes stands still at the exact posterior of the parameters', () => {
  const [N, c] = [4, 1.5];
  const toy = {
    image: config.image,
    lossNoise: () => ({}),
    loss: (p: Tensors) => ({
      loss: tf.sum(tf.mul(tf.square(tf.sub(p['decoder/theta']!, c)), 0.5)),
      metrics: {},
      state: {},
    }),
  } as unknown as Vae;
  const theta = { 'decoder/theta': { shape: [1], data: Float32Array.of((N * c) / (N + 1)) } };
  const learner = fullVariational(toy, theta, N, optimiser);
  const params = initFullVariational(theta, Math.sqrt(1 / (N + 1)));
  // ζ = ±1 have the mean and variance of N(0, 1), so two draws give the expectation.
  const both = [-1, 1].map((zeta) =>
    gradientsOf(learner, params, tf.zeros([1]), { 'zeta/decoder/theta': tf.tensor1d([zeta]) }),
  );
  for (const name of Object.keys(params)) {
    expect(first(tf.add(both[0]![name]!, both[1]![name]!)), name).toBeCloseTo(0, 5);
    expect(Math.abs(first(both[0]![name]!)), name).toBeGreaterThan(0.05);
  }
});

test('DReG: the decoder follows the bound, the encoder the same expectation with less noise', () => {
  const samples = 4;
  const { vae, params, x, stream } = setUp('bernoulli', { estimator: 'IW', samples });
  const [plain, doubly] = [descend(vae, optimiser), doublyReparameterised(vae, samples, optimiser)];
  const draws = Array.from({ length: 400 }, () => {
    const noise = liftNoise(vae.lossNoise(BATCH), stream);
    const [a, b] = [gradientsOf(plain, params, x, noise), gradientsOf(doubly, params, x, noise)];
    for (const name of Object.keys(within(params, 'decoder')))
      expect(first(tf.max(tf.abs(tf.sub(a[name]!, b[name]!)))), name).toBeLessThan(1e-5);
    return [a, b].map((g) => first(g['encoder/mean/bias']!)) as [number, number];
  });
  const [iw, dreg] = [meanAndError(draws.map(([a]) => a)), meanAndError(draws.map(([, b]) => b))];
  const error = Math.hypot(iw.standardError, dreg.standardError);
  expect(Math.abs(iw.mean - dreg.mean), `${iw.mean} and ${dreg.mean} ± ${error}`).toBeLessThan(3.5 * error);
  expect(Math.abs(dreg.mean)).toBeGreaterThan(2 * dreg.standardError);
  expect(dreg.standardError).toBeLessThan(iw.standardError);
});

// x ~ N(w z, 1), z ~ N(0, 1): the posterior is N(w x / (1 + w²), 1 / (1 + w²)).
test('DReG is exactly zero where the posterior is exact', () => {
  const w = 0.8;
  const toy = {
    image: { width: 1, height: 1, channels: 1 },
    latentDimensions: 1,
    lossNoise: (batch: number) => ({ epsilon: { shape: [5 * batch, 1], distribution: 'normal' as const } }),
    encode: (p: Tensors, _: Tensors, x: tf.Tensor) => ({
      mean: tf.mul(tf.reshape(x, [-1, 1]), p['encoder/slope']!),
      logVariance: tf.add(tf.fill([x.shape[0]!, 1], 0), p['encoder/log-variance']!),
    }),
    logLikelihood: (_: Tensors, __: Tensors, x: tf.Tensor, z: tf.Tensor) =>
      gaussianLogDensity(tf.reshape(x, [-1, 1]), tf.mul(z, w), tf.zerosLike(z)),
  } as unknown as Vae;
  const params = {
    'encoder/slope': { shape: [], data: Float32Array.of(w / (1 + w * w)) },
    'encoder/log-variance': { shape: [], data: Float32Array.of(-Math.log(1 + w * w)) },
  };
  const x = tf.tensor4d([0.7, -1.2], [2, 1, 1, 1]);
  const noise = liftNoise(toy.lossNoise(2), createStream('exact'));
  const gradients = gradientsOf(doublyReparameterised(toy, 5, optimiser), params, x, noise);
  for (const name of Object.keys(params)) expect(first(gradients[name]!), name).toBeCloseTo(0, 5);
});

test('free bits: a latent pays only for what it has above them', () => {
  const mean = tf.tensor2d([2, 0.1, 1, 0.1], [2, 2]);
  const logVariance = tf.zeros([2, 2]);
  // KL per latent: (2 + 0.5) / 2 = 1.25, and 0.005, which counts as 0.3.
  expect(first(freeBitsKl(mean, logVariance, 0.3))).toBeCloseTo(1.55, 5);
  expect(first(tf.mean(gaussianKl(mean, logVariance)))).toBeCloseTo(1.255, 5);
  const slope = tf.grad((m: tf.Tensor) => tf.sum(freeBitsKl(m, logVariance, 0.3)))(mean);
  expect([...slope.dataSync()]).toEqual([1, 0, 0.5, 0]);
  expect(() => createAevb({ ...config, likelihood: 'bernoulli', estimator: 'A', freeNats: 1 })).toThrow(
    'vae: freeNats 1 needs the KL term of estimator B, got estimator A',
  );
});

test('the prior of the parameters pulls with weight M/N on sums over a batch', () => {
  const w = { w: tf.tensor1d([2]) };
  const pulled = withNormalPrior(adagrad({ epsilon: 0 }), 1 / 10);
  const state = lift(pulled.init({ w: { shape: [1], data: Float32Array.of(2) } }));
  // Gradient 0.3 + 2 / 10; the first step of Adagrad is its sign, the slot its square.
  const next = pulled.update(w, { w: tf.tensor1d([0.3]) }, state, tf.scalar(0.1), {});
  expect(first(next.state['g2/w']!)).toBeCloseTo(0.25, 6);
  expect(first(next.params.w!)).toBeCloseTo(1.9, 6);
});
