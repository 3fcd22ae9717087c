// Inputs whose numbers a plan depends on: shapes, axes, pads and the like that are fed instead of stored, and integers
// that are computed with.
import type { Model, Node } from '../../../onnx/model.ts';

/** The inputs of each operator that must be known when a plan is made. */
const ASKED: Record<string, readonly number[]> = {
  Attention: [6],
  ConstantOfShape: [0],
  Dropout: [1, 2],
  Expand: [1],
  GatherElements: [1],
  OneHot: [1],
  Pad: [1, 2, 3],
  Range: [0, 1, 2],
  ReduceL1: [1],
  ReduceL2: [1],
  ReduceLogSum: [1],
  ReduceLogSumExp: [1],
  ReduceMax: [1],
  ReduceMean: [1],
  ReduceMin: [1],
  ReduceSum: [1],
  ReduceSumSquare: [1],
  Reshape: [1],
  Resize: [1, 2, 3],
  ScatterND: [1],
  Slice: [1, 2, 3, 4],
  Split: [1],
  Squeeze: [1],
  Tile: [1],
  Trilu: [1],
  Unsqueeze: [1],
  Upsample: [1],
};

/** Whole numbers are computed with where they are known: of these operators, integers that are fed must be. */
const COMPUTES = new Set(['Abs', 'Add', 'Div', 'Max', 'Min', 'Mod', 'Mul', 'Neg', 'Sub']);
/** Operators through which integers come unchanged, from their first input. */
const PASSES = new Set([
  'Cast',
  'Expand',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Whether an operator asks for the numbers of an input, beside its data, when a plan is made. */
export const isAsked = (op: string, input: number): boolean => ASKED[op]?.includes(input) ?? false;

/** Names of all inputs of the graph on whose numbers a plan depends. */
export function valuedInputs({ graph }: Model): Set<string> {
  const makers = new Map<string, Node>(
    graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])),
  );
  /** All names from which those at the beginning follow; `from` says through which inputs. */
  const reach = (names: string[], from: (maker: Node) => readonly string[]): Set<string> => {
    const seen = new Set<string>();
    while (names.length > 0) {
      const name = names.pop()!;
      if (seen.has(name)) continue;
      seen.add(name);
      const maker = makers.get(name);
      if (maker) names.push(...from(maker));
    }
    return seen;
  };
  const asked = graph.nodes.flatMap(({ op, inputs }) => inputs.filter((_, i) => isAsked(op, i)));
  // A shape follows from another shape, and not from the numbers of the tensor that has it.
  const shapes = reach(asked, ({ op, inputs }) => (op === 'Shape' || op === 'Size' ? [] : inputs));
  const operands = graph.nodes.flatMap(({ op, inputs }) => (COMPUTES.has(op) ? inputs : []));
  const computed = reach(operands, ({ op, inputs }) => (PASSES.has(op) ? inputs.slice(0, 1) : []));
  const stored = new Set(graph.initialisers.map(({ name }) => name));
  return new Set(
    graph.inputs
      .filter(({ name, type }) => shapes.has(name) || (computed.has(name) && type.includes('int')))
      .map(({ name }) => name)
      .filter((name) => !stored.has(name)),
  );
}
