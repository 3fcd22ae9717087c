// A dynamic batch: graphs that run at any size of it, and what would have stored one size.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { decodeModel } from '../../onnx/decode.ts';
import { BATCH, trace } from '../../onnx/trace/trace.ts';
import { dataFor, expectClose, runOnnx } from './compare.ts';

beforeAll(() => tf.setBackend('cpu'));

type Fn = (x: tf.Tensor) => tf.Tensor;
const traced = (fn: Fn) => trace({ x: { shape: [BATCH, 3] } }, ({ x }) => ({ y: fn(x!) }));
const batchOf = (x: tf.Tensor) => x.shape[0]!;
const w = tf.tensor2d([
  [1, 2, 3, 4],
  [0, 1, 0, 1],
  [2, 2, 2, 2],
]);

const DYNAMIC: Record<string, Fn> = {
  'a layer': (x) => tf.tanh(tf.matMul(tf.reshape(x, [batchOf(x), 3]) as tf.Tensor2D, w)),
  'zeros of its size': (x) => tf.concat([x, tf.zeros([batchOf(x), 2])], 1),
  'ones of its size': (x) => tf.sub(tf.ones([batchOf(x), 3]), x),
  'a fill': (x) => tf.concat([tf.fill([batchOf(x), 1], 0.5), x], 1),
  'what a constant is repeated to': (x) => tf.add(tf.tile(tf.tensor2d([[1, 2, 3]]), [batchOf(x), 1]), x),
  'rows repeated': (x) => tf.sum(tf.reshape(tf.tile(x, [1, 2]), [batchOf(x) * 2, 3]), 1),
  'a result that is a fill': (x) => tf.zerosLike(x),
  'a mean over it': (x) => tf.sub(x, tf.mean(x, 0, true)),
  'two batches in one shape': (x) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true),
  'its rows flat': (x) => tf.mul(tf.reshape(x, [-1]), 2),
};
test.each(Object.entries(DYNAMIC))('%s', async (_, fn) => {
  const bytes = traced(fn);
  expect(decodeModel(bytes).graph.inputs[0]!.shape).toEqual(['batch', 3]);
  for (const batch of [1, 2, 65]) {
    const shapes = { x: [batch, 3] };
    const data = dataFor(shapes);
    const { y } = await runOnnx(bytes, shapes, data);
    const expected = fn(tf.tensor(data.x!, shapes.x));
    expect(y!.dims, `batch ${batch}`).toEqual(expected.shape);
    expectClose(y!.data as Float32Array, expected.dataSync(), 1e-5, `batch ${batch}`);
  }
});

test.each<[string, Fn, RegExp]>([
  [
    'noise',
    (x) => tf.add(x, tf.randomNormal([batchOf(x), 3])),
    /randomNormal makes numbers of shape \[7919,3\]/,
  ],
  ['dropout', (x) => tf.dropout(x, 0.5), /dropout makes numbers of shape \[7919,3\]/],
  [
    'a mean by hand',
    (x) => tf.div(tf.sum(x, 0), batchOf(x)),
    /div stores numbers of shape \[\] that change with/,
  ],
  [
    'a factor',
    (x) => tf.mul(tf.sum(x, 0), 1 / batchOf(x)),
    /mul stores numbers of shape \[\] that change with/,
  ],
  [
    'noise for all',
    (x) => tf.add(x, tf.randomUniform([3])),
    /randomUniform stores numbers of shape \[3\] .* whenever/,
  ],
  ['the first row', (x) => tf.slice(x, [0, 0], [1, 3]), /Slice takes 0 to 0 of the dynamic batch/],
  ['all but one row', (x) => tf.slice(x, [1, 0], [-1, 3]), /Slice takes 1 to 7918 of the dynamic batch/],
  ['every second row', (x) => tf.stridedSlice(x, [0, 0], [batchOf(x), 3], [2, 1]), /StridedSlice takes/],
  [
    'batches of 32',
    (x) => tf.concat(tf.split(x, [32, batchOf(x) - 32])),
    /predict\(x\) cuts its input into batches of 32/,
  ],
  [
    'one more row',
    (x) => tf.concat([x, tf.zeros([1, 3])]),
    /output 'y' of shape \[7920,3\] is neither fixed nor/,
  ],
])('%s is refused by name', (_, fn, message) => {
  expect(() => traced(fn)).toThrow(message);
});

test('a fixed batch may hold what a dynamic one may not', async () => {
  const fn = (x: tf.Tensor) => tf.div(tf.sum(tf.slice(x, [1, 0], [-1, 3]), 0), batchOf(x));
  const bytes = trace({ x: { shape: [2, 3] } }, ({ x }) => ({ y: fn(x!) }));
  const { y } = await runOnnx(bytes, { x: [2, 3] }, { x: Float32Array.of(9, 9, 9, 1, 2, 3) });
  expect([...(y!.data as Float32Array)]).toEqual([0.5, 1, 1.5]);
});
