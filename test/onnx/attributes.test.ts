// Kernels under every combination of their attributes, recorded against TensorFlow.js's own cpu backend.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { trace } from '../../onnx/trace/trace.ts';
import { expectSame } from './compare.ts';

const VALUE = { gradient: false };
const image = (x: tf.Tensor | undefined) => x as tf.Tensor4D;

describe.each([
  [
    [4, 4],
    [8, 8],
  ],
  [
    [3, 5],
    [7, 4],
  ],
  [
    [6, 6],
    [3, 3],
  ],
  [
    [5, 3],
    [1, 6],
  ],
  [
    [4, 2],
    [9, 2],
  ],
] as [[number, number], [number, number]][])('pixels of [%s] resized to [%s]', (from, to) => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
  ])('alignCorners %s, halfPixelCenters %s', async (alignCorners, halfPixelCenters) => {
    for (const resize of [tf.image.resizeNearestNeighbor, tf.image.resizeBilinear])
      await expectSame(
        { x: [2, ...from, 3] },
        (x) => resize(image(x), to, alignCorners, halfPixelCenters),
        VALUE,
      );
  });
});

type Pad = Parameters<typeof tf.conv2d>[3];
const PADS: Pad[] = [
  'same',
  'valid',
  1,
  [
    [0, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ],
];

describe.each(PADS.map((pad) => [pad]))('padding %j', (pad) => {
  test.each([
    [1, 1],
    [2, 1],
    [1, 2],
    [[1, 2], 1],
  ] as [number | [number, number], number][])(
    'convolutions of strides %j, dilations %j',
    async (strides, dilations) => {
      const mode = typeof pad === 'number' ? 'floor' : undefined;
      await expectSame(
        { x: [2, 7, 6, 2], w: [3, 2, 2, 4] },
        (x, w) => tf.conv2d(image(x), image(w), strides, pad, 'NHWC', dilations, mode),
        { gradient: dilations === 1 && pad !== 1 },
      );
      await expectSame(
        { x: [2, 7, 6, 2], w: [3, 2, 2, 2] },
        (x, w) => tf.depthwiseConv2d(image(x), image(w), strides, pad as 'same', 'NHWC', dilations, mode),
        VALUE,
      );
    },
  );

  test.each([1, 2, [2, 1]] as (number | [number, number])[])('pooling of strides %j', async (strides) => {
    const mode = typeof pad === 'number' ? 'floor' : undefined;
    for (const size of [2, [3, 2]] as (number | [number, number])[]) {
      await expectSame(
        { x: [2, 7, 6, 2] },
        (x) => tf.maxPool(image(x), size, strides, pad as 'same', mode),
        VALUE,
      );
      await expectSame(
        { x: [2, 7, 6, 2] },
        (x) => tf.avgPool(image(x), size, strides, pad as 'same', mode),
        VALUE,
      );
    }
  });
});

const S = { x: [3, 4] };
test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['cumsum, exclusive', (x) => tf.cumsum(x, 0, true)],
  ['cumsum, reverse', (x) => tf.cumsum(x, 1, false, true)],
  ['cumsum, both', (x) => tf.cumsum(x, 1, true, true)],
  ['a slice backwards', (x) => tf.stridedSlice(x, [2, 3], [-4, -5], [-1, -2])],
  ['a slice backwards to the middle', (x) => tf.stridedSlice(x, [2, 3], [0, 1], [-1, -1])],
  ['a slice with masks', (x) => tf.stridedSlice(x, [1, 1], [2, 2], [1, 1], 1, 2)],
  ['a slice that drops an axis', (x) => tf.stridedSlice(x, [1, 1], [2, 4], [1, 1], 0, 0, 0, 0, 1)],
  ['a slice that adds an axis', (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 1], 0, 0, 0, 1)],
  ['a slice with an ellipsis', (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 2], 0, 0, 1)],
  ['reverse of both axes', (x) => tf.reverse(x)],
  [
    'pad with a number',
    (x) =>
      tf.pad(
        x,
        [
          [1, 2],
          [0, 1],
        ],
        -1.5,
      ),
  ],
  [
    'pad of whole numbers',
    (x) =>
      tf.pad(
        tf.cast(x, 'int32'),
        [
          [1, 0],
          [0, 1],
        ],
        7,
      ),
  ],
  ['clip of whole numbers', (x) => tf.clipByValue(tf.cast(tf.mul(x, 10), 'int32'), -3, 4)],
  ['split with a rest', (x) => tf.split(x, [1, -1], 1)[1]!],
  ['split in equal parts', (x) => tf.split(x, 2, 1)[1]!],
  ['step with a slope', (x) => tf.step(x, 0.3)],
  ['leakyRelu with a slope', (x) => tf.leakyRelu(x, 0.7)],
  ['sum over both axes, kept', (x) => tf.sum(x, [0, 1], true)],
  ['mean over the last axis', (x) => tf.mean(x, -1)],
  ['max over both axes', (x) => tf.max(x, [0, 1])],
  ['min over none', (x) => tf.min(x)],
  ['argMax over the first axis', (x) => tf.argMax(x, 0)],
  ['one-hot with values', (x) => tf.oneHot(tf.cast(tf.mul(x, 2), 'int32'), 3, 5, -1)],
  ['one-hot of floats, some below zero', (x) => tf.oneHot(tf.cast(x, 'int32'), 2, 1.5, 0.5, 'float32')],
  ['one-hot of whole numbers, halved', (x) => tf.floorDiv(tf.oneHot(tf.cast(x, 'int32'), 2, 7), 2)],
  [
    'floorDiv of whole numbers below zero',
    (x) => tf.floorDiv(tf.cast(tf.mul(x, 10), 'int32'), tf.scalar(-3, 'int32')),
  ],
  ['floorDiv', (x) => tf.floorDiv(x, -0.7)],
  ['mod of whole numbers below zero', (x) => tf.mod(tf.cast(tf.mul(x, 10), 'int32'), tf.scalar(-3, 'int32'))],
  ['mod by a negative number', (x) => tf.mod(x, -0.7)],
  ['cast to whole numbers', (x) => tf.cast(tf.mul(x, 10), 'int32')],
  ['cast to bool', (x) => tf.cast(tf.relu(x), 'bool')],
  [
    'gather of rows of rows',
    (x) =>
      tf.gather(
        x,
        tf.tensor2d(
          [
            [2, 0],
            [1, 1],
          ],
          [2, 2],
          'int32',
        ),
        0,
      ),
  ],
  ['transpose of the last axes', (x) => tf.transpose(tf.reshape(x, [2, 3, 2]), [0, 2, 1])],
  ['tile of the first axis', (x) => tf.tile(x, [3, 1])],
  ['stack along the last axis', (x) => tf.stack([x, x], -1)],
  ['softmax of three axes', (x) => tf.softmax(tf.reshape(x, [2, 3, 2]) as tf.Tensor3D as never)],
  ['prod, kept', (x) => tf.prod(x, 1, true)],
  ['all, kept', (x) => tf.all(tf.greater(x, -1), 1, true)],
  ['any, of none', (x) => tf.any(tf.greater(x, 1))],
])('%s', (_, fn) => expectSame(S, fn, VALUE));

test.each(['floor', 'round', 'ceil'] as const)('windows counted with %s', async (mode) => {
  await expectSame({ x: [1, 6, 8, 2], w: [3, 3, 2, 1] }, (x, w) =>
    tf.conv2d(image(x), image(w), 2, 1, 'NHWC', 1, mode),
  );
  await expectSame({ x: [1, 6, 8, 2] }, (x) => tf.maxPool(image(x), 3, 2, 1, mode), VALUE);
  await expectSame({ x: [1, 6, 8, 2] }, (x) => tf.avgPool(image(x), 3, 2, 1, mode), VALUE);
});

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['MaxPool with pads [2,2,2,2]', (x) => tf.maxPool(image(x), 2, 1, 2)],
  ["Conv2D with dataFormat 'NCHW'", (x) => tf.conv2d(image(x), tf.ones([2, 2, 2, 2]), 1, 'same', 'NCHW')],
  ['GatherV2 with batchDims 1', (x) => tf.gather(x, tf.zeros([2, 1], 'int32'), 1, 1)],
  [
    "MirrorPad mode 'symmetric'",
    (x) =>
      tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 1],
          [0, 0],
          [0, 0],
        ],
        'symmetric',
      ),
  ],
])('%s is refused by name', (what, fn) => {
  expect(() => trace({ x: { shape: [2, 2, 2, 2] } }, ({ x }) => ({ y: fn(x!) }))).toThrow(
    `onnx/trace: ${what} is not recorded`,
  );
});
