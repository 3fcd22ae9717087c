// Gradient penalties: the gradient of the gradient of a critic, against finite differences, eager and compiled.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { trace } from '../../onnx/trace/trace.ts';
import { conv, initConv } from '../../train/layers/convolution.ts';
import { dense, initDense } from '../../train/layers/dense.ts';
import { gradientPenalty, inputGradient } from '../../train/layers/input-gradient.ts';
import { stopGradient } from '../../train/layers/stop-gradient.ts';
import type { HostTensors, Tensors } from '../../train/model.ts';
import { expectClose, runOnnx } from '../onnx/compare.ts';
import { lift } from './lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const stream = createStream('input-gradient');
const X_SHAPE = [2, 1, 4, 4];
const x = new Float32Array(32);
stream.fillNormal(x);

/** Two strided convolutions and a dense layer, [batch, 1]. */
const convolutional = (activation: (h: tf.Tensor) => tf.Tensor) => (p: Tensors, at: tf.Tensor) => {
  const h = activation(conv(p, 'conv-1', activation(conv(p, 'conv-0', at, 2)), 2));
  return dense(p, 'score', tf.reshape(h, [at.shape[0]!, -1]));
};
const PARAMS: HostTensors = {
  ...initConv(stream, 'conv-0', 1, 2, 3),
  ...initConv(stream, 'conv-1', 2, 3, 4),
  ...initDense(stream, 'score', 3, 1),
};
// Units stand on both sides of the kink of a leaky ReLU, and no step of a weight takes one across.
PARAMS['conv-0/bias']!.data.set([3, -3]);
PARAMS['conv-1/bias']!.data.set([3, -3, 3]);

type Loss = (params: Tensors, x: tf.Tensor) => tf.Scalar;

const gradients = (loss: Loss, params: Tensors, at: tf.Tensor): Tensors => {
  const names = Object.keys(params);
  const of = (...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), at);
  const grads = tf.grads(of)(Object.values(params));
  return Object.fromEntries(grads.map((g, i) => [names[i]!, g]));
};

/** The slope along `direction` from one parameter, by central differences at two steps, extrapolated. */
function slopeAlong(loss: Loss, name: string, direction: Float32Array): number {
  const at = (offset: number) => {
    const { shape, data } = PARAMS[name]!;
    const moved = data.map((v, j) => v + offset * direction[j]!);
    const params = lift({ ...PARAMS, [name]: { shape, data: moved } });
    return loss(params, tf.tensor(x, X_SHAPE)).dataSync()[0]!;
  };
  const central = (h: number) => (at(h) - at(-h)) / (2 * h);
  return (4 * central(2 ** -7) - central(2 ** -6)) / 3;
}

describe.each([
  ['tanh', tf.tanh],
  ['elu', tf.elu],
  ['softplus', tf.softplus],
  ['a product with a sigmoid', (h: tf.Tensor) => tf.mul(h, tf.sigmoid(h))],
  ['leakyRelu', (h: tf.Tensor) => tf.leakyRelu(h, 0.2)],
] as const)('a convolutional critic with %s', (_, activation) => {
  const loss: Loss = (p, at) => {
    const critic = (image: tf.Tensor) => convolutional(activation)(p, image);
    return tf.add(tf.mean(critic(at)), tf.mul(gradientPenalty(critic, at), 10));
  };

  test('has the gradient of its penalty in every weight', async () => {
    const eager = gradients(loss, lift(PARAMS), tf.tensor(x, X_SHAPE));
    for (const [param, { data }] of Object.entries(PARAMS)) {
      const direction = new Float32Array(data.length);
      stream.fillNormal(direction);
      const slope = tf.sum(tf.mul(tf.reshape(eager[param]!, [-1]), direction)).dataSync()[0]!;
      expectClose([slope], [slopeAlong(loss, param, direction)], 2e-3, param);
    }
    const shapes = {
      x: X_SHAPE,
      ...Object.fromEntries(Object.entries(PARAMS).map(([n, t]) => [n, t.shape])),
    };
    const bytes = trace(
      Object.fromEntries(Object.entries(shapes).map(([n, shape]) => [n, { shape }])),
      ({ x: at, ...params }) =>
        Object.fromEntries(Object.entries(gradients(loss, params, at!)).map(([n, g]) => [`d/${n}`, g])),
    );
    const feeds = { x, ...Object.fromEntries(Object.entries(PARAMS).map(([n, t]) => [n, t.data])) };
    const compiled = await runOnnx(bytes, shapes, feeds);
    for (const [param, g] of Object.entries(eager))
      expectClose(compiled[`d/${param}`]!.data as Float32Array, g.dataSync(), 1e-5, param);
  });
});

test('the gradient of a quadratic critic is linear in the input and in the weights', () => {
  const w = tf.tensor1d([1, 2, 3]);
  const at = tf.tensor2d([[1, -1, 0.5]]);
  const critic = (p: tf.Tensor) => (image: tf.Tensor) => tf.sum(tf.mul(tf.square(image), p), 1);
  expect([...inputGradient(critic(w), at).dataSync()]).toEqual([2, -4, 3]);
  // Σ ∇ₓ = Σ 2 w x: in w it is 2 x.
  const inW = tf.grad((p: tf.Tensor) => tf.sum(inputGradient(critic(p), at)))(w);
  expect([...inW.dataSync()]).toEqual([2, -2, 1]);
});

test.each([
  ['MaxPool', (h: tf.Tensor) => tf.maxPool(h as tf.Tensor4D, 2, 2, 'valid')],
  ['AvgPool', (h: tf.Tensor) => tf.avgPool(h as tf.Tensor4D, 2, 2, 'valid')],
  ['logSoftmax__op', (h: tf.Tensor) => tf.logSoftmax(h)],
  ['Erf', (h: tf.Tensor) => tf.erf(h)],
])('%s on the way to the score is refused by name', (name, fn) => {
  const critic = (h: tf.Tensor) => tf.sum(fn(h), [1, 2, 3]);
  expect(() => inputGradient(critic, tf.ones([1, 2, 2, 1]))).toThrow(
    `train/layers: the gradient of ${name} cannot be differentiated again exactly`,
  );
});

test('an operation beside the way is not refused', () => {
  const side = (h: tf.Tensor) => tf.add(tf.sum(h), tf.mul(stopGradient(tf.sum(tf.erf(h))), 3));
  expect([...inputGradient(side, tf.tensor1d([1, 2])).dataSync()]).toEqual([1, 1]);
});

test('stopGradient keeps the value and gives a derivative of zero at every order, eager and recorded', async () => {
  // f = x³ + sg(x²) · x: f' = 3 x² + x², f'' = 6 x.
  const f = (at: tf.Tensor) => tf.add(tf.mul(at, tf.square(at)), tf.mul(stopGradient(tf.square(at)), at));
  const whole = (at: tf.Tensor): Tensors => ({
    value: f(at),
    first: tf.grad(f)(at),
    second: tf.grad((y: tf.Tensor) => tf.grad(f)(y))(at),
    none: tf.grad((y: tf.Tensor) => stopGradient(tf.square(y)))(at),
  });
  const expected = { value: [2, 16], first: [4, 16], second: [6, 12], none: [0, 0] };
  const eager = whole(tf.tensor1d([1, 2]));
  const recorded = await runOnnx(
    trace({ x: { shape: [2] } }, ({ x: at }) => whole(at!)),
    { x: [2] },
    { x: Float32Array.of(1, 2) },
  );
  for (const [name, values] of Object.entries(expected)) {
    expect([...eager[name]!.dataSync()], name).toEqual(values);
    expect([...(recorded[name]!.data as Float32Array)], name).toEqual(values);
  }
});
