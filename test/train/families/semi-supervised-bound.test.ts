// The bound of semi-supervised VAEs by enumeration, and the agreement of their q(y|x).
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import type { Gradients } from '../../../train/differentiate.ts';
import { unlabelledBounds } from '../../../train/experiments/gumbel/table-2.ts';
import { imbalance, pseudoLabelLoss } from '../../../train/methods/agreement.ts';
import { type ClassGradient, learnSemiSupervised } from '../../../train/methods/semi-supervised.ts';
import type { Tensors } from '../../../train/model.ts';
import { createSemiSupervised } from '../../../train/models/semi-supervised.ts';
import { sgd } from '../../../train/optimisers.ts';
import { expectGradients, first, lift } from '../lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const image = { width: 2, height: 2, channels: 1 } as const;
const model = createSemiSupervised({
  image,
  classes: 3,
  latentDimensions: 2,
  network: { kind: 'mlp', hidden: [4], activation: 'relu' },
  classifier: { kind: 'mlp', hidden: [4], activation: 'relu' },
});

/** −U(x) of one image, summed over its classes one by one; `epsilonOf` gives the z noise of each. */
function exactly(params: Tensors, x: tf.Tensor, epsilonOf: (k: number) => tf.Tensor) {
  const logQ = [...model.logClasses(params, x).dataSync()];
  return logQ.reduce((total, log, k) => {
    const y = tf.oneHot(tf.tensor1d([k], 'int32'), 3, 1, 0, 'float32');
    return total + Math.exp(log) * (first(model.bound(params, x, y, epsilonOf(k))) - Math.log(3) - log);
  }, 0);
}

const stream = createStream('m2');
const weights = model.model.init(stream, new Float32Array(4).fill(0.4));
for (const { data } of Object.values(weights.params))
  for (let i = 0; i < data.length; i++) data[i]! += 0.5 * stream.normal();

/** What a learner says of images without label; every row of z has the same noise. */
function unlabelled(gradient: ClassGradient, x: tf.Tensor, uniform: number[], rows: number): number {
  const params = lift(weights.params);
  const learner = learnSemiSupervised(
    model,
    { gradient, labelledBatch: 1, alpha: 1, labelledWeight: 1, agreement: 0, confidence: 1 },
    sgd(),
  );
  const one = tf.tensor2d([[0.3, -0.7]]);
  const { metrics } = learner.updates[0]!.gradients(
    params,
    {},
    {
      x,
      labelled: tf.tensor4d([1, 1, 0, 0], [1, 1, 2, 2]),
      labels: tf.tensor2d([[0, 1, 0]]),
      epsilon: tf.tile(one, [rows, 1]),
      'labelled-epsilon': one,
      uniform: tf.tensor2d([uniform]),
    },
    { temperature: tf.scalar(0.01) },
  );
  return first(metrics.unlabelled!);
}

test('summed over the classes, or over the draws of a cold Gumbel-Softmax, it is the bound', () => {
  const [x, other] = [tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]), tf.tensor4d([0, 1, 1, 1], [1, 1, 2, 2])];
  const [exact, exactOther] = [x, other].map((one) =>
    exactly(lift(weights.params), one, () => tf.tensor2d([[0.3, -0.7]])),
  ) as [number, number];
  const both = unlabelled('marginalised', tf.concat([x, other]), [0.5, 0.5, 0.5], 6);
  expect(both).toBeCloseTo((exact + exactOther) / 2, 4);
  const logQ = [...model.logClasses(lift(weights.params), x).dataSync()];
  // Noise that makes each class win in turn: 1 − 1e-6 is a Gumbel of 13.8, 1e-6 one of −2.6.
  for (const gradient of ['gumbel-softmax', 'st-gumbel-softmax'] as const) {
    const mean = logQ.reduce((total, log, k) => {
      const noise = [0, 1, 2].map((i) => (i === k ? 1 - 1e-6 : 1e-6));
      return total + Math.exp(log) * unlabelled(gradient, x, noise, 1);
    }, 0);
    expect(mean, gradient).toBeCloseTo(exact, 4);
  }
});

test('the bounds of a set: every class of every image has noise of its own', async () => {
  const values = Float32Array.of(1, 0, 0, 1, 0, 1, 1, 1);
  const options = { seed: 's', backend: 'cpu' as const, threads: 1 };
  const found = await unlabelledBounds(model, weights, values, options);
  // One stream from the first image of a batch on: for each image its classes, for each of these two numbers.
  const noise = new Float32Array(12);
  createStream('s', 'bound', 0).fillNormal(noise);
  for (const i of [0, 1]) {
    const x = tf.tensor4d(values.slice(4 * i, 4 * i + 4), [1, 1, 2, 2]);
    const exact = exactly(lift(weights.params), x, (k) =>
      tf.tensor2d(noise.slice(6 * i + 2 * k, 6 * i + 2 * k + 2), [1, 2]),
    );
    expect(found[i], `image ${i}`).toBeCloseTo(exact, 4);
  }
});

test('agreement counts what is sure, and balance is at equal shares', () => {
  const q = tf.tensor2d([
    [0.96, 0.04],
    [0.5, 0.5],
  ]);
  const logWarped = tf.log(
    tf.tensor2d([
      [0.6, 0.4],
      [0.9, 0.1],
    ]),
  );
  expect(first(pseudoLabelLoss(q, logWarped, 0.95))).toBeCloseTo(-Math.log(0.6) / 2, 5);
  expect(first(pseudoLabelLoss(q, logWarped, 0.97))).toBeCloseTo(0, 6);
  // The mean of the two is (0.73, 0.27).
  expect(first(imbalance(q))).toBeCloseTo(0.73 * Math.log(1.46) + 0.27 * Math.log(0.54), 4);
});

test('with agreement the gradient is the slope of the loss, what is sure held', () => {
  const options = { gradient: 'marginalised', labelledBatch: 1, alpha: 2, labelledWeight: 0.5 } as const;
  const confidence = 0.41; // one of the three classes is above it
  const agreeing = learnSemiSupervised(model, { ...options, agreement: 3, confidence }, sgd());
  const plain = learnSemiSupervised(model, { ...options, agreement: 0, confidence }, sgd());
  expect(Object.keys(plain.feeds(1))).not.toContain('moved');
  expect(agreeing.feeds(1).moved).toEqual({ shape: [1, 1, 2, 2], distribution: 'data' });
  const feeds = {
    x: tf.tensor4d([0.9, 0.2, 0.1, 0.8], [1, 1, 2, 2]),
    moved: tf.tensor4d([0.7, 0.3, 0.2, 0.6], [1, 1, 2, 2]),
    labelled: tf.tensor4d([1, 1, 0, 0], [1, 1, 2, 2]),
    labels: tf.tensor2d([[0, 1, 0]]),
    epsilon: tf.zeros([3, 2]),
    'labelled-epsilon': tf.zeros([1, 2]),
  };
  const at = lift(weights.params);
  const [with_, without] = [agreeing, plain].map((learner) =>
    learner.updates[0]!.gradients(at, {}, feeds, {}),
  ) as [Gradients, Gradients];
  const q = tf.exp(model.logClasses(at, feeds.x));
  expect([...q.dataSync()].filter((p) => p > confidence)).toHaveLength(1);
  const cost = (params: Tensors) => {
    const logWarped = model.logClasses(params, feeds.moved);
    return tf.mul(tf.add(pseudoLabelLoss(q, logWarped, confidence), imbalance(tf.exp(logWarped))), 3);
  };
  expect(first(with_.loss) - first(without.loss)).toBeCloseTo(first(cost(at)), 4);
  const gained = Object.fromEntries(
    Object.keys(weights.params).map((name) => [
      name,
      tf.sub(with_.gradients[name]!, without.gradients[name]!),
    ]),
  );
  expectGradients(weights.params, cost, gained);
});
