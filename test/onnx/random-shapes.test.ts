// Kernels on shapes that nobody chose: seeded random ranks, sizes, axes, strides and paddings, forward and gradient.
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { test } from 'vitest';
import { expectSame } from './compare.ts';

const RUNS = { seed: 2, numRuns: 8 };
const side = fc.integer({ min: 1, max: 5 });
const shape = fc.array(side, { minLength: 1, maxLength: 4 });
/** A shape, and one of its axes. */
const withAxis = shape.chain((s) => fc.tuple(fc.constant(s), fc.nat(s.length - 1)));

type Unary = (x: tf.Tensor) => tf.Tensor;
const ELEMENTWISE: Record<string, Unary> = {
  exp: tf.exp,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
  softplus: tf.softplus,
  relu: tf.relu,
  elu: tf.elu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.1),
  square: tf.square,
  clip: (x) => tf.clipByValue(x, -0.5, 0.7),
};

test.each(Object.entries(ELEMENTWISE))('%s', (_, fn) =>
  fc.assert(
    fc.asyncProperty(shape, (x) => expectSame({ x }, (t) => fn(t!))),
    RUNS,
  ),
);

/** Two shapes that broadcast: sides of 1 and missing leading axes on either side. */
const broadcasting = shape.chain((s) =>
  fc
    .tuple(
      fc.array(fc.boolean(), { minLength: s.length, maxLength: s.length }),
      fc.nat(s.length - 1),
      fc.boolean(),
    )
    .map(([ones, dropped, swapped]) => {
      const other = s.map((d, i) => (ones[i] ? 1 : d)).slice(dropped);
      return swapped ? { a: other, b: s } : { a: s, b: other };
    }),
);

test.each([
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['div', tf.div],
] as [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor][])('%s broadcasts', (_, fn) =>
  fc.assert(
    fc.asyncProperty(broadcasting, (shapes) =>
      expectSame(shapes, (a, b) => fn(a!, b!), { positive: true, tolerance: 5e-5 }),
    ),
    RUNS,
  ),
);

const REDUCTIONS: Record<string, (x: tf.Tensor, axis: number, keepDims: boolean) => tf.Tensor> = {
  sum: (x, axis, keepDims) => tf.sum(x, axis, keepDims),
  mean: (x, axis, keepDims) => tf.mean(x, axis, keepDims),
  max: (x, axis, keepDims) => tf.max(x, axis, keepDims),
  min: (x, axis, keepDims) => tf.min(x, axis, keepDims),
  logSumExp: (x, axis, keepDims) => tf.logSumExp(x, axis, keepDims),
};

test.each(Object.entries(REDUCTIONS))('%s over any axis', (_, fn) =>
  fc.assert(
    fc.asyncProperty(withAxis, fc.boolean(), ([x, axis], keepDims) =>
      expectSame({ x }, (t) => fn(t!, axis, keepDims)),
    ),
    RUNS,
  ),
);

test('softmax and logSoftmax over the last axis', () =>
  fc.assert(
    fc.asyncProperty(shape, async (x) => {
      await expectSame({ x }, (t) => tf.softmax(t as tf.Tensor2D));
      await expectSame({ x }, (t) => tf.logSoftmax(t as tf.Tensor2D));
    }),
    RUNS,
  ));

test('cumsum, reverse, gather, concat and split along any axis', () =>
  fc.assert(
    fc.asyncProperty(
      withAxis,
      fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      async ([x, axis], picks) => {
        const indices = tf.tensor1d(
          picks.map((pick) => pick % x[axis]!),
          'int32',
        );
        // TensorFlow.js's own gradient of cumsum is wrong but along the last axis.
        await expectSame({ x }, (t) => tf.cumsum(t!, axis), { gradient: axis === x.length - 1 });
        await expectSame({ x }, (t) => tf.reverse(t!, axis));
        await expectSame({ x }, (t) => tf.gather(t!, indices, axis));
        await expectSame({ x, y: x }, (t, u) => tf.concat([t!, u!], axis));
        await expectSame({ x: x.with(axis, x[axis]! + 2) }, (t) => tf.split(t!, [2, x[axis]!], axis)[1]!);
      },
    ),
    RUNS,
  ));

test('transpose, slice, pad and tile', () =>
  fc.assert(
    fc.asyncProperty(shape, fc.nat(), async (x, salt) => {
      const order = [...x.keys()].map((axis) => (axis + salt) % x.length);
      const begin = x.map((d, i) => (salt + i) % d);
      const extent = x.map((d, i) => Math.max(1, d - begin[i]! - (salt % 2)));
      await expectSame({ x }, (t) => tf.transpose(t!, order));
      await expectSame({ x }, (t) => tf.slice(t!, begin, extent));
      await expectSame({ x }, (t) =>
        tf.pad(t!, begin.map((b, i) => [b, (i + salt) % 3]) as [number, number][]),
      );
      await expectSame({ x }, (t) =>
        tf.tile(
          t!,
          begin.map((b) => b + 1),
        ),
      );
    }),
    RUNS,
  ));

test('matMul, with batches and either side transposed', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(side, side, side, fc.array(side, { maxLength: 2 })),
      fc.boolean(),
      fc.boolean(),
      ([m, k, n, batch], ta, tb) =>
        expectSame(
          { a: [...batch, ...(ta ? [k, m] : [m, k])], b: [...batch, ...(tb ? [n, k] : [k, n])] },
          (a, b) => tf.matMul(a!, b!, ta, tb),
        ),
    ),
    { ...RUNS, numRuns: 12 },
  ));

const convolution = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 4, max: 8 }),
  width: fc.integer({ min: 4, max: 8 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  inputs: fc.integer({ min: 1, max: 3 }),
  outputs: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom('same' as const, 'valid' as const),
});

test('conv2d', () =>
  fc.assert(
    fc.asyncProperty(convolution, ({ batch, height, width, kernel, inputs, outputs, stride, pad }) =>
      expectSame({ x: [batch, height, width, inputs], w: [kernel, kernel, inputs, outputs] }, (x, w) =>
        tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
      ),
    ),
    { ...RUNS, numRuns: 16 },
  ));

test('conv2dTranspose', () =>
  fc.assert(
    fc.asyncProperty(convolution, ({ batch, height, width, kernel, inputs, outputs, stride, pad }) => {
      const out = (d: number) => (pad === 'same' ? d * stride : (d - 1) * stride + kernel);
      return expectSame({ x: [batch, height, width, inputs], w: [kernel, kernel, outputs, inputs] }, (x, w) =>
        tf.conv2dTranspose(
          x as tf.Tensor4D,
          w as tf.Tensor4D,
          [batch, out(height), out(width), outputs],
          stride,
          pad,
        ),
      );
    }),
    { ...RUNS, numRuns: 16 },
  ));

test('maxPool and avgPool of windows that do not overlap', () =>
  fc.assert(
    fc.asyncProperty(convolution, async ({ batch, height, width, kernel, inputs }) => {
      const x = [batch, height, width, inputs];
      await expectSame({ x }, (t) => tf.maxPool(t as tf.Tensor4D, kernel, kernel, 'valid'));
      await expectSame({ x }, (t) => tf.avgPool(t as tf.Tensor4D, kernel, kernel, 'valid'));
    }),
    RUNS,
  ));
