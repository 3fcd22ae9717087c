// Normalisations: BatchNormalization where no linear operator took it, and those that compute their statistics.
import type { Node } from '../../../../onnx/model.ts';
import { float, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, DIV, EQUAL, KEEP_NOT, MEAN, MUL, SQRT, SUB } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { axisOf, broadcastShape, known, type Value } from '../value.ts';
import { normalisation } from './epilogue.ts';
import { floats, type Operator } from './operator.ts';
import { REDUCTIONS, reduceAxes } from './reduction.ts';

/** One number for each channel, seen along axis 1 of a tensor of `rank` axes. */
const perChannel = (builder: Builder, value: Value, rank: number): Value =>
  builder.reshape(
    value,
    Array.from({ length: rank - 1 }, (_, i) => (i === 0 ? value.shape[0]! : 1)),
  );

export const batchNormalization: Operator = (builder, node, inputs) => {
  if (int(node, 'training_mode', 0)) throw new Unsupported('BatchNormalization', 'training_mode 1');
  if (!int(node, 'spatial', 1)) throw new Unsupported('BatchNormalization', 'spatial 0');
  const x = floats(node, inputs, 0);
  const statistics = [1, 2, 3, 4].map((i) => floats(node, inputs, i));
  const wrong = statistics.find(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]);
  if (wrong)
    throw new Error(
      `simd: BatchNormalization: [${wrong.shape}] must be one number per channel of [${x.shape}]`,
    );
  const { factor, addend } = normalisation(builder, node, statistics);
  const rank = x.shape.length;
  const scaled = builder.elementwise(node.op, MUL, [x, perChannel(builder, factor, rank)]);
  return [builder.elementwise(node.op, ADD, [scaled, perChannel(builder, addend, rank)])];
};

/** (x − mean) / √(variance + ε) over `axes`, and √(variance + ε) itself. */
function standardise(builder: Builder, what: string, x: Value, axes: readonly number[], epsilon: number) {
  const mean = reduceAxes(builder, what, MEAN, x, axes);
  const centred = builder.elementwise(what, SUB, [x, mean]);
  const squares = builder.elementwise(what, MUL, [centred, centred]);
  const variance = reduceAxes(builder, what, MEAN, squares, axes);
  const deviation = builder.elementwise(what, SQRT, [builder.affine(what, variance, 1, epsilon)]);
  return { mean, deviation, standard: builder.elementwise(what, DIV, [centred, deviation]) };
}

export const instanceNormalization: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const [scale, bias] = [floats(node, inputs, 1), floats(node, inputs, 2)];
  const wrong = [scale, bias].find(({ shape }) => shape.length !== 1 || shape[0] !== x.shape[1]);
  if (wrong || x.shape.length < 3)
    throw new Error(
      `simd: InstanceNormalization: scale and bias must be one number per channel of [${x.shape}]`,
    );
  const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const { standard } = standardise(builder, node.op, x, axes, float(node, 'epsilon', 1e-5));
  const scaled = builder.elementwise(node.op, MUL, [standard, perChannel(builder, scale, x.shape.length)]);
  return [builder.elementwise(node.op, ADD, [scaled, perChannel(builder, bias, x.shape.length)])];
};

/** Wu and He 2018: channels in groups, each with the pixels of its image; before opset 21 scale and bias are a group's. */
export const groupNormalization: Operator = (builder, node, inputs, { opset }) => {
  const x = floats(node, inputs, 0);
  const [scale, bias] = [floats(node, inputs, 1), floats(node, inputs, 2)];
  const groups = int(node, 'num_groups', 0);
  const [n, c, ...spatial] = x.shape;
  if (x.shape.length < 3 || groups < 1 || c! % groups !== 0)
    throw new Error(`simd: GroupNormalization: the channels of [${x.shape}] must be ${groups} groups`);
  const each = opset < 21 ? groups : c!;
  const wrong = [scale, bias].find(({ shape }) => shape.join() !== `${each}`);
  if (wrong)
    throw new Error(`simd: GroupNormalization: scale and bias must be [${each}], got [${wrong.shape}]`);
  const grouped = builder.reshape(x, [n!, groups, c! / groups, ...spatial]);
  const axes = grouped.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  const { standard } = standardise(builder, node.op, grouped, axes, float(node, 'epsilon', 1e-5));
  const ones = spatial.map(() => 1);
  const factors = (value: Value) =>
    builder.reshape(value, opset < 21 ? [groups, 1, ...ones] : [groups, c! / groups, ...ones]);
  const scaled = builder.elementwise(node.op, MUL, [standard, factors(scale)]);
  return [builder.reshape(builder.elementwise(node.op, ADD, [scaled, factors(bias)]), x.shape)];
};

/** @throws Error where scale or bias would make the result larger. */
function requireBroadcast(node: Node, value: Value, x: Value): Value {
  if (broadcastShape(node.op, value.shape, x.shape).join() !== x.shape.join())
    throw new Error(`simd: ${node.op}: [${value.shape}] must broadcast to [${x.shape}]`);
  return value;
}

/** Zhang and Sennrich 2019: x / √(mean x² + ε) over the axes from `axis` on. */
export const rmsNormalization: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const first = axisOf(int(node, 'axis', -1), x.shape.length, node.op);
  const axes = x.shape.flatMap((_, axis) => (axis < first ? [] : [axis]));
  const squares = builder.elementwise(node.op, MUL, [x, x]);
  const mean = reduceAxes(builder, node.op, MEAN, squares, axes);
  const root = builder.elementwise(node.op, SQRT, [
    builder.affine(node.op, mean, 1, float(node, 'epsilon', 1e-5)),
  ]);
  const standard = builder.elementwise(node.op, DIV, [x, root]);
  return [builder.elementwise(node.op, MUL, [standard, requireBroadcast(node, floats(node, inputs, 1), x)])];
};

/** x / ‖x‖ₚ along one axis, p 1 or 2; 0 where the norm is 0. */
export const lpNormalization: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const axes = [axisOf(int(node, 'axis', -1), x.shape.length, node.op)];
  const p = int(node, 'p', 2);
  if (p !== 1 && p !== 2) throw new Error(`simd: LpNormalization: p must be 1 or 2, is ${p}`);
  const norm = REDUCTIONS[p === 1 ? 'ReduceL1' : 'ReduceL2']!(builder, node.op, x, axes);
  const none = builder.elementwise(node.op, EQUAL, [norm, known('float32', [], [0])], { type: 'bool' });
  return [builder.elementwise(node.op, KEEP_NOT, [builder.elementwise(node.op, DIV, [x, norm]), none])];
};

export const layerNormalization: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const first = axisOf(int(node, 'axis', -1), x.shape.length, 'LayerNormalization');
  const axes = x.shape.flatMap((_, axis) => (axis < first ? [] : [axis]));
  const { mean, deviation, standard } = standardise(builder, node.op, x, axes, float(node, 'epsilon', 1e-5));
  const scaled = builder.elementwise(node.op, MUL, [
    standard,
    requireBroadcast(node, floats(node, inputs, 1), x),
  ]);
  const y = inputs[2]
    ? builder.elementwise(node.op, ADD, [scaled, requireBroadcast(node, floats(node, inputs, 2), x)])
    : scaled;
  if (node.outputs.length === 1) return [y];
  const one: Value = { type: 'float32', shape: [], known: [1] };
  return [y, mean, builder.elementwise(node.op, DIV, [one, deviation])];
};
