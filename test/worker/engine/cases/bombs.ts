// Small valid files that ask for much: nesting, memory, time.
import { createGraph, float, type GraphBuilder, int, ints } from '../graph.ts';

const times = (count: number, x: string, step: (x: string, i: number) => string): string => {
  let y = x;
  for (let i = 0; i < count; i++) y = step(y, i);
  return y;
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
  'a tensor of 40 dimensions': (g) => ({
    y: g.node('Reshape', [g.operand([2, 2]), g.integers([...Array(38).fill(1), 2, 2])]),
    rank: 40,
  }),
};

/** These ask for more memory than an engine may take. */
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
