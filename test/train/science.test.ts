// Likelihoods, estimators, optimisers and models against exact values.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '../../onnx/trace/trace.ts';
import { createStream } from '../../core/sampling/stream.ts';
import { ESTIMATORS } from '../../train/estimators/bounds.ts';
import { createLogSumExp } from '../../train/evaluate/bounds/log-sum-exp.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';
import { batchNormInference, batchNormTraining, initBatchNorm } from '../../train/layers/batch-norm.ts';
import {
  bernoulliLogDensity,
  continuousBernoulliLogDensity,
  continuousBernoulliMean,
  gaussianKl,
  gaussianLogDensity,
  standardNormalLogDensity,
} from '../../train/likelihoods.ts';
import type { HostTensors, Tensors } from '../../train/model.ts';
import { createVae, type VaeConfig } from '../../train/models/vae.ts';
import { adagrad, adam, type Optimiser, sgd } from '../../train/optimisers.ts';

beforeAll(() => tf.setBackend('cpu'));

const row = (...values: number[]) => tf.tensor2d([values]);
const first = (t: tf.Tensor) => t.dataSync()[0]!;

test('densities of single points', () => {
  expect(first(standardNormalLogDensity(row(0, 1)))).toBeCloseTo(-Math.log(2 * Math.PI) - 0.5, 6);
  expect(first(gaussianLogDensity(row(3), row(1), row(Math.log(4))))).toBeCloseTo(
    -0.5 * Math.log(2 * Math.PI * 4) - 0.5,
    6,
  );
  expect(first(gaussianKl(row(0, 2), row(0, Math.log(0.5))))).toBeCloseTo(
    0.5 * (4 + 0.5 - Math.log(0.5) - 1),
    6,
  );
  expect(first(bernoulliLogDensity(row(1, 0), row(0, Math.log(3))))).toBeCloseTo(
    Math.log(0.5) + Math.log(0.25),
    6,
  );
  // No overflow far out.
  expect(first(bernoulliLogDensity(row(0), row(200)))).toBeCloseTo(-200, 4);
});

test.each([-8, -0.5, -0.09, 0, 0.09, 0.11, 3])(
  'the continuous Bernoulli of logit %d is a density with its mean',
  (logit) => {
    const n = 2000;
    const x = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const density = tf
      .exp(continuousBernoulliLogDensity(tf.tensor2d(x, [n, 1]), tf.fill([n, 1], logit)))
      .dataSync();
    let [mass, mean] = [0, 0];
    density.forEach((p, i) => {
      mass += p / n;
      mean += (p * x[i]!) / n;
    });
    expect(mass).toBeCloseTo(1, 4);
    expect(first(continuousBernoulliMean(row(logit)))).toBeCloseTo(mean, 4);
  },
);

// x ~ N(z, 1), z ~ N(0, 1): log p(x) = log N(x; 0, 2), and the exact posterior is N(x/2, 1/2).
test('A, B and IW estimate the bound of a model whose answer is known', () => {
  const [x, samples] = [1.3, 40_000];
  const [mean, variance] = [0.4, 0.7];
  const epsilon = new Float32Array(samples);
  createStream('estimators').fillNormal(epsilon);
  const z = tf.add(tf.mul(tf.tensor2d(epsilon, [samples, 1]), Math.sqrt(variance)), mean) as tf.Tensor2D;
  const column = (t: tf.Tensor) => tf.reshape(t, [samples, 1]);
  const terms = {
    logLikelihood: column(gaussianLogDensity(tf.fill([samples, 1], x), z, tf.zeros([samples, 1]))),
    logPrior: column(standardNormalLogDensity(z)),
    logPosterior: column(
      gaussianLogDensity(z, tf.fill([samples, 1], mean), tf.fill([samples, 1], Math.log(variance))),
    ),
    kl: tf.tensor1d([0.5 * (mean ** 2 + variance - Math.log(variance) - 1)]),
  };
  const exact = -0.5 * (Math.log(2 * Math.PI) + (x - mean) ** 2 + variance) - terms.kl.dataSync()[0]!;
  const one = tf.scalar(1);
  expect(first(ESTIMATORS.A(terms, one))).toBeCloseTo(exact, 1);
  expect(first(ESTIMATORS.B(terms, one))).toBeCloseTo(exact, 1);
  const logMarginal = -0.5 * (Math.log(2 * Math.PI * 2) + x ** 2 / 2);
  expect(first(ESTIMATORS.IW(terms, one))).toBeCloseTo(logMarginal, 2);
  expect(logMarginal).toBeGreaterThan(exact + 0.05);
});

test('log Σ exp as it comes', () => {
  const sum = createLogSumExp();
  for (const value of [-1000, -999, -1001]) sum.add(value);
  expect(sum.value()).toBeCloseTo(-1000 + Math.log(1 + Math.E + Math.exp(-1)), 10);
  expect(meanAndError([1, 2, 3, 4])).toEqual({ mean: 2.5, standardError: Math.sqrt(5 / 3 / 4) });
});

/** Three steps on one parameter with given gradients. */
function steps(optimiser: Optimiser, gradients: number[], rate: number): number[] {
  const params: HostTensors = { w: { shape: [1], data: Float32Array.of(1) } };
  const toTensors = (host: HostTensors) =>
    Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
  let state: Tensors = toTensors(optimiser.init(params));
  let w: Tensors = toTensors(params);
  return gradients.map((g) => {
    const next = optimiser.update(w, { w: tf.tensor1d([g]) }, state, tf.scalar(rate), {});
    w = next.params;
    state = next.state;
    return first(w.w!);
  });
}

test('optimisers do what their papers say', () => {
  // Adam, Algorithm 1 in its plain form, in double precision.
  let [m, v, w] = [0, 0, 1];
  const gradients = [0.5, -1, 2];
  const expected = gradients.map((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    w -= (0.1 * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
    return w;
  });
  steps(adam(), gradients, 0.1).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
  expect(steps(adam({ weightDecay: 0.5 }), [0], 0.1)[0]).toBeCloseTo(0.95, 6);
  const [a1, a2] = steps(adagrad(), [3, 4], 0.1);
  expect(a1).toBeCloseTo(0.9, 6);
  expect(a2).toBeCloseTo(0.9 - (0.1 * 4) / 5, 6);
  const [s1, s2] = steps(sgd({ momentum: 0.5 }), [1, 1], 0.1);
  expect(s1).toBeCloseTo(0.9, 6);
  expect(s2).toBeCloseTo(0.75, 6);
});

test('batch normalisation: training standardises, inference uses the averages', () => {
  const { params, state } = initBatchNorm('n', 2);
  const lift = (host: HostTensors) =>
    Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
  const x = tf.tensor4d([1, 3, 10, 30], [2, 2, 1, 1]);
  const trained = batchNormTraining(lift(params), lift(state), 'n', x);
  expect(trained.y.dataSync()[0]).toBeCloseTo(-4.5 / Math.sqrt(4.5 ** 2 + 1e-3), 5);
  expect(trained.state['n/mean']!.dataSync()[0]).toBeCloseTo(0.055, 5);
  const inferred = batchNormInference(
    lift(params),
    { 'n/mean': tf.tensor1d([1, 3]), 'n/variance': tf.tensor1d([4, 9]) },
    'n',
    x,
  );
  expect([...inferred.dataSync()].map((y) => Number(y.toFixed(3)))).toEqual(
    [0, 0, 4.499, 8.999].map((y) => expect.closeTo(y, 2)),
  );
});

const CONFIGS: [string, Partial<VaeConfig>][] = [
  ['mlp, B', {}],
  ['mlp, A, Gaussian', { estimator: 'A', likelihood: 'gaussian', samples: 2 }],
  ['mlp, Gaussian of one variance', { likelihood: 'gaussian', sharedVariance: true }],
  ['mlp, IW', { estimator: 'IW', samples: 3 }],
  [
    'conv, batch norm',
    {
      network: { kind: 'conv', channels: [2, 3], dense: 5, activation: 'tanh', batchNorm: true },
      likelihood: 'continuous-bernoulli',
    },
  ],
];

test.each(CONFIGS)('the gradient of the loss (%s) is that of finite differences', (_, change) => {
  const vae = createVae({
    image: { width: 4, height: 4, channels: 1 },
    latentDimensions: 2,
    network: { kind: 'mlp', hidden: [5], activation: 'tanh' },
    likelihood: 'bernoulli',
    estimator: 'B',
    samples: 1,
    ...change,
  });
  const stream = createStream('fd');
  const { params, state } = vae.init(stream, new Float32Array(16).fill(0.3));
  const x = tf.tensor4d(
    Array.from({ length: 48 }, () => stream.uniform()),
    [3, 1, 4, 4],
  );
  const noise = Object.fromEntries(
    Object.entries(vae.lossNoise(3)).map(([name, { shape }]) => {
      const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
      stream.fillNormal(data);
      return [name, tf.tensor(data, shape)];
    }),
  );
  const lift = (host: HostTensors): Tensors =>
    Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
  const loss = (p: Tensors) => vae.loss(p, lift(state), x, noise, { klWeight: tf.scalar(0.7) }).loss;
  const names = Object.keys(params);
  const gradients = tf.grads((...ps) => loss(Object.fromEntries(names.map((n, i) => [n, ps[i]!]))))(
    names.map((n) => lift(params)[n]!),
  );
  const h = 1e-2;
  for (const [i, name] of names.entries()) {
    const { shape, data } = params[name]!;
    const at = Math.floor(data.length / 2);
    const shifted = (by: number) => {
      const moved = data.slice();
      moved[at]! += by;
      return first(loss({ ...lift(params), [name]: tf.tensor(moved, shape) }));
    };
    const numeric = (shifted(h) - shifted(-h)) / (2 * h);
    const exact = gradients[i]!.dataSync()[at]!;
    expect(Math.abs(numeric - exact), name).toBeLessThan(5e-3 * Math.max(1, Math.abs(exact)));
  }
});

test('a network of the wrong size says so', () => {
  const conv = { kind: 'conv', channels: [2, 3], dense: 5, activation: 'tanh', batchNorm: false } as const;
  expect(() =>
    createVae({
      image: { width: 6, height: 4, channels: 1 },
      latentDimensions: 2,
      network: conv,
      likelihood: 'bernoulli',
      estimator: 'B',
      samples: 1,
    }),
  ).toThrow('height and width must be multiples of 4, got 4×6');
});
