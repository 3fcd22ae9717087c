// Every kernel that records, forward and gradient, against TensorFlow.js's own cpu backend.
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { decodeModel } from '../../onnx/decode.ts';
import { roundToHalf } from '../../onnx/trace/half.ts';
import { TABLES } from '../../onnx/trace/register.ts';
import { trace } from '../../onnx/trace/trace.ts';
import { expectSame, recorded, runOnnx } from './compare.ts';

const S = { x: [3, 4] };
const ANY: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['abs', tf.abs],
  ['neg', tf.neg],
  ['exp', tf.exp],
  ['expm1', tf.expm1],
  ['square', tf.square],
  ['tanh', tf.tanh],
  ['sigmoid', tf.sigmoid],
  ['softplus', tf.softplus],
  ['relu', tf.relu],
  ['relu6', tf.relu6],
  ['elu', tf.elu],
  ['selu', tf.selu],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.1)],
  ['sin', tf.sin],
  ['cos', tf.cos],
  ['atan', tf.atan],
  ['sinh', tf.sinh],
  ['cosh', tf.cosh],
  ['erf', tf.erf],
  ['tan', tf.tan],
  ['asin', (x) => tf.asin(tf.mul(x, 0.2))],
  ['acos', (x) => tf.acos(tf.mul(x, 0.2))],
  ['addN', (x) => tf.addN([x, tf.mul(x, 2), tf.mul(x, 3)])],
  ['fill', (x) => tf.add(tf.fill([30, 3, 4], 2), x)],
  ['clip', (x) => tf.clipByValue(x, -0.5, 0.7)],
  ['softmax', (x) => tf.softmax(x as tf.Tensor2D)],
  ['logSoftmax', (x) => tf.logSoftmax(x as tf.Tensor2D)],
  ['logSumExp', (x) => tf.logSumExp(x, 1)],
  ['sum', (x) => tf.sum(x, 0)],
  ['sum all', (x) => tf.sum(x)],
  ['mean', (x) => tf.mean(x, [0, 1], true)],
  ['max', (x) => tf.max(x, 1)],
  ['min', (x) => tf.min(x, 0)],
  ['prod', (x) => tf.prod(x, 1)],
  ['cumsum', (x) => tf.cumsum(x, 1)],
  ['reshape', (x) => tf.reshape(x, [2, -1])],
  ['expandDims', (x) => tf.expandDims(x, 1)],
  ['transpose', (x) => tf.transpose(x)],
  ['slice', (x) => tf.slice(x, [1, 0], [2, 3])],
  ['stridedSlice', (x) => tf.stridedSlice(x, [0, 1], [3, 4], [2, 2])],
  ['tile', (x) => tf.tile(x, [2, 3])],
  [
    'pad',
    (x) =>
      tf.pad(x, [
        [1, 0],
        [2, 1],
      ]),
  ],
  [
    'mirrorPad',
    (x) =>
      tf.mirrorPad(
        x,
        [
          [1, 1],
          [2, 0],
        ],
        'reflect',
      ),
  ],
  ['reverse', (x) => tf.reverse(x, 1)],
  ['concat', (x) => tf.concat([x, tf.mul(x, 2)], 1)],
  ['stack', (x) => tf.stack([x, tf.mul(x, 2)], 1)],
  ['unstack', (x) => tf.unstack(x, 1)[2]!],
  ['split', (x) => tf.split(x, [1, 3], 1)[1]!],
  ['gather', (x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 1)],
];
// TensorFlow.js has no gradient of the first two, and that of a product needs Cumprod, which ONNX has not.
const NO_GRADIENT = new Set(['stridedSlice', 'mirrorPad', 'prod']);
const POSITIVE: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['log', tf.log],
  ['log1p', tf.log1p],
  ['sqrt', tf.sqrt],
  ['rsqrt', tf.rsqrt],
  ['reciprocal', tf.reciprocal],
];
// Without a gradient, or with one that is zero.
const VALUES: [string, (x: tf.Tensor) => tf.Tensor][] = [
  ['floor', tf.floor],
  ['ceil', tf.ceil],
  ['round', tf.round],
  ['sign', tf.sign],
  ['step', (x) => tf.step(x)],
  ['argMax', (x) => tf.argMax(x, 1)],
  ['argMin', (x) => tf.argMin(x, 0)],
  ['greater', (x) => tf.greater(x, 0.1)],
  ['lessEqual', (x) => tf.lessEqual(x, 0.1)],
  ['notEqual', (x) => tf.notEqual(x, 0)],
  ['logicalNot', (x) => tf.logicalNot(tf.less(x, 0))],
  ['all', (x) => tf.all(tf.less(x, 1), 0)],
  ['any', (x) => tf.any(tf.less(x, -1), 1)],
  ['oneHot', (x) => tf.oneHot(tf.cast(tf.argMax(x, 1), 'int32'), 4)],
  ['or', (x) => tf.logicalOr(tf.less(x, -1), tf.greater(x, 1))],
  ['mod', (x) => tf.mod(x, 0.7)],
  ['floorDiv', (x) => tf.floorDiv(tf.cast(tf.mul(x, 10), 'int32'), tf.scalar(3, 'int32'))],
  ['onesLike', (x) => tf.onesLike(x)],
  ['and', (x) => tf.logicalAnd(tf.less(x, 1), tf.greater(x, -1))],
  ['isNaN', (x) => tf.isNaN(x)],
  [
    'gatherND',
    (x) =>
      tf.gatherND(
        x,
        tf.tensor2d(
          [
            [2, 3],
            [0, 1],
          ],
          [2, 2],
          'int32',
        ),
      ),
  ],
  ['topk', (x) => tf.topk(x, 2).values],
  ['topk, where', (x) => tf.topk(x, 3).indices],
  ['einsum, a product', (x) => tf.einsum('ij,kj->ik', x, tf.add(x, 1))],
  ['einsum, a transposition and a sum', (x) => tf.einsum('ij->j', x)],
  ['einsum, batches', (x) => tf.einsum('bij,bjk->bik', tf.reshape(x, [2, 2, 3]), tf.reshape(x, [2, 3, 2]))],
  ['flip', (x) => tf.image.flipLeftRight(tf.reshape(x, [1, 2, 3, 2]) as tf.Tensor4D)],
  ['asinh', (x) => tf.asinh(x)],
  ['acosh', (x) => tf.acosh(tf.add(tf.abs(x), 1.1))],
  ['atanh', (x) => tf.atanh(tf.mul(x, 0.2))],
  ['isFinite', (x) => tf.isFinite(tf.div(1, tf.floor(tf.abs(x))))],
  ['isInf', (x) => tf.isInf(tf.div(1, tf.floor(tf.abs(x))))],
];

test.each(ANY)('%s', (name, fn) => expectSame(S, fn, { gradient: !NO_GRADIENT.has(name) }));
test.each(POSITIVE)('%s', (_, fn) => expectSame(S, fn, { positive: true }));
test.each(VALUES)('%s', (_, fn) => expectSame(S, fn, { gradient: false }));

const BINARY: [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['squaredDifference', tf.squaredDifference],
  ['pow', tf.pow],
];
test.each(BINARY)('%s broadcasts', async (name, fn) => {
  await expectSame({ a: [3, 4], b: [3, 4] }, fn, { positive: true });
  // TensorFlow.js has no gradient of these for shapes that differ.
  const gradient = !['maximum', 'minimum', 'squaredDifference'].includes(name);
  await expectSame({ a: [2, 3, 4], b: [1, 4] }, fn, { positive: true, gradient });
  await expectSame({ a: [4], b: [2, 1] }, fn, { positive: true, gradient });
});

test('prelu has a gradient in its input and in its slope', () =>
  expectSame({ x: [2, 3, 4], alpha: [3, 4] }, (x, alpha) => tf.prelu(x!, alpha!)));

test('where takes the gradient of the branch it takes', () => {
  const condition = tf.tensor([1, 0, 1, 0], [4], 'bool');
  return expectSame({ a: [3, 4], b: [3, 4] }, (a, b) =>
    tf.where(tf.reshape(tf.tile(condition, [3]), [3, 4]), a!, tf.mul(b!, 2)),
  );
});

test.each([
  [[3, 4], [4, 5], false, false],
  [[4, 3], [4, 5], true, false],
  [[3, 4], [5, 4], false, true],
  [[4, 3], [5, 4], true, true],
  [[2, 3, 4], [2, 4, 5], false, false],
  [[2, 4, 3], [2, 5, 4], true, true],
])('matMul of [%s] and [%s], transposed %s, %s', (a, b, ta, tb) =>
  expectSame({ a, b }, (x, y) => tf.matMul(x, y, ta, tb)),
);

test.each([
  ['a bias', [5], (b: tf.Tensor) => b],
  ['a matrix times a number', [3, 5], (b: tf.Tensor) => tf.mul(b, 0.25)],
])('%s becomes the third input of the product, unless it widens the result', async (_, shape, scaled) => {
  const sum = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.add(tf.matMul(x, w), scaled(b));
  await expectSame({ x: [3, 4], w: [4, 5], b: [1, 1, 5] }, sum);
  await expectSame({ x: [3, 4], w: [4, 5], b: shape }, sum);
  const bytes = trace({ x: { shape: [3, 4] }, w: { shape: [4, 5] }, b: { shape } }, ({ x, w, b }) => ({
    y: sum(x!, w!, b!),
  }));
  expect(decodeModel(bytes).graph.nodes.map(({ op }) => op)).toEqual(['Gemm']);
});

test.each([
  [5, 3, 1, 'same'],
  [6, 4, 2, 'same'],
  [7, 3, 2, 'same'],
  [7, 3, 2, 'valid'],
  [8, 4, 2, 'valid'],
  [9, 2, 3, 'valid'],
] as const)('conv2d of %d pixels, kernel %d, stride %d, %s', (size, kernel, stride, pad) =>
  expectSame({ x: [2, size, size, 3], w: [kernel, kernel, 3, 2] }, (x, w) =>
    tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
  ),
);

test.each([
  [4, 4, 2, 'same'],
  [3, 3, 2, 'same'],
  [5, 3, 1, 'same'],
  [3, 4, 2, 'valid'],
] as const)('conv2dTranspose of %d pixels, kernel %d, stride %d, %s', (size, kernel, stride, pad) => {
  const out = pad === 'same' ? size * stride : (size - 1) * stride + kernel;
  return expectSame({ x: [2, size, size, 3], w: [kernel, kernel, 2, 3] }, (x, w) =>
    tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, out, out, 2], stride, pad),
  );
});

test('depth becomes space', () =>
  expectSame({ x: [2, 2, 3, 8] }, (x) => tf.depthToSpace(x as tf.Tensor4D, 2)));

test('depthwise convolution', () =>
  expectSame(
    { x: [2, 6, 6, 3], w: [3, 3, 3, 2] },
    (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
    { gradient: false },
  ));

const image = (x: tf.Tensor | undefined) => x as tf.Tensor4D;
const VALUE = { gradient: false };
const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;
test.each(ACTIVATIONS)('products and convolutions fused with a bias and %s', async (activation) => {
  const fused = { activation, leakyreluAlpha: 0.3 };
  const alpha = (a: tf.Tensor | undefined) => (activation === 'prelu' ? { preluActivationWeights: a! } : {});
  await expectSame(
    { a: [3, 4], b: [4, 5], bias: [5], alpha: [5] },
    (a, b, bias, slope) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, ...fused, ...alpha(slope) }),
    VALUE,
  );
  await expectSame(
    { a: [2, 4, 3], b: [2, 5, 4], bias: [5], alpha: [5] },
    (a, b, bias, slope) =>
      tf.fused.matMul({
        a: a!,
        b: b!,
        bias: bias!,
        transposeA: true,
        transposeB: true,
        ...fused,
        ...alpha(slope),
      }),
    VALUE,
  );
  await expectSame(
    { x: [2, 5, 5, 2], w: [3, 3, 2, 4], bias: [4], alpha: [4] },
    (x, w, bias, slope) =>
      tf.fused.conv2d({
        x: image(x),
        filter: image(w),
        strides: 2,
        pad: 'same',
        bias: bias!,
        ...fused,
        ...alpha(slope),
      }),
    VALUE,
  );
  await expectSame(
    { x: [2, 5, 5, 2], w: [3, 3, 2, 2], bias: [4], alpha: [4] },
    (x, w, bias, slope) =>
      tf.fused.depthwiseConv2d({
        x: image(x),
        filter: image(w),
        strides: 1,
        pad: 'valid',
        bias: bias!,
        ...fused,
        ...alpha(slope),
      }),
    VALUE,
  );
});

test('pooling', async () => {
  await expectSame({ x: [2, 6, 6, 3] }, (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'));
  await expectSame({ x: [2, 6, 6, 3] }, (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'valid'));
  // TensorFlow.js divides its gradient by the whole window even where padding is part of it.
  await expectSame({ x: [2, 7, 7, 3] }, (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 'same'), {
    gradient: false,
  });
});

test('batch normalisation and resizing', async () => {
  await expectSame(
    { x: [2, 3, 3, 4], m: [4], v: [4], s: [4], o: [4] },
    (x, m, v, s, o) =>
      tf.batchNorm(
        x as tf.Tensor4D,
        m as tf.Tensor1D,
        v as tf.Tensor1D,
        o as tf.Tensor1D,
        s as tf.Tensor1D,
        1e-3,
      ),
    { positive: true, tolerance: 5e-5 },
  );
  await expectSame({ x: [1, 3, 3, 2] }, (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [6, 6]), {
    gradient: false,
  });
  await expectSame({ x: [1, 3, 3, 2] }, (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [6, 6]), {
    gradient: false,
  });
});

test('layers in NCHW leave no Transpose in the graph, not even in the gradient of the kernel', () => {
  const layer = (x: tf.Tensor, w: tf.Tensor) =>
    tf.transpose(
      tf.conv2d(
        tf.transpose(x as tf.Tensor4D, [0, 2, 3, 1]),
        tf.transpose(w as tf.Tensor4D, [2, 3, 1, 0]),
        2,
        'same',
      ),
      [0, 3, 1, 2],
    );
  const bytes = trace({ x: { shape: [2, 3, 8, 8] }, w: { shape: [4, 3, 3, 3] } }, ({ x, w }) => ({
    y: layer(x!, w!),
  }));
  expect(decodeModel(bytes).graph.nodes.map(({ op }) => op)).toEqual(['Conv']);
});

test('constants fold, equal ones are stored once, equal nodes are one', () => {
  const bytes = trace({ x: { shape: [2, 2] } }, ({ x }) => {
    const a = tf.sqrt(
      tf.tensor2d([
        [4, 9],
        [16, 25],
      ]),
    );
    const b = tf.tensor2d([
      [2, 3],
      [4, 5],
    ]);
    return { y: tf.add(tf.exp(tf.mul(x!, a)), tf.exp(tf.mul(x!, b))) };
  });
  const { graph } = decodeModel(bytes);
  expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'Exp', 'Add']);
  expect(graph.initialisers.length).toBe(1);
});

test('half weights are rounded to nearest, ties to even; small ones are not', () => {
  const values = [1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, 65504, 2 ** -24, 2 ** -26, -0.1, 0];
  const many = Float32Array.from([...values, ...Array(60).fill(0)]);
  expect([...roundToHalf(many).subarray(0, 8)]).toEqual([
    1,
    1,
    1 + 2 ** -9,
    65504,
    2 ** -24,
    0,
    -0.0999755859375,
    0,
  ]);
  expect(roundToHalf(many.subarray(0, 8))).toEqual(many.subarray(0, 8));
});

test('weights are stored as float16 where that is exact, and as they are elsewhere', async () => {
  const exact = tf.fill([80], 0.375);
  const third = tf.fill([80], 1 / 3);
  const fn = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.mul(tf.add(x!, exact), third) });
  const bytes = trace({ x: { shape: [80] } }, fn, { halfWeights: true });
  expect(
    decodeModel(bytes)
      .graph.initialisers.map(({ type }) => type)
      .toSorted(),
  ).toEqual(['float16', 'float32']);
  const { y } = await runOnnx(bytes, { x: [80] }, { x: new Float32Array(80).fill(1) });
  expect((y!.data as Float32Array)[7]).toBe(Math.fround(1.375 * Math.fround(1 / 3)));
});

test('what cannot be recorded is named', () => {
  const one = { x: { shape: [4] } };
  expect(() => trace(one, ({ x }) => ({ y: tf.tensor(x!.dataSync()) }))).toThrow(
    /must not read tensor values/,
  );
  expect(() => trace(one, ({ x }) => ({ y: tf.spectral.rfft(x!) }))).toThrow(
    /^onnx\/trace: kernel Complex \(real \[4\], imag \[4\]; \{\}\) cannot be recorded yet; add it to/,
  );
});

test('every kernel that records was compared by a test above', () => {
  const names = TABLES.flatMap((table) => Object.keys(table));
  expect(names.length).toBeGreaterThan(90);
  expect(names.filter((name) => !recorded.has(name))).toEqual([]);
});
