// First and second derivatives, eager and recorded, against finite differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { TWICE_DIFFERENTIABLE } from '../../onnx/trace/gradients.ts';
import { trace } from '../../onnx/trace/trace.ts';
import { dataFor, expectClose, type Inputs, runOnnx } from './compare.ts';

type Fn = (...xs: tf.Tensor[]) => tf.Tensor;
type Data = Record<string, Float32Array>;

/** Steps that float32 holds exactly, long enough that its rounding does not count. */
const STEP = 2 ** -4;
const TOLERANCE = 3e-4;
const met = new Set<string>();

/** d fn / d data[name][i] by central differences at two steps, extrapolated (Richardson): an error of STEP⁴. */
function difference(fn: (data: Data) => number, data: Data, name: string, i: number): number {
  const at = (offset: number) =>
    fn({ ...data, [name]: data[name]!.map((x, j) => (i === j ? x + offset : x)) });
  const central = (h: number) => (at(h) - at(-h)) / (2 * h);
  return (4 * central(STEP / 2) - central(STEP)) / 3;
}

/** Σ weights · values in double precision. */
const weighted = (values: tf.Tensor[], weights: Float32Array[]): number =>
  values.reduce((total, t, k) => total + weights[k]!.reduce((n, w, i) => n + w * t.dataSync()[i]!, 0), 0);

/** fn at inputs that stay away from kinks: every input is at least 0.2 from zero. */
async function expectDerivatives(shapes: Inputs, fn: Fn, { positive = false } = {}): Promise<void> {
  await tf.setBackend('cpu');
  const names = Object.keys(shapes);
  const data = dataFor(shapes, { positive });
  for (const name of names) data[name] = data[name]!.map((x) => x + Math.sign(x) * 0.2);
  const tensors = (at: Data) => names.map((name) => tf.tensor(at[name]!, shapes[name]!));
  const out = fn(...tensors(data)).shape;
  const v = dataFor({ v: out }).v!;
  const us = names.map((name) => dataFor({ [`u ${name}`]: shapes[name]! })[`u ${name}`]!);

  const first = (xs: tf.Tensor[]): tf.Tensor[] =>
    tf.grads((...ys) => {
      const y = fn(...ys);
      for (const { kernelName } of tf.engine().state.activeTape) met.add(kernelName);
      return tf.sum(tf.mul(y, tf.tensor(v, out)));
    })(xs);
  const second = (xs: tf.Tensor[]): tf.Tensor[] =>
    tf.grads((...ys) =>
      tf.addN(first(ys).map((g, k) => tf.sum(tf.mul(g, tf.tensor(us[k]!, g.shape)))) as tf.Tensor[]),
    )(xs);

  const value = (at: Data) => weighted([fn(...tensors(at))], [v]);
  const slope = (at: Data) => weighted(first(tensors(at)), us);
  const [eager1, eager2] = [first(tensors(data)), second(tensors(data))];
  const bytes = trace(Object.fromEntries(names.map((name) => [name, { shape: shapes[name]! }])), (inputs) => {
    const xs = names.map((name) => inputs[name]!);
    const results = [first(xs), second(xs)].flatMap((gs, order) =>
      gs.map((g, k) => [`${order + 1}/${names[k]}`, g] as const),
    );
    return Object.fromEntries(results);
  });
  const compiled = await runOnnx(bytes, shapes, data);
  names.forEach((name, k) => {
    for (const [order, eager, of] of [
      [1, eager1, value],
      [2, eager2, slope],
    ] as const) {
      const expected = [...data[name]!.keys()].map((i) => difference(of, data, name, i));
      expectClose(eager[k]!.dataSync(), expected, TOLERANCE, `derivative ${order} in ${name}`);
      const graph = compiled[`${order}/${name}`]!.data as Float32Array;
      expectClose(graph, eager[k]!.dataSync(), 1e-5, `derivative ${order} in ${name}, recorded`);
    }
  });
}

// Each is squared, so that linear ones have a second derivative as well.
const squared =
  (fn: Fn): Fn =>
  (...xs) =>
    tf.square(fn(...xs));
const asImage = (x: tf.Tensor | undefined) => x as tf.Tensor4D;

const ANY: Record<string, Fn> = {
  abs: (x) => tf.abs(x!),
  clip: (x) => tf.clipByValue(x!, -0.1, 9),
  cos: (x) => tf.cos(x!),
  elu: (x) => tf.elu(x!),
  exp: (x) => tf.exp(x!),
  'clone and cast': (x) => tf.cast(x!.clone(), 'float32'),
  leakyRelu: (x) => tf.leakyRelu(x!, 0.2),
  neg: (x) => tf.neg(x!),
  relu: (x) => tf.relu(x!),
  relu6: (x) => tf.relu6(x!),
  selu: (x) => tf.selu(x!),
  sigmoid: (x) => tf.sigmoid(x!),
  sin: (x) => tf.sin(x!),
  softplus: (x) => tf.softplus(x!),
  square: (x) => tf.square(x!),
  step: (x) => tf.mul(x!, tf.step(x!, 0.3)),
  tanh: (x) => tf.tanh(x!),
  softmax: (x) => tf.softmax(x as tf.Tensor2D),
  sum: (x) => tf.sum(x!, 1),
  mean: (x) => tf.mean(x!, 0, true),
  max: (x) => tf.max(x!, 1),
  min: (x) => tf.min(x!, 0, true),
  maxout: (x) => tf.max(tf.reshape(x!, [2, 2, 2]), 2),
  'greatest norm of rows': (x) => tf.max(tf.sqrt(tf.sum(tf.square(x!), 1))),
  expandDims: (x) => tf.expandDims(x!, 1),
  reshape: (x) => tf.reshape(x!, [4, 2]),
  transpose: (x) => tf.transpose(x!),
  reverse: (x) => tf.reverse(x!, 1),
  slice: (x) => tf.slice(x!, [0, 1], [2, 2]),
  pad: (x) =>
    tf.add(
      tf.pad(x!, [
        [1, 0],
        [0, 2],
      ]),
      0.5,
    ),
  tile: (x) => tf.mul(tf.tile(x!, [2, 2]), tf.tensor1d([1, 2, 3, 4, 5, 6, 7, 8])),
  'concat and split': (x) => tf.concat(tf.split(x!, [1, 3], 1).toReversed(), 1),
  'stack and unstack': (x) => tf.stack(tf.unstack(x!, 1).slice(1), 1),
  addN: (x) => tf.addN([x!, tf.square(x!)]),
  'a dropped half, scaled': (x) => tf.mul(tf.tanh(x!), tf.tensor1d([0, 2, 2, 0])),
};
test.each(Object.entries(ANY))('%s', (_, fn) => expectDerivatives({ x: [2, 4] }, squared(fn)));

const POSITIVE: Record<string, Fn> = {
  log: (x) => tf.log(x!),
  log1p: (x) => tf.log1p(x!),
  reciprocal: (x) => tf.reciprocal(x!),
  rsqrt: (x) => tf.rsqrt(x!),
  sqrt: (x) => tf.sqrt(x!),
};
test.each(Object.entries(POSITIVE))('%s', (_, fn) =>
  expectDerivatives(
    { x: [2, 3] },
    squared((x) => fn(tf.add(x!, 0.5))),
    { positive: true },
  ),
);

const BINARY: Record<string, Fn> = {
  add: (a, b) => tf.add(a!, b!),
  sub: (a, b) => tf.sub(a!, b!),
  mul: (a, b) => tf.mul(a!, b!),
  div: (a, b) => tf.div(a!, b!),
  maximum: (a, b) => tf.maximum(a!, b!),
  minimum: (a, b) => tf.minimum(a!, b!),
  pow: (a, b) => tf.pow(a!, b!),
  squaredDifference: (a, b) => tf.squaredDifference(a!, b!),
  where: (a, b) =>
    tf.where(
      tf.tensor2d(
        [
          [1, 0, 1],
          [0, 1, 0],
        ],
        [2, 3],
        'bool',
      ),
      a!,
      tf.square(b!),
    ),
};
test.each(Object.entries(BINARY))('%s', (_, fn) =>
  expectDerivatives(
    { a: [2, 3], b: [2, 3] },
    squared((a, b) => fn(a!, tf.add(b!, 0.5))),
    { positive: true },
  ),
);
test.each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'pow'])('%s broadcasts', (name) =>
  expectDerivatives(
    { a: [3], b: [2, 1] },
    squared((a, b) => BINARY[name]!(a, tf.add(b!, 0.5))),
    { positive: true },
  ),
);

test('prelu', () =>
  expectDerivatives(
    { x: [2, 3], alpha: [3] },
    squared((x, alpha) => tf.prelu(x!, alpha!)),
  ));

test.each([
  [[2, 3], [3, 2], false, false],
  [[3, 2], [2, 3], true, true],
  [[2, 2, 3], [2, 2, 3], false, true],
] as const)('matMul of [%s] and [%s]', (a, b, ta, tb) =>
  expectDerivatives(
    { a: [...a], b: [...b] },
    squared((x, y) => tf.matMul(x!, y!, ta, tb)),
  ),
);

test.each([
  [4, 3, 1, 'same'],
  [5, 3, 2, 'same'],
  [6, 4, 2, 'valid'],
] as const)('conv2d of %d pixels, kernel %d, stride %d, %s', (size, kernel, stride, pad) =>
  expectDerivatives(
    { x: [1, size, size, 1], w: [kernel, kernel, 1, 2] },
    squared((x, w) => tf.conv2d(asImage(x), asImage(w), stride, pad)),
  ),
);

test('transposed convolution', () =>
  expectDerivatives(
    { x: [1, 2, 2, 2], w: [3, 3, 1, 2] },
    squared((x, w) => tf.conv2dTranspose(asImage(x), asImage(w), [1, 4, 4, 1], 2, 'same')),
  ));

test('every operation that is said to be exact was tried', () => {
  expect([...TWICE_DIFFERENTIABLE].filter((name) => !met.has(name))).toEqual([]);
});
