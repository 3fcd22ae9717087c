// Whether image i of a batch has the same bytes as image i alone: each element is computed in one order, whatever its
// neighbours, so it has them wherever no operator mixes images. Followed through the graph, planned for a few images.
import type { Model, Node } from '../../../onnx/model.ts';
import { int } from './attributes.ts';
import { createIntern } from './builder.ts';
import type { Fed } from './feeds.ts';
import { ACTIVATIONS, FORMULA_NAMES } from './operators/activations.ts';
import { REDUCTION_NAMES } from './operators/reduction.ts';
import { lower } from './plan.ts';
import { Unsupported } from './unsupported.ts';
import type { Value } from './value.ts';
import { isAsked } from './valued.ts';

/** Images of the plan that is looked at: a number that hardly stands for anything else. */
const IMAGES = 7;

/**
 * `fixed` does not depend on the images, `sized` on how many there are; `batched` has them one after the other along
 * its first axis; whatever else is `mixed`.
 */
type State = 'fixed' | 'sized' | 'batched' | 'mixed';

type Operand = { state: State; value: Value };
type Rule = (node: Node, operands: readonly (Operand | undefined)[], out: Value, opset: number) => boolean;

const first = ({ shape }: Value): number => shape[0] ?? 1;
const isBatched = (operand: Operand | undefined): boolean => operand?.state === 'batched';
/** One that is the same for all images, and could be repeated for each. */
const isShared = (operand: Operand | undefined, rank: number): boolean =>
  operand === undefined ||
  (operand.state === 'fixed' &&
    (operand.value.shape.length < rank || [1, IMAGES].includes(first(operand.value))));

/** Element by element: images stay where they are. */
const pointwise: Rule = (_, operands, { shape }) =>
  operands.every(
    (operand) =>
      (isBatched(operand) && operand!.value.shape.length === shape.length) || isShared(operand, shape.length),
  );

/** The images are the first input's, the others are the same for all. */
const ofFirst: Rule = (_, [x, ...rest]) =>
  isBatched(x) && rest.every((operand) => operand === undefined || operand.state === 'fixed');

const keepsLength: Rule = (_, [x], out) => isBatched(x) && first(x!.value) === first(out);

/** The axis that a node names, `fallback` by default, is not that of the images. */
const besides =
  (fallback: number): Rule =>
  (node, operands, out) => {
    const rank = out.shape.length;
    const axis = int(node, 'axis', fallback);
    return pointwise(node, operands, out, 0) && (axis < 0 ? axis + rank : axis) > 0;
  };

/** The same of an operator whose result may have lost that axis. */
const axisBesides =
  (fallback: number): Rule =>
  (node, [x]) => {
    const axis = int(node, 'axis', fallback);
    return isBatched(x) && (axis < 0 ? axis + x!.value.shape.length : axis) > 0;
  };

/** Row by row under another shape: whole images still, or whole parts of one. */
const regrouped: Rule = (_, [x], { shape }) => {
  const size = (list: readonly number[]) => list.reduce((n, d) => n * d, 1);
  return isBatched(x) && (size(x!.value.shape) / IMAGES) % size(shape.slice(1)) === 0;
};

const numbers = (node: Node, operands: readonly (Operand | undefined)[], i: number, name: string) => {
  const attribute = node.attributes[name];
  return attribute?.type === 'ints' ? attribute.value : operands[i]?.value.known;
};

const reduced: Rule = (node, operands) => {
  const [x] = operands;
  const axes = numbers(node, operands, 1, 'axes') ?? [];
  const rank = x!.value.shape.length;
  return isBatched(x) && axes.length > 0 && axes.every((axis) => axis !== 0 && axis !== -rank);
};

const product: Rule = (_, [a, b], { shape }) => {
  const rows = shape.length + (b!.value.shape.length === 1 ? 1 : 0);
  if (isBatched(a) && isShared(b, Math.max(3, rows))) return a!.value.shape.length === rows;
  return shape.length > 2 && pointwise({} as Node, [a, b], { shape } as Value, 0);
};

/** The first axis is not scaled; where sizes are given, they are the same for any number of images, or refused. */
const resized: Rule = (node, operands, out, opset) => {
  const { scales, coordinate_transformation_mode: mode } = node.attributes;
  const given = scales?.type === 'floats' ? scales.value : operands[opset < 11 ? 1 : 2]?.value.known;
  const crops = mode?.value === 'tf_crop_and_resize';
  return keepsLength(node, operands, out, opset) && !crops && (given?.[0] ?? 1) === 1;
};

const along =
  (fallback: (opset: number) => number): Rule =>
  (node, operands, out, opset) =>
    besides(fallback(opset))(node, operands, out, opset);

const softmax = along((opset) => (opset < 13 ? 1 : -1));

const rules = (names: string, rule: Rule): Record<string, Rule> =>
  Object.fromEntries(names.split(' ').map((name) => [name, rule]));

/** An operator that is not here mixes. */
const RULES: Record<string, Rule> = {
  ...rules([...Object.keys(ACTIVATIONS), ...FORMULA_NAMES].join(' '), pointwise),
  ...rules(
    'Add And Cast CastLike Div Dropout Equal Greater GreaterOrEqual Identity Less LessOrEqual',
    pointwise,
  ),
  ...rules('Max Mean Min Mod Mul Not Or PRelu Pow Sub Sum Where Xor', pointwise),
  ...rules('AveragePool BatchNormalization Conv ConvTranspose DepthToSpace GlobalAveragePool', ofFirst),
  ...rules('GlobalMaxPool GroupNormalization InstanceNormalization MaxPool SpaceToDepth', ofFirst),
  ...rules('Squeeze Tile Unsqueeze', keepsLength),
  ...rules('Resize Upsample', resized),
  ...rules('Flatten Reshape', regrouped),
  ...rules('LayerNormalization RMSNormalization', besides(-1)),
  ...rules('LogSoftmax Softmax', softmax),
  ...rules('Concat Split', besides(0)),
  ...rules('ArgMax ArgMin', axisBesides(0)),
  LpNormalization: axisBesides(-1),
  ...rules(REDUCTION_NAMES.join(' '), reduced),
  Attention: (_, [q, k, v, mask, ...past], out) =>
    [q, k, v].every(isBatched) &&
    isShared(mask, out.shape.length) &&
    past.slice(0, 2).every((one) => one === undefined || isBatched(one)),
  Expand: (node, operands, out, opset) =>
    keepsLength(node, operands, out, opset) && operands[0]!.value.shape.length === out.shape.length,
  Gather: (node, [x, index]) => {
    const axis = int(node, 'axis', 0);
    if (isBatched(index)) return x!.state === 'fixed' && axis === 0;
    return index!.state === 'fixed' && axis !== 0 && axis !== -x!.value.shape.length;
  },
  Gemm: (node, [a, b, c]) =>
    isBatched(a) && int(node, 'transA', 0) === 0 && [b, c].every((one) => isShared(one, 3)),
  MatMul: product,
  OneHot: (node, [index, , values], { shape }) => {
    const axis = int(node, 'axis', -1);
    return isBatched(index) && values!.state === 'fixed' && (axis < 0 ? axis + shape.length : axis) > 0;
  },
  Pad: (node, operands, out, opset) =>
    keepsLength(node, operands, out, opset) && numbers(node, operands, 1, 'pads')?.[0] === 0 && !operands[3],
  Slice: (node, operands, out, opset) =>
    keepsLength(node, operands, out, opset) && (operands[4]?.value.known ?? []).every((step) => step > 0),
  Trilu: (_, [x], { shape }) => isBatched(x) && shape.length > 2,
  Transpose: (node, operands) => isBatched(operands[0]) && numbers(node, [], 0, 'perm')?.[0] === 0,
};

/** Operators whose numbers are all alike, however many there are. */
const UNIFORM = new Set(['ConstantOfShape', 'Expand', 'Reshape']);

function stateOf(node: Node, operands: readonly (Operand | undefined)[], out: Value, opset: number): State {
  const { op } = node;
  const states = operands.map((operand) => operand?.state ?? 'fixed');
  if (states.includes('mixed')) return 'mixed';
  if (op === 'Shape' || op === 'Size') return states[0] === 'fixed' ? 'fixed' : 'sized';
  const asked = states.filter((_, i) => isAsked(op, i));
  const data = states.filter((_, i) => !isAsked(op, i));
  if (asked.includes('batched') || (asked.includes('sized') && !UNIFORM.has(op))) return 'mixed';
  if (!data.includes('batched')) return data.includes('sized') ? 'sized' : 'fixed';
  const kept = !data.includes('sized') && RULES[op]?.(node, operands, out, opset);
  return kept ? 'batched' : 'mixed';
}

/** Follows the images of every input whose first axis is left open; a graph that cannot be followed mixes. */
export function isBatchInvariant(model: Model, maxMilliseconds: number): boolean {
  const { graph, opset } = model;
  const open = graph.inputs.filter(({ shape }) => typeof shape[0] === 'string');
  const states = new Map<string, State>(open.map(({ name }) => [name, 'batched']));
  const stateAt = (name: string): State => states.get(name) ?? 'fixed';
  const feeds = graph.inputs.map(({ name, shape }): [string, Fed] => [
    name,
    { shape: shape.map((size, axis) => (typeof size === 'number' ? size : axis === 0 ? IMAGES : 1)) },
  ]);
  let find: (name: string) => Value | undefined;
  try {
    find = lower(model, new Map(feeds), createIntern(), maxMilliseconds).find;
  } catch (error) {
    if (error instanceof Error && (error.constructor === Error || error instanceof Unsupported)) return false;
    throw error;
  }
  for (const node of graph.nodes) {
    const operands = node.inputs.map((name) =>
      name === '' ? undefined : { state: stateAt(name), value: find(name)! },
    );
    for (const name of node.outputs)
      if (name !== '') states.set(name, stateOf(node, operands, find(name)!, opset));
  }
  return graph.outputs.every(({ name }) => ['batched', 'fixed'].includes(stateAt(name)));
}
