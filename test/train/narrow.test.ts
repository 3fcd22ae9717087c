// Hidden layers made narrower: the units with the least weights in and out are left out, and all others stay as they are.
import { expect, test } from 'vitest';
import type { HostTensors } from '../../train/model.ts';
import { narrowed } from '../../train/run/narrow.ts';

const host = (tensors: Record<string, [shape: number[], data: number[]]>): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, [shape, data]]) => [name, { shape, data: Float32Array.from(data) }]),
  );
const plain = (tensors: HostTensors) =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, data }]) => [name, [shape, [...data]]]));

const wide = host({
  // Products of lengths: 5 · 1, 1 · 4, 2 · 3 · √2.
  'g/layer-0/kernel': [
    [2, 3],
    [3, 1, 0, 4, 0, 2],
  ],
  'g/layer-0/bias': [[3], [10, 20, 30]],
  'g/layer-1/kernel': [
    [3, 2],
    [0, 1, 4, 0, 3, 3],
  ],
  'g/layer-1/bias': [[2], [7, 8]],
  'd/layer-0/kernel': [
    [1, 3],
    [1, 2, 3],
  ],
});

test('the units whose weights in and out are long are kept, in their order', () => {
  expect(plain(narrowed('g/', host({ 'g/layer-0/bias': [[2], [0, 0]] }), wide))).toEqual({
    'g/layer-0/kernel': [
      [2, 2],
      [3, 0, 4, 2],
    ],
    'g/layer-0/bias': [[2], [10, 30]],
    'g/layer-1/kernel': [
      [2, 2],
      [0, 1, 3, 3],
    ],
    'g/layer-1/bias': [[2], [7, 8]],
    'd/layer-0/kernel': [
      [1, 3],
      [1, 2, 3],
    ],
  });
  const one = narrowed('g/', host({ 'g/layer-0/bias': [[1], [0]] }), wide);
  expect([...one['g/layer-0/bias']!.data]).toEqual([30]);
});

test('layers that are as wide, or should be wider, stay', () => {
  expect(narrowed('g/', wide, wide)).toEqual(wide);
  expect(narrowed('g/', host({ 'g/layer-0/bias': [[4], [0, 0, 0, 0]] }), wide)).toEqual(wide);
});
