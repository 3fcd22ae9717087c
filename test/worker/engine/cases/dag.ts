// Random graphs of small nodes over tensors of one shape, whose values are used again at random:
// what a planner that reuses memory, works in place and fuses must not get wrong.
import fc from 'fast-check';
import { createGraph, type GraphBuilder, int, ints } from '../graph.ts';
import { activate, convolve } from './blocks.ts';
import { several } from './draws.ts';
import { activation, network } from './generators.ts';

const STEPS = [
  'Add',
  'Sub',
  'Mul',
  'Max',
  'activation',
  'Conv',
  'BatchNormalization',
  'Softmax',
  'centre',
  'Transpose',
  'Reshape',
  'Concat',
  'Split',
  'Slice',
  'Identity',
  'broadcast',
  'Gather',
  'Pad',
] as const;
type Step = {
  op: (typeof STEPS)[number];
  a: number;
  b: number;
  activation: Parameters<typeof activate>[2];
};
const CHANNELS = 4;

/** The names of the tensors that one step adds; all have the shape [batch, 4, size, size]. */
function take(
  g: GraphBuilder,
  names: string[],
  size: number,
  { op, a, b, activation }: Step,
  opset: number,
): string[] {
  const x = names[a % names.length]!;
  const y = names[b % names.length]!;
  const plane = { name: x, channels: CHANNELS, size };
  const perChannel = (positive = false) =>
    g.operand([CHANNELS], { constant: true, numbers: positive ? 'positive' : 'normal', scale: 0.5 });
  switch (op) {
    case 'activation':
      return [activate(g, x, activation, [CHANNELS, 1, 1])];
    case 'Conv':
      return [convolve(g, plane, { group: b % 2 ? 2 : 1 }).name];
    case 'BatchNormalization':
      return [g.node(op, [x, perChannel(), perChannel(), perChannel(), perChannel(true)])];
    case 'Softmax':
      return [g.node(op, [x], { axis: int(1 + (b % 3)) })];
    case 'centre': {
      const axes = [1 + (b % 3)];
      const mean = g.node('ReduceMean', opset >= 18 ? [x, g.integers(axes)] : [x], {
        axes: ints(opset >= 18 ? undefined : axes),
      });
      return [g.node('Sub', [x, mean])];
    }
    case 'Transpose':
      return [g.node(op, [x], { perm: ints([0, 1, 3, 2]) })];
    case 'Reshape': {
      const flat = g.node('Reshape', [x, g.integers([0, -1])]);
      return [
        g.node('Reshape', [
          g.node('Add', [flat, g.node('Flatten', [y])]),
          g.integers([-1, CHANNELS, size, size]),
        ]),
      ];
    }
    case 'Concat': {
      const both = g.node('Concat', [x, y], { axis: int(1) });
      return [g.node('Slice', [both, g.integers([1]), g.integers([8]), g.integers([1]), g.integers([2])])];
    }
    case 'Split': {
      const attributes = { axis: int(1), num_outputs: int(opset >= 18 ? 2 : undefined) };
      const [left, right] = g.split('Split', [x], attributes, 2);
      return [g.node('Concat', [right!, left!], { axis: int(1) })];
    }
    case 'Slice':
      return [
        g.node('Slice', [
          x,
          g.integers([-1]),
          g.integers([-100]),
          g.integers([1 + (b % 3)]),
          g.integers([-1]),
        ]),
      ];
    case 'broadcast':
      return [g.node('Mul', [g.node('GlobalAveragePool', [x]), y])];
    case 'Gather':
      return [g.node(op, [x, g.integers([2, -1, 0, 0])], { axis: int(1) })];
    case 'Pad':
      // One row in, one out. A MaxPool behind it would be fused by onnxruntime, which then forgets the zeros.
      return [g.node(op, [x, g.integers([0, 0, 1, 0, 0, 0, -1, 0])])];
    case 'Identity':
      return [g.node(op, [x])];
    default:
      return [g.node(op, [x, y])];
  }
}

export const Dag = fc
  .record({
    ...network,
    size: fc.integer({ min: 1, max: 5 }),
    fed: fc.integer({ min: 1, max: 2 }),
    steps: fc.array(fc.record({ op: fc.constantFrom(...STEPS), a: fc.nat(20), b: fc.nat(20), activation }), {
      minLength: 1,
      maxLength: 14,
    }),
    /** Values that are outputs besides the last. */
    shown: several(fc.nat(20), 2),
  })
  .map(({ n, size, fed, steps, shown, ...p }) => {
    const g = createGraph(p);
    const names = Array.from({ length: fed }, () => g.operand([n, CHANNELS, size, size]));
    for (const step of steps) names.push(...take(g, names, size, step, p.opset));
    const computed = names.slice(fed);
    const outputs = [computed.at(-1)!, ...shown.map((at) => computed[at % computed.length]!)];
    return g.finish(Object.fromEntries(outputs.map((name) => [name, 4])), 1e-4);
  });
