// What follows a product is done while its results are at hand: normalisation by constants is folded into the weights,
// an addition of constants into the bias, and an activation is applied before the results are stored.
import type { Node } from '../../../../onnx/model.ts';
import { float, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, COPY, DIV, MUL, SQRT, SUB } from '../kernels/opcodes.ts';
import { elementsOf, isConstant, type Value } from '../value.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';
import type { Scope } from './operator.ts';

const NOTHING: Activation = { code: COPY, alpha: 0, beta: 0 };
/** Operators through which an activation can be seen: they only rename or reorder elements. */
const RENAMING = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'Transpose']);

/**
 * Factor and addend, one each a channel, of a batch normalisation whose statistics are constants:
 * scale / √(variance + ε) and bias − mean · factor.
 */
export function normalisation(
  builder: Builder,
  node: Node,
  [scale, bias, mean, variance]: readonly Value[],
): { factor: Value; addend: Value } {
  const deviation = builder.elementwise(node.op, SQRT, [
    builder.affine(node.op, variance!, 1, float(node, 'epsilon', 1e-5)),
  ]);
  const factor = builder.elementwise(node.op, DIV, [scale!, deviation]);
  const shift = builder.elementwise(node.op, MUL, [mean!, factor]);
  return { factor, addend: builder.elementwise(node.op, SUB, [bias!, shift]) };
}

/** Whether a BatchNormalization uses stored statistics, which is all that is run, of one number a channel. */
function hasStatistics(node: Node, channels: number, statistics: readonly (Value | undefined)[]): boolean {
  const training = int(node, 'training_mode', 0) !== 0 || int(node, 'spatial', 1) === 0;
  return (
    !training &&
    node.outputs.length === 1 &&
    statistics.every((value) => value?.type === 'float32' && value.shape.join() === `${channels}`)
  );
}

/** A constant that adds one number to each channel: all sizes are 1 but that of `axis`. */
function asBias(builder: Builder, value: Value | undefined, rank: number, axis: number, channels: number) {
  if (!value || !isConstant(value) || value.type !== 'float32') return undefined;
  const own = axis - (rank - value.shape.length);
  const elements = elementsOf(value.shape);
  if (
    value.shape.length > rank ||
    (elements !== 1 && (elements !== channels || value.shape[own] !== channels))
  )
    return undefined;
  const flat = builder.reshape(value, [elements]);
  return builder.restride(flat, [channels], ([stride]) => ({
    offset: 0,
    strides: [elements === 1 ? 0 : stride!],
  }));
}

/**
 * Weights, bias and activation of a linear operator with everything that can be done with it.
 * @param weights.axis the channels' axis of the weights; `axis` and `rank` are those of the result.
 */
export function absorbFollowers(
  builder: Builder,
  node: Node,
  scope: Scope,
  weights: { value: Value; axis: number },
  bias: Value | undefined,
  result: { rank: number; axis: number; channels: number },
): { weights: Value; bias: Value | undefined; activation: Activation } {
  const { rank, axis, channels } = result;
  let current = { weights: weights.value, bias };
  let name = node.outputs[0]!;
  let renamed = false;
  for (;;) {
    const next = scope.onlyConsumer(name);
    if (!next) return { ...current, activation: NOTHING };
    const at = next.inputs.indexOf(name);
    const operands = next.inputs.map((input) => (input === '' ? undefined : scope.find(input)));
    const other = asBias(builder, operands[1 - at], rank, axis, channels);
    if (RENAMING.has(next.op) && at === 0) {
      renamed = true;
    } else if (Object.hasOwn(ACTIVATIONS, next.op) && at === 0) {
      if (operands.slice(1).some((value, i) => next.inputs[i + 1] !== '' && !value?.known))
        return { ...current, activation: NOTHING };
      scope.absorb(next, 0);
      return { ...current, activation: ACTIVATIONS[next.op]!(next, operands) };
    } else if (next.op === 'Add' && !renamed && other) {
      current = { ...current, bias: plus(builder, current.bias, other) };
      scope.absorb(next, at);
    } else if (
      next.op === 'BatchNormalization' &&
      !renamed &&
      at === 0 &&
      axis === 1 &&
      isConstant(current.weights)
    ) {
      const statistics = operands.slice(1);
      if (
        !hasStatistics(next, channels, statistics) ||
        !statistics.every((value): value is Value => value !== undefined && isConstant(value))
      )
        return { ...current, activation: NOTHING };
      const { factor, addend } = normalisation(builder, next, statistics);
      const along = current.weights.shape.map((_, i) => (i === weights.axis ? channels : 1));
      const scaled = builder.elementwise('BatchNormalization', MUL, [
        current.weights,
        builder.reshape(factor, along),
      ]);
      const moved = current.bias && builder.elementwise('BatchNormalization', MUL, [current.bias, factor]);
      current = { weights: scaled, bias: plus(builder, moved, addend) };
      scope.absorb(next, 0);
    } else return { ...current, activation: NOTHING };
    name = next.outputs[0]!;
  }
}

const plus = (builder: Builder, a: Value | undefined, b: Value): Value =>
  a ? builder.elementwise('Add', ADD, [a, b]) : b;
