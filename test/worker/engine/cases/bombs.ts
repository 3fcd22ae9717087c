// Small valid files that ask for much: nesting, memory, time.
import type { Attribute } from '../../../../onnx/model.ts';
import { createGraph, float, type GraphBuilder, int, ints } from '../graph.ts';
import { bytesOf } from '../tensor-bytes.ts';

const times = (count: number, x: string, step: (x: string, i: number) => string): string => {
  let y = x;
  for (let i = 0; i < count; i++) y = step(y, i);
  return y;
};

const ONE: Attribute = {
  type: 'tensor',
  value: { name: '', type: 'int64', shape: [1], data: bytesOf('int64', [1]) },
};

/** These have an answer, and it is cheap. */
export const LARGE: Record<string, (g: GraphBuilder) => { y: string; rank: number }> = {
  '10,000 copies one after another': (g) => ({
    y: times(10_000, g.operand([2, 3]), (x) => g.node('Identity', [x])),
    rank: 2,
  }),
  '3,000 sums one after another': (g) => ({
    y: times(3000, g.operand([3], { scale: 1e-3 }), (x) =>
      g.node('Add', [x, g.constant('float32', [], [1])]),
    ),
    rank: 1,
  }),
  'a sum of 2,000 tensors': (g) => ({
    y: g.node(
      'Max',
      Array.from({ length: 2000 }, (_, i) => g.constant('float32', [1], [i % 97])),
    ),
    rank: 1,
  }),
  '2,000 tensors beside each other': (g) => {
    const x = g.operand([1, 2]);
    return { y: g.node('Concat', Array(2000).fill(x), { axis: int(1) }), rank: 2 };
  },
  'strides of 400 pixels, eight outputs': (g) => ({
    y: g.node('ConvTranspose', [g.operand([1, 1, 3, 3]), g.operand([1, 8, 3, 3], { constant: true })], {
      strides: ints([400, 400]),
    }),
    rank: 4,
  }),
  'a kernel of 130,000 pixels': (g) => ({
    y: g.node('Conv', [
      g.operand([1, 1, 1, 130_000], { scale: 1e-3 }),
      g.operand([8, 1, 1, 130_000], { constant: true, scale: 1e-3 }),
    ]),
    rank: 4,
  }),
  'a tensor of 40 dimensions': (g) => ({
    y: g.node('Reshape', [g.operand([2, 2]), g.integers([...Array(38).fill(1), 2, 2])]),
    rank: 40,
  }),
};

/** These ask for more memory, or time, than an engine may take. */
export const BOMBS: Record<string, (g: GraphBuilder) => { y: string; rank: number }> = {
  'a tensor beside itself, 60 times': (g) => ({
    y: times(60, g.operand([1]), (x) => g.node('Concat', [x, x], { axis: int(0) })),
    rank: 1,
  }),
  'a constant beside itself, 60 times': (g) => ({
    y: times(60, g.constant('float32', [1], [1]), (x) => g.node('Concat', [x, x], { axis: int(0) })),
    rank: 1,
  }),
  'a shape beside itself, 60 times': (g) => {
    const shape = g.node('Shape', [g.operand([1])]);
    const long = times(60, shape, (x) => g.node('Concat', [x, x], { axis: int(0) }));
    return { y: g.node('ConstantOfShape', [long]), rank: 1 };
  },
  'an image doubled 30 times': (g) => ({
    y: times(30, g.operand([1, 1, 2, 2]), (x) =>
      g.node('Resize', [x, '', g.constant('float32', [4], [1, 1, 2, 2])]),
    ),
    rank: 4,
  }),
  'a border of 30,000 pixels around a convolution': (g) => ({
    y: g.node('Conv', [g.operand([1, 1, 2, 2]), g.operand([1, 1, 3, 3], { constant: true })], {
      pads: ints([30_000, 30_000, 30_000, 30_000]),
    }),
    rank: 4,
  }),
  'strides of 30,000 pixels': (g) => ({
    y: g.node('ConvTranspose', [g.operand([1, 1, 3, 3]), g.operand([1, 1, 3, 3], { constant: true })], {
      strides: ints([30_000, 30_000]),
    }),
    rank: 4,
  }),
  'the outer product of long vectors': (g) => {
    const x = g.operand([1]);
    const long = g.node('Expand', [x, g.integers([100_000])]);
    const column = g.node('Unsqueeze', [long, g.integers([1])]);
    return { y: g.node('Add', [column, long]), rank: 2 };
  },
  'a product of 2¹⁸ rows with 2¹⁸ columns': (g) => {
    const x = g.node('Expand', [g.operand([1, 1]), g.integers([2 ** 18, 1])]);
    return { y: g.node('MatMul', [x, g.node('Transpose', [x], { perm: ints([1, 0]) })]), rank: 2 };
  },
  'constants of 400 MB, ten times': (g) => {
    const big = () => g.node('ConstantOfShape', [g.integers([1e8])]);
    return {
      y: times(10, g.node('Add', [g.operand([1]), big()]), (x) => g.node('Add', [x, big()])),
      rank: 1,
    };
  },
  'a product of 3000 by 3000 by 3000': (g) => {
    const x = g.node('Expand', [g.operand([1, 1]), g.integers([3000, 3000])]);
    return { y: g.node('MatMul', [x, x]), rank: 2 };
  },
  'powers of 2²² numbers, 320 times': (g) => {
    const x = g.node('Expand', [g.operand([1]), g.integers([2 ** 22])]);
    return { y: times(320, x, (y) => g.node('Pow', [y, x])), rank: 1 };
  },
  'products of 2²⁴ matrices of one number': (g) => {
    const x = g.node('Expand', [g.operand([1, 1, 1]), g.integers([2 ** 24, 1, 1])]);
    return { y: g.node('MatMul', [x, x]), rank: 3 };
  },
  'a tensor of 200,000 dimensions': (g) => {
    const ones = g.node('ConstantOfShape', [g.integers([200_000])], { value: ONE });
    return { y: g.node('Relu', [g.node('Reshape', [g.operand([1]), ones])]), rank: 1 };
  },
  'a tensor of 8192 dimensions': (g) => ({
    y: g.node('Relu', [g.node('Reshape', [g.operand([1]), g.integers(Array(8192).fill(1))])]),
    rank: 1,
  }),
  'strides of a million pixels, eight outputs': (g) => ({
    y: g.node('ConvTranspose', [g.operand([1, 1, 3, 3]), g.operand([1, 8, 3, 3], { constant: true })], {
      strides: ints([1_000_000, 1_000_000]),
    }),
    rank: 4,
  }),
  'twelve thousand stored tensors one behind the other': (g) => {
    const c = g.constant('float32', [100], Array(100).fill(1));
    const long = times(12_000, c, (x) => g.node('Concat', [x, c], { axis: int(0) }));
    return { y: g.node('Add', [long, g.operand([1])]), rank: 1 };
  },
  'a transposed kernel of 100,000 pixels': (g) => ({
    y: g.node('ConvTranspose', [g.operand([1, 1, 1, 2]), g.operand([1, 8, 1, 100_000], { constant: true })]),
    rank: 4,
  }),
  'a convolution that is an output, of four million pixels': (g) => ({
    y: g.node('Conv', [
      g.node('Expand', [g.operand([1, 1, 1, 1]), g.integers([1, 1, 2048, 2048])]),
      g.operand([1, 1, 3, 3], { constant: true }),
    ]),
    rank: 4,
  }),
  'a softmax of a tensor that is too large': (g) => ({
    y: g.node(
      'LeakyRelu',
      [g.node('Softmax', [g.node('Expand', [g.operand([1, 1]), g.integers([2 ** 20, 2 ** 12])])])],
      {
        alpha: float(0.1),
      },
    ),
    rank: 2,
  }),
};

export const caseOf = (build: (g: GraphBuilder) => { y: string; rank: number }, opset = 17) => {
  const g = createGraph({ opset });
  const { y, rank } = build(g);
  return g.finish({ [y]: rank });
};
