// BatchNormalization where no linear operator took it, InstanceNormalization and LayerNormalization.
import { float, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, DIV, MEAN, MUL, SQRT, SUB } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { axisOf, type Value } from '../value.ts';
import { normalisation } from './epilogue.ts';
import { floats, type Operator } from './operator.ts';
import { reduceAxes } from './reduction.ts';

/** One number for each channel, seen along axis 1 of a tensor of `rank` axes. */
const perChannel = (builder: Builder, value: Value, rank: number): Value =>
  builder.reshape(
    value,
    Array.from({ length: rank - 1 }, (_, i) => (i === 0 ? value.shape[0]! : 1)),
  );

export const batchNormalization: Operator = (builder, node, inputs) => {
  if (int(node, 'training_mode', 0)) throw new Unsupported('BatchNormalization', 'training_mode 1');
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

export const layerNormalization: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const first = axisOf(int(node, 'axis', -1), x.shape.length, 'LayerNormalization');
  const axes = x.shape.flatMap((_, axis) => (axis < first ? [] : [axis]));
  const { mean, deviation, standard } = standardise(builder, node.op, x, axes, float(node, 'epsilon', 1e-5));
  const scaled = builder.elementwise(node.op, MUL, [standard, floats(node, inputs, 1)]);
  const y = inputs[2] ? builder.elementwise(node.op, ADD, [scaled, floats(node, inputs, 2)]) : scaled;
  if (node.outputs.length === 1) return [y];
  const one: Value = { kind: 'float', shape: [], known: [1] };
  return [y, mean, builder.elementwise(node.op, DIV, [one, deviation])];
};
