// Gradient penalties: the gradient of the gradient of a critic, against finite differences, eager and compiled.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { trace } from '../../onnx/trace/trace.ts';
import { conv, initConv, initTransposedConv, transposedConv } from '../../train/layers/convolution.ts';
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

const norm = (w: tf.Tensor, axis?: number) => tf.sqrt(tf.sum(tf.square(w), axis, true));

/** σ of a matrix by the singular vectors that the power method keeps (Miyato et al. 2018). */
const spectralNorm = (w: tf.Tensor): tf.Tensor =>
  tf.sum(tf.mul(tf.mul(tf.fill([w.shape[0]!, 1], 0.2), w), tf.fill([1, w.shape[1]!], 0.6)));

/** What critics are made of besides: all four norms, maxout, dropout, attention, a transposed convolution. */
function eclectic(p: Tensors, at: tf.Tensor): tf.Tensor {
  const wide = transposedConv(p, 'conv-t', at, 2);
  const pieces = tf.reshape(wide, [at.shape[0]!, 2, 2, 64]);
  const flat = tf.reshape(tf.max(pieces, 2), [at.shape[0]!, 128]);
  const centred = tf.sub(flat, tf.mean(flat, 1, true));
  const layerNormed = tf.div(centred, tf.sqrt(tf.add(tf.mean(tf.square(centred), 1, true), 1e-3)));
  const dropped = tf.mul(layerNormed, DROPOUT());
  const spectral = tf.div(p['score/kernel']!, spectralNorm(p['score/kernel']!));
  const h = tf.tanh(tf.matMul(dropped, spectral as tf.Tensor2D));
  const attention = tf.softmax(tf.matMul(h as tf.Tensor2D, p['attention/kernel'] as tf.Tensor2D));
  const direction = tf.div(p['attention/kernel']!, norm(p['attention/kernel']!, 0));
  return tf.add(
    tf.sum(tf.mul(attention, tf.matMul(h as tf.Tensor2D, direction as tf.Tensor2D)), 1, true),
    tf.mul(p['score/bias']!, tf.exp(tf.mean(h))),
  );
}
const DROPOUT = () => tf.tensor(Array.from({ length: 128 }, (_, i) => (i % 3 ? 1.5 : 0)));
const ECLECTIC: HostTensors = {
  ...initTransposedConv(stream, 'conv-t', 1, 4, 4),
  ...initDense(stream, 'score', 128, 3),
  ...initDense(stream, 'attention', 3, 3),
};
// Pieces of a maxout stand apart; what no score depends on has no gradient.
ECLECTIC['conv-t/bias']!.data.set([2, -1, -1, 2]);
delete ECLECTIC['attention/bias'];
// As near to the singular vectors that the power method would have found as the test needs.
ECLECTIC['score/kernel']!.data.forEach((w, i, all) => {
  all[i] = w + 0.05;
});

type Loss = (params: Tensors, x: tf.Tensor) => tf.Scalar;

const gradients = (loss: Loss, params: Tensors, at: tf.Tensor): Tensors => {
  const names = Object.keys(params);
  const of = (...values: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, values[i]!])), at);
  const grads = tf.grads(of)(Object.values(params));
  return Object.fromEntries(grads.map((g, i) => [names[i]!, g]));
};

/** The slope along `direction` from one parameter, by central differences at two steps, extrapolated. */
function slopeAlong(loss: Loss, from: HostTensors, name: string, direction: Float32Array): number {
  const at = (offset: number) => {
    const { shape, data } = from[name]!;
    const moved = data.map((v, j) => v + offset * direction[j]!);
    const params = lift({ ...from, [name]: { shape, data: moved } });
    return loss(params, tf.tensor(x, X_SHAPE)).dataSync()[0]!;
  };
  const central = (h: number) => (at(h) - at(-h)) / (2 * h);
  return (4 * central(2 ** -7) - central(2 ** -6)) / 3;
}

const CRITICS: Record<string, [HostTensors, (p: Tensors, at: tf.Tensor) => tf.Tensor]> = {
  'two convolutions with tanh': [PARAMS, convolutional(tf.tanh)],
  'two convolutions with elu': [PARAMS, convolutional(tf.elu)],
  'two convolutions with softplus': [PARAMS, convolutional(tf.softplus)],
  'two convolutions with a sigmoid gate': [PARAMS, convolutional((h) => tf.mul(h, tf.sigmoid(h)))],
  'two convolutions with leakyRelu': [PARAMS, convolutional((h) => tf.leakyRelu(h, 0.2))],
  'norms, maxout, dropout, attention': [ECLECTIC, eclectic],
};

test.each(Object.entries(CRITICS))(
  '%s: the gradient of the penalty in every weight',
  async (_, [params, score]) => {
    const loss: Loss = (p, at) => {
      const critic = (image: tf.Tensor) => score(p, image);
      return tf.add(tf.mean(critic(at)), tf.mul(gradientPenalty(critic, at), 10));
    };
    const eager = gradients(loss, lift(params), tf.tensor(x, X_SHAPE));
    for (const [param, { data }] of Object.entries(params)) {
      const direction = new Float32Array(data.length);
      stream.fillNormal(direction);
      const slope = tf.sum(tf.mul(tf.reshape(eager[param]!, [-1]), direction)).dataSync()[0]!;
      expectClose([slope], [slopeAlong(loss, params, param, direction)], 2e-3, param);
    }
    const shapes = {
      x: X_SHAPE,
      ...Object.fromEntries(Object.entries(params).map(([n, t]) => [n, t.shape])),
    };
    const bytes = trace(
      Object.fromEntries(Object.entries(shapes).map(([n, shape]) => [n, { shape }])),
      ({ x: at, ...p }) =>
        Object.fromEntries(Object.entries(gradients(loss, p, at!)).map(([n, g]) => [`d/${n}`, g])),
    );
    const feeds = { x, ...Object.fromEntries(Object.entries(params).map(([n, t]) => [n, t.data])) };
    const compiled = await runOnnx(bytes, shapes, feeds);
    for (const [param, g] of Object.entries(eager))
      expectClose(compiled[`d/${param}`]!.data as Float32Array, g.dataSync(), 1e-5, param);
  },
);

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
  ['logSoftmax__op', (h: tf.Tensor) => tf.logSoftmax(h)],
  [
    'MirrorPad',
    (h: tf.Tensor) =>
      tf.mirrorPad(
        h,
        [
          [0, 0],
          [1, 0],
          [1, 0],
          [0, 0],
        ],
        'reflect',
      ),
  ],
])('%s on the way to the score is refused by name', (name, fn) => {
  const critic = (h: tf.Tensor) => tf.sum(fn(h), [1, 2, 3]);
  expect(() => inputGradient(critic, tf.ones([1, 2, 2, 1]))).toThrow(
    `train/layers: the gradient of ${name} cannot be differentiated again exactly`,
  );
});

test('an operation beside the way is not refused', () => {
  const side = (h: tf.Tensor) => tf.add(tf.sum(h), tf.mul(stopGradient(tf.sum(tf.logSoftmax(h))), 3));
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
