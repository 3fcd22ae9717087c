// Work is refused before it is begun, by what it would take a slow core: to the nanosecond, so that no cost changes unseen.
// That the costs are near what is measured is held by test/bench/estimates.test.ts.
import { expect, test } from 'vitest';
import { decodeModel } from '../../../onnx/decode.ts';
import { encodeModel } from '../../../onnx/model.ts';
import { createIntern } from '../../../worker/engine/simd/builder.ts';
import { makePlan } from '../../../worker/engine/simd/plan.ts';
import { caseOf } from './cases/bombs.ts';
import { type GraphBuilder, int, ints, string } from './graph.ts';
import { refusal } from './hostile.ts';

const images = (g: GraphBuilder, channels: number) => g.operand([1, channels, 32, 32]);
const weights = (g: GraphBuilder, shape: number[]) => g.operand(shape, { constant: true });
const unary = (op: string) => (g: GraphBuilder) => g.node(op, [g.operand([1 << 20])]);

const RUNS: Record<string, [nanoseconds: number, build: (g: GraphBuilder) => string]> = {
  Relu: [34_603_153, unary('Relu')],
  Softplus: [53_477_521, unary('Softplus')],
  Pow: [19_660_945, (g) => g.node('Pow', [g.operand([1 << 18]), g.operand([1 << 18])])],
  'Add of columns': [34_644_088, (g) => g.node('Add', [g.operand([1024, 1024]), g.operand([1024, 1])])],
  'Relu of columns': [13_382_409, (g) => g.node('Relu', [g.node('Transpose', [g.operand([512, 512])])])],
  ReduceSum: [18_429_048, (g) => g.node('ReduceSum', [g.operand([1024, 1024]), g.integers([1])])],
  Softmax: [12_628_081, (g) => g.node('Softmax', [g.operand([256, 1024])])],
  MatMul: [6_561_912, (g) => g.node('MatMul', [g.operand([256, 256]), weights(g, [256, 256])])],
  'MatMul of 1024': [4_059_136, (g) => g.node('MatMul', [g.operand([1024, 8, 8]), g.operand([1024, 8, 8])])],
  Conv: [12_225_448, (g) => g.node('Conv', [images(g, 64), weights(g, [64, 64, 3, 3])])],
  'Conv of 256 groups': [
    23_174_400,
    (g) => g.node('Conv', [images(g, 256), weights(g, [256, 1, 3, 3])], { group: int(256) }),
  ],
  ConvTranspose: [
    5_521_841,
    (g) => g.node('ConvTranspose', [images(g, 32), weights(g, [32, 16, 4, 4])], { strides: ints([2, 2]) }),
  ],
  'ConvTranspose to one channel': [
    850_084,
    (g) => g.node('ConvTranspose', [images(g, 32), weights(g, [32, 1, 4, 4])], { strides: ints([2, 2]) }),
  ],
  Gather: [
    159_864,
    (g) =>
      g.node('Gather', [g.operand([4096]), g.integers(Array.from({ length: 4096 }, (_, i) => 4095 - i))]),
  ],
  'Resize, cubic': [
    6_023_910,
    (g) =>
      g.node('Resize', [images(g, 16), '', g.constant('float32', [4], [1, 1, 2, 2])], {
        mode: string('cubic'),
      }),
  ],
  MaxPool: [7_982_712, (g) => g.node('MaxPool', [images(g, 64)], { kernel_shape: ints([5, 5]) })],
  DepthToSpace: [14_221_432, (g) => g.node('DepthToSpace', [images(g, 256)], { blocksize: int(4) })],
  ScatterND: [
    3_047_544,
    (g) =>
      g.node('ScatterND', [
        g.operand([4096, 16]),
        g.constant(
          'int64',
          [4096, 1],
          Array.from({ length: 4096 }, (_, i) => i),
        ),
        g.operand([4096, 16]),
      ]),
  ],
};

test.each(Object.entries(RUNS))('a run of %s', (_, [nanoseconds, build]) => {
  const { model, feeds } = caseOf((g) => ({ y: build(g), rank: 4 }));
  const fed = new Map(Object.entries(feeds).map(([name, { shape }]) => [name, { shape }]));
  const decoded = decodeModel(encodeModel(model));
  const plan = makePlan(decoded, fed, createIntern(), () => false, Number.POSITIVE_INFINITY);
  expect(plan.nanoseconds.main).toBe(nanoseconds);
});

/** `x` behind `count` nodes. */
const chain = (x: string, count: number, next: (x: string) => string): string => {
  let y = x;
  for (let i = 0; i < count; i++) y = next(y);
  return y;
};

test('running, making constants and planning each have a bound, and the refusal has its figure', async () => {
  const wide = (g: GraphBuilder) => g.node('Expand', [g.operand([1, 1]), g.integers([3000, 3000])]);
  const run = caseOf((g) => {
    const x = wide(g);
    return { y: g.node('MatMul', [x, x]), rank: 2 };
  });
  expect(await refusal(run)).toBe(
    'simd: graph: a run would take about 7013 ms on a slow core, 5000 ms are allowed',
  );
  const constants = caseOf((g) => {
    const two = g.node('Expand', [g.constant('float32', [1], [2]), g.integers([2 ** 22])]);
    const y = chain(two, 50, (x) => g.node('Pow', [x, two]));
    return { y: g.node('Add', [y, g.operand([1])]), rank: 1 };
  });
  expect(await refusal(constants)).toBe(
    'simd: graph: making its constants would take about 6292 ms on a slow core, 5000 ms are allowed',
  );
  const plan = caseOf((g) => {
    const c = g.constant('int64', [8192], Array(8192).fill(1));
    const sum = g.node('Cast', [chain(c, 8000, (x) => g.node('Add', [x, c]))], { to: int(1) });
    return { y: g.node('Add', [sum, g.operand([1])]), rank: 1 };
  });
  expect(await refusal(plan)).toBe('simd: graph: planning it would take more than 5000 ms on a slow core');
});
