// First and second derivatives, eager and recorded, against finite differences.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { TWICE_DIFFERENTIABLE } from '../../onnx/trace/gradients/register.ts';
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
async function expectDerivatives(
  shapes: Inputs,
  fn: Fn,
  { positive = false, orders = 2 } = {},
): Promise<void> {
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
  const derivatives = [first, second].slice(0, orders);
  const bytes = trace(Object.fromEntries(names.map((name) => [name, { shape: shapes[name]! }])), (inputs) => {
    const xs = names.map((name) => inputs[name]!);
    const results = derivatives.flatMap((of, order) =>
      of(xs).map((g, k) => [`${order + 1}/${names[k]}`, g] as const),
    );
    return Object.fromEntries(results);
  });
  const compiled = await runOnnx(bytes, shapes, data);
  derivatives.forEach((derivative, order) => {
    const eager = derivative(tensors(data));
    names.forEach((name, k) => {
      const what = `derivative ${order + 1} in ${name}`;
      const expected = [...data[name]!.keys()].map((i) => difference([value, slope][order]!, data, name, i));
      expectClose(eager[k]!.dataSync(), expected, TOLERANCE, what);
      const graph = compiled[`${order + 1}/${name}`]!.data as Float32Array;
      expectClose(graph, eager[k]!.dataSync(), 1e-5, `${what}, recorded`);
    });
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
  acos: (x) => tf.acos(tf.mul(x!, 0.2)),
  asin: (x) => tf.asin(tf.mul(x!, 0.2)),
  atan: (x) => tf.atan(x!),
  cosh: (x) => tf.cosh(x!),
  cumsum: (x) => tf.cumsum(x!, 0, true, true),
  erf: (x) => tf.erf(x!),
  expm1: (x) => tf.expm1(x!),
  sinh: (x) => tf.sinh(x!),
  tan: (x) => tf.tan(tf.mul(x!, 0.3)),
  gather: (x) => tf.gather(x!, tf.tensor1d([2, 0, 2], 'int32'), 1),
  segments: (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([1, 1], 'int32'), 3),
  depthToSpace: (x) => tf.depthToSpace(tf.reshape(x!, [1, 1, 2, 4]) as tf.Tensor4D, 2),
  nearest: (x) => tf.image.resizeNearestNeighbor(tf.reshape(x!, [1, 2, 2, 2]) as tf.Tensor4D, [4, 6]),
  avgPool: (x) => tf.avgPool(tf.reshape(x!, [1, 2, 4, 1]) as tf.Tensor4D, 2, 2, 'valid'),
  'a dropped half, scaled': (x) => tf.mul(tf.tanh(x!), tf.tensor1d([0, 2, 2, 0])),
};
test.each(Object.entries(ANY))('%s', (_, fn) => expectDerivatives({ x: [2, 4] }, squared(fn)));

// Constant almost everywhere: as factors, they leave the derivative of the other factor.
const small = (x: tf.Tensor | undefined): tf.Tensor => tf.mul(x!, 0.01);
const greatest = (x: tf.Tensor | undefined): tf.Tensor =>
  tf.add(small(x), [
    [1, 2, 0, 0],
    [0, 0, 3, 0],
  ]);
const FLAT: Record<string, Fn> = {
  ceil: (x) => tf.ceil(small(x)),
  floor: (x) => tf.floor(small(x)),
  floorDiv: (x) => tf.floorDiv(x!, 100),
  round: (x) => tf.round(small(x)),
  sign: (x) => tf.sign(x!),
  isNaN: (x) => tf.isNaN(x!),
  onesLike: (x) => tf.onesLike(x!),
  zerosLike: (x) => tf.zerosLike(x!),
  greater: (x) => tf.greater(x!, 0),
  greaterEqual: (x) => tf.greaterEqual(x!, 0),
  less: (x) => tf.less(x!, 0),
  lessEqual: (x) => tf.lessEqual(x!, 0),
  equal: (x) => tf.equal(x!, 0),
  notEqual: (x) => tf.notEqual(x!, 0),
  not: (x) => tf.logicalNot(tf.greater(x!, 0)),
  and: (x) => tf.logicalAnd(tf.greater(x!, 0), tf.less(x!, 9)),
  or: (x) => tf.logicalOr(tf.greater(x!, 9), tf.less(x!, 0)),
  argMax: (x) => tf.reshape(tf.argMax(greatest(x), 1), [2, 1]),
  argMin: (x) => tf.reshape(tf.argMin(greatest(x), 1), [2, 1]),
  oneHot: (x) => tf.oneHot(tf.argMax(greatest(x), 1) as tf.Tensor1D, 4),
};
test.each(Object.entries(FLAT))('%s', (_, fn) =>
  expectDerivatives({ x: [2, 4] }, (x) => tf.mul(tf.square(x!), tf.cast(fn(x!), 'float32'))),
);

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

test('the gradients of a convolution and of a mean over windows, as functions', async () => {
  const run = (name: string, inputs: Record<string, tf.Tensor>, attributes: object) =>
    tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor;
  const attributes = { strides: [2, 2], pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 1, 2] };
  await expectDerivatives(
    { x: [1, 5, 5, 1], dy: [1, 3, 3, 2] },
    squared((x, dy) => run('Conv2DBackpropFilter', { x: x!, dy: dy! }, attributes)),
  );
  const pool = { filterSize: 2, strides: 2, pad: 'valid' };
  await expectDerivatives({ dy: [1, 1, 2, 1], input: [1, 2, 4, 1] }, (dy, input) =>
    tf.mul(tf.square(run('AvgPoolGrad', { dy: dy!, input: input! }, pool)), input!),
  );
});

test('batch normalisation with given statistics', () =>
  expectDerivatives(
    { x: [1, 2, 2, 2], m: [2], v: [2], s: [2], o: [2] },
    squared((x, m, v, s, o) =>
      tf.batchNorm(asImage(x), m as tf.Tensor1D, v as tf.Tensor1D, o as tf.Tensor1D, s as tf.Tensor1D, 0.5),
    ),
    { positive: true },
  ));

test('maxPool, once', () =>
  expectDerivatives(
    { x: [1, 4, 4, 1] },
    squared((x) => tf.maxPool(asImage(x), 2, 2, 'valid')),
    { orders: 1 },
  ));

test('every operation that is said to be exact was tried', () => {
  expect([...TWICE_DIFFERENTIABLE].filter((name) => !met.has(name))).toEqual([]);
});
