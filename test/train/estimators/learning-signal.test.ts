// What NVIL makes of a cost: less a baseline, centred, and over its deviation where that is above 1.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import {
  initSignal,
  learningSignal,
  type SignalOptions,
} from '../../../train/estimators/discrete/learning-signal.ts';
import { scoreFunction } from '../../../train/estimators/discrete/score-function.ts';
import type { Tensors } from '../../../train/model.ts';
import { expectGradients, first, lift } from '../lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const RAW = [7, 4, 1];
const plain = { centre: false, normalise: false, baseline: false };

function signalAfter(options: Partial<SignalOptions>, averages: Record<string, number>) {
  const state = Object.fromEntries(
    Object.entries(averages).map(([slot, value]) => [`estimator/0/${slot}`, tf.scalar(value)]),
  );
  const result = learningSignal(
    { ...plain, ...options },
    0,
    tf.tensor1d(RAW),
    tf.zeros([RAW.length, 1]),
    {},
    state,
  );
  const next = Object.entries(result.state).map(([name, value]) => [name.split('/').at(-1)!, first(value)]);
  return { signal: [...result.signal.dataSync()], state: Object.fromEntries(next) as Record<string, number> };
}

test.each([
  ['nothing', {}, {}, RAW],
  ['a deviation of 3', { normalise: true }, { weight: 1, mean: 4, variance: 9 }, [7 / 3, 4 / 3, 1 / 3]],
  ['a deviation of ½, which is left', { normalise: true }, { weight: 1, mean: 4, variance: 0.25 }, RAW],
  // Averages of half the weight are half as large as what they stand for.
  [
    'a young deviation of 3',
    { normalise: true },
    { weight: 0.5, mean: 2, variance: 4.5 },
    [7 / 3, 4 / 3, 1 / 3],
  ],
  ['a mean of 5', { centre: true }, { weight: 0.5, mean: 2.5, variance: 9 }, [2, -1, -4]],
  ['both', { centre: true, normalise: true }, { weight: 0.5, mean: 2.5, variance: 8 }, [0.5, -0.25, -1]],
  ['the first batch', { centre: true, normalise: true }, { weight: 0, mean: 0, variance: 0 }, [0, 0, 0]],
] as const)('the signal after %s', (_, options, averages, expected) => {
  const { signal } = signalAfter(options, averages);
  for (const [i, value] of expected.entries()) expect(signal[i]).toBeCloseTo(value, 5);
});

test('averages follow the mean and the variance of a batch, by a fifth of what is new', () => {
  const { state } = signalAfter({ normalise: true }, { weight: 0.5, mean: 2, variance: 10 });
  expect(state.weight).toBeCloseTo(0.8 * 0.5 + 0.2, 6);
  expect(state.mean).toBeCloseTo(0.8 * 2 + 0.2 * 4, 6);
  expect(state.variance).toBeCloseTo(0.8 * 10 + 0.2 * 6, 6);
});

test('a baseline is taken off, and learns to be what is left of the cost', () => {
  const options = { ...plain, baseline: true };
  const { params } = initSignal(options, 1, 2, createStream('baseline'));
  const context = tf.tensor2d([0.3, -1, 0.8, 0.1, -0.4, 2], [3, 2]);
  const of = (at: Tensors) => learningSignal(options, 0, tf.tensor1d(RAW), context, at, {});
  const names = Object.keys(params);
  const own = lift(params);
  const gradients = tf.grads(
    (...values: tf.Tensor[]) =>
      of(Object.fromEntries(names.map((name, i) => [name, values[i]!]))).baselineLoss,
  )(names.map((name) => own[name]!));
  expectGradients(
    params,
    (at) => tf.mul(tf.mean(tf.square(of(at).signal)), 0.5),
    Object.fromEntries(names.map((name, i) => [name, gradients[i]!])),
  );
});

test('a deviation of 3 divides the whole gradient in the logits, what the cost has of them directly too', () => {
  const state = {
    'estimator/0/weight': tf.scalar(1),
    'estimator/0/mean': tf.scalar(0),
    'estimator/0/variance': tf.scalar(9),
  };
  const task = {
    layers: [{ kind: 'bernoulli', variables: 1 }] as const,
    context: tf.zeros([2, 1]),
    logits: ({ logits }: Tensors) => logits!,
    cost: (_: Tensors, [z]: readonly tf.Tensor[], [logits]: readonly tf.Tensor[]) =>
      tf.sum(tf.add(tf.mul(z!, 5), tf.square(logits!)), 1),
  };
  const noise = { 'uniform-0': tf.tensor2d([0.1, 0.9], [2, 1]) };
  const slope = (normalise: boolean) => {
    const estimator = scoreFunction({ ...plain, normalise });
    const loss = (logits: tf.Tensor) => estimator.surrogate(task, { logits }, state, noise, {}).loss;
    const at = tf.tensor2d([0.7, -0.4], [2, 1]);
    return [first(loss(at)), ...tf.grad(loss)(at).dataSync()];
  };
  const [whole, divided] = [slope(false), slope(true)];
  expect(divided[0]).toBeCloseTo(whole[0]!, 5);
  for (const i of [1, 2]) {
    expect(Math.abs(whole[i]!)).toBeGreaterThan(0.1);
    expect(divided[i]).toBeCloseTo(whole[i]! / 3, 5);
  }
});
