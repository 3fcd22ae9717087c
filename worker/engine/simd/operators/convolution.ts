// Conv, and what it shares with ConvTranspose; convolve.ts gives both to the kernels.
import type { Node } from '../../../../onnx/model.ts';
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { elementsOf, requireTable, type Stored, type Value } from '../value.ts';
import { areFew, convolve, layoutOf, type Pair, type Phase } from './convolve.ts';
import { absorbFollowers } from './epilogue.ts';
import { floats, type Operator } from './operator.ts';
import { padConstant } from './pad.ts';
import { kernelSizes, requireImages, windowAxes } from './windows.ts';

/** x and weights as images; a signal [N, C, L] gets a height of 1. @throws Error where shapes disagree. */
export function operands(builder: Builder, node: Node, inputs: readonly (Value | undefined)[]) {
  const x = floats(node, inputs, 0);
  const weights = floats(node, inputs, 1);
  const spatial = requireImages(node, x);
  requireTable(elementsOf(weights.shape.slice(1)));
  const groups = int(node, 'group', 1);
  if (weights.shape.length !== x.shape.length || groups < 1 || x.shape[1]! % groups !== 0)
    throw new Error(
      `simd: ${node.op}: weights [${weights.shape}] of ${groups} groups do not match [${x.shape}]`,
    );
  const image = (value: Value) =>
    spatial.length === 2 ? value : builder.reshape(value, [...value.shape.slice(0, 2), 1, value.shape[2]!]);
  return { x: image(x), weights: image(weights), spatial, groups, kernel: weights.shape.slice(2) };
}

/** @throws Error when the bias is not one number for each of `channels`. */
export function biasOf(
  node: Node,
  inputs: readonly (Value | undefined)[],
  channels: number,
): Value | undefined {
  const bias = inputs[2] && floats(node, inputs, 2);
  if (bias && bias.shape.join() !== `${channels}`)
    throw new Error(`simd: ${node.op}: the bias must be [${channels}], is [${bias.shape}]`);
  return bias;
}

/** x with borders of zeros. */
export const bordered = (builder: Builder, x: Value, down: Pair, across: Pair, planes: boolean): Stored =>
  padConstant(builder, x, [0, 0, down[0], across[0]], [0, 0, down[1], across[1]], 0, (shape) =>
    layoutOf(shape, planes),
  );

export const conv: Operator = (builder, node, inputs, scope) => {
  const { x, weights, spatial, groups, kernel } = operands(builder, node, inputs);
  const [all, channels] = weights.shape as [number, number];
  if (channels * groups !== x.shape[1] || all % groups !== 0)
    throw new Error(`simd: Conv: weights [${weights.shape}] of ${groups} groups do not match [${x.shape}]`);
  const bias = biasOf(node, inputs, all);
  const axes = windowAxes(node, spatial, kernelSizes(node, spatial, kernel));
  const flat = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0, places: 1 };
  const [y, i] = axes.length === 2 ? [axes[0]!, axes[1]!] : [flat, axes[0]!];
  const shape = [x.shape[0]!, all, ...axes.map(({ places }) => places)];
  const taps = ({ kernel: size, dilation }: typeof flat) =>
    Array.from({ length: size }, (_, tap) => tap * dilation);
  const result = { rank: shape.length, axis: 1, channels: all };
  const followed = absorbFollowers(builder, node, scope, { value: weights, axis: 0 }, bias, result);
  const phase: Phase = {
    weights: followed.weights,
    down: taps(y),
    across: taps(i),
    count: [y.places, i.places],
    first: [0, 0],
    step: [1, 1],
    stride: [y.stride, i.stride],
  };
  const outputs = all / groups;
  const planes = areFew(outputs);
  const padded = bordered(builder, x, [y.before, y.after], [i.before, i.after], planes);
  const inside: [Pair, Pair] = [
    [y.before, padded.shape[2]! - y.after],
    [i.before, padded.shape[3]! - i.after],
  ];
  const phases = [phase];
  return [
    convolve(builder, padded, shape, { ...followed, phases, groups, channels, outputs, planes, inside }),
  ];
};
