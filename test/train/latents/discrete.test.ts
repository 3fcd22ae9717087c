// Samplers of discrete layers, and the Gumbel-Softmax distribution against its density.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { bernoulli, relaxedBernoulliLogDensity } from '../../../train/latents/bernoulli.ts';
import { categorical } from '../../../train/latents/categorical.ts';
import { gumbelSoftmaxLogDensity, relax } from '../../../train/latents/gumbel-softmax.ts';
import { first } from '../lift.ts';

beforeAll(() => tf.setBackend('cpu'));

function uniform(seed: string, ...shape: number[]): tf.Tensor {
  const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
  createStream(seed).fillUniform(data);
  return tf.tensor(data, shape);
}
const values = (t: tf.Tensor): number[] => [...t.dataSync()];
const close = (found: number[], expected: number[], tolerance: number) =>
  found.forEach((value, i) => {
    expect(Math.abs(value - expected[i]!), `${found} against ${expected}`).toBeLessThan(tolerance);
  });

const DRAWS = 40_000;
const LOGITS = [0.4, -1, 0.9];
const repeated = (logits: number[]) => tf.tile(tf.tensor(logits, [1, 1, logits.length]), [DRAWS, 1, 1]);

test('the Gumbel-max trick draws each class with its probability', () => {
  const hard = categorical.hard(categorical.perturb(repeated(LOGITS), uniform('max', DRAWS, 1, 3)));
  close(values(tf.mean(hard, 0)), values(tf.softmax(tf.tensor1d(LOGITS))), 0.01);
  expect(first(tf.max(tf.abs(tf.sub(tf.sum(hard, -1), 1))))).toBe(0);
  const bit = bernoulli.hard(bernoulli.perturb(tf.fill([DRAWS, 1], 0.7), uniform('bit', DRAWS, 1)));
  close(values(tf.mean(bit, 0)), [1 / (1 + Math.exp(-0.7))], 0.01);
});

test('a value is drawn as the Gumbel-max trick decides, but for rounding', () => {
  const noise = uniform('draw', DRAWS, 1, 3);
  const logits = repeated(LOGITS);
  const drawn = categorical.draw(logits, noise);
  const apart = (a: tf.Tensor, b: tf.Tensor) => first(tf.mean(tf.abs(tf.sub(a, b))));
  expect(apart(drawn, categorical.hard(categorical.perturb(logits, noise)))).toBeLessThan(1e-4);
  const bits = uniform('bit', DRAWS, 1);
  const a = tf.fill([DRAWS, 1], 0.7);
  expect(apart(bernoulli.draw(a, bits), bernoulli.hard(bernoulli.perturb(a, bits)))).toBeLessThan(1e-4);
});

test.each([0.1, 1, 10])(
  'a relaxed sample at temperature %s decides as its discrete one does',
  (temperature) => {
    const perturbed = categorical.perturb(repeated(LOGITS), uniform('relaxed', DRAWS, 1, 3));
    const relaxed = relax(categorical, perturbed, temperature);
    expect(first(tf.max(tf.abs(tf.sub(categorical.hard(relaxed), categorical.hard(perturbed)))))).toBe(0);
    expect(first(tf.max(tf.abs(tf.sub(tf.sum(relaxed, -1), 1))))).toBeLessThan(1e-5);
  },
);

test('the limits of the temperature are one-hot and uniform', () => {
  const perturbed = categorical.perturb(repeated(LOGITS), uniform('limits', DRAWS, 1, 3));
  const gap = (x: tf.Tensor, y: tf.Tensor | number) => first(tf.mean(tf.abs(tf.sub(x, y))));
  expect(gap(relax(categorical, perturbed, 1e-3), categorical.hard(perturbed))).toBeLessThan(1e-3);
  expect(gap(relax(categorical, perturbed, 1e3), 1 / 3)).toBeLessThan(1e-3);
});

/**
 * ∫ exp(logDensity) · y_c^power over the simplex for every class c, the last coordinate given by the others, by midpoints
 * of a fine grid; with power 0 every entry is the whole mass.
 */
function integrate(k: 2 | 3, temperature: number, power = 0): number[] {
  const n = k === 2 ? 20_000 : 300;
  const points: number[][] = [];
  const areas: number[] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < (k === 2 ? 1 : n - i); j++) {
      // The squares on the slope are cut in half: triangles, whose middle is a third.
      const cut = k === 3 && j === n - i - 1;
      const [a, b] = [(i + (cut ? 1 / 3 : 0.5)) / n, (j + (cut ? 1 / 3 : 0.5)) / n];
      points.push(k === 2 ? [a, 1 - a] : [a, b, 1 - a - b]);
      areas.push((cut ? 0.5 : 1) * n ** (1 - k));
    }
  const logY = tf.log(tf.tensor2d(points));
  const logDensity = gumbelSoftmaxLogDensity(logY, tf.tensor1d(LOGITS.slice(0, k)), tf.scalar(temperature));
  const mass = tf.mul(tf.exp(logDensity), tf.tensor1d(areas));
  return values(tf.sum(tf.mul(tf.exp(tf.mul(logY, power)), tf.reshape(mass, [-1, 1])), 0));
}

test.each([
  [2, 0.8],
  [2, 2],
  [3, 1],
  [3, 2],
] as const)('Eq. 3 with %i classes at temperature %s integrates to one', (k, temperature) => {
  close(integrate(k, temperature), Array(k).fill(1), 2e-3);
});

test('Eq. 3 is the density of the samples', () => {
  const relaxed = relax(categorical, categorical.perturb(repeated(LOGITS), uniform('eq3', DRAWS, 1, 3)), 1.5);
  close(values(tf.mean(relaxed, 0)), integrate(3, 1.5, 1), 5e-3);
  close(values(tf.mean(tf.square(relaxed), 0)), integrate(3, 1.5, 2), 5e-3);
});

test('two classes are a squashed logistic', () => {
  const [a, tau] = [0.6, tf.scalar(0.7)];
  const l = tf.tensor1d([-3, -0.5, 0, 2]);
  const logY = tf.stack([tf.logSigmoid(l), tf.logSigmoid(tf.neg(l))], 1);
  close(
    values(relaxedBernoulliLogDensity(l, tf.scalar(a), tau)),
    values(gumbelSoftmaxLogDensity(logY, tf.tensor1d([a, 0]), tau)),
    1e-4,
  );
});

test.each([
  ['bernoulli', bernoulli, [0.7]],
  ['categorical', categorical, LOGITS],
] as const)('%s: noise given the value it led to is the noise of the value', (_, distribution, logits) => {
  const a = tf.tile(tf.tensor(logits as number[], [1, 1, logits.length]), [DRAWS, 1, 1]);
  const joint = distribution.perturb(a, uniform('joint', ...a.shape));
  const value = distribution.hard(joint);
  const again = distribution.perturbGiven(value, a, uniform('again', ...a.shape));
  expect(first(tf.max(tf.abs(tf.sub(distribution.hard(again), value))))).toBe(0);
  close(values(tf.mean(again, 0)), values(tf.mean(joint, 0)), 0.04);
  close(values(tf.mean(tf.square(again), 0)), values(tf.mean(tf.square(joint), 0)), 0.15);
  // Together, not only one by one: E[x_0 · x_last].
  const product = (x: tf.Tensor) =>
    first(
      tf.mean(
        tf.mul(tf.slice(x, [0, 0, 0], [-1, -1, 1]), tf.slice(x, [0, 0, logits.length - 1], [-1, -1, 1])),
      ),
    );
  expect(Math.abs(product(again) - product(joint))).toBeLessThan(0.15);
});

test('noise given a value stays finite where it is all but impossible', () => {
  const u = tf.tensor([2 ** -33, 0.5, 1 - 2 ** -24], [3, 1]);
  for (const a of [-60, 60])
    for (const z of [0, 1]) {
      const slope = tf.grad((x: tf.Tensor) => bernoulli.perturbGiven(tf.fill([3, 1], z), x, u))(
        tf.fill([3, 1], a),
      );
      expect(values(slope).every(Number.isFinite), `${a}, ${z}: ${values(slope)}`).toBe(true);
    }
  const logits = tf.tensor([200, 0, -200], [1, 1, 3]);
  const rare = tf.tensor([0, 0, 1], [1, 1, 3]);
  const slope = tf.grad((x: tf.Tensor) => categorical.perturbGiven(rare, x, tf.fill([1, 1, 3], 0.5)))(logits);
  expect(values(slope).every(Number.isFinite), String(values(slope))).toBe(true);
});

test('masses, divergences and derivatives of means agree with their definitions', () => {
  const logits = tf.tensor([0.4, -1, 0.9, 2, 0, -3], [1, 2, 3]);
  const prior = tf.tensor([0, 0.5, -0.5, 1, 1, 0], [2, 3]);
  const q = tf.softmax(logits);
  const logRatio = tf.sub(tf.log(q), tf.log(tf.softmax(prior)));
  close(values(categorical.kl(logits, prior)), values(tf.reshape(tf.sum(tf.mul(q, logRatio)), [1])), 1e-5);
  const oneHot = tf.tensor([0, 1, 0, 0, 0, 1], [1, 2, 3]);
  close(
    values(categorical.logMass(oneHot, logits)),
    [1, 5].map((i) => Math.log(values(q)[i]!)),
    1e-5,
  );
  const bits = tf.tensor2d([[0.4, -2]]);
  const mu = values(tf.sigmoid(bits));
  const entropy = mu.reduce((sum, p) => sum - p * Math.log(p) - (1 - p) * Math.log(1 - p), 0);
  close(values(bernoulli.kl(bits, tf.zeros([2]))), [2 * Math.LN2 - entropy], 1e-5);
  close(
    values(bernoulli.logMass(tf.tensor2d([[1, 0]]), bits)),
    [Math.log(mu[0]!), Math.log(1 - mu[1]!)],
    1e-5,
  );
  for (const [distribution, at] of [
    [bernoulli, bits],
    [categorical, logits],
  ] as const) {
    const v = uniform('v', ...at.shape);
    const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(distribution.mean(x), v)))(at);
    close(values(distribution.jacobian(distribution.mean(at), v)), values(slope), 1e-6);
  }
});
