// Resize and Upsample: which axes become how long, and where each pixel of the output lies in the input.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, string } from '../attributes.ts';
import { Unsupported } from '../unsupported.ts';
import { axesOf, elementsOf, numbersOf, requireTable, type Value } from '../value.ts';

/** One axis; `start` and `end` are the part of it that is seen, in 0…1. */
export type Resized = { axis: number; from: number; to: number; scale: number; start: number; end: number };

const halfPixel = (i: number, { scale }: Resized): number => Math.fround((i + 0.5) / scale) - 0.5;

/**
 * Where pixel `i` of the output lies in the input, as `coordinate_transformation_mode` says: in float32, step by
 * step as in the reference, because the last bit decides ties.
 */
const COORDINATE: Record<string, (i: number, axis: Resized) => number> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0),
  half_pixel_symmetric: (i, axis) => {
    const { from, to, scale } = axis;
    return (from / 2) * (1 - to / (scale * from)) + halfPixel(i, axis);
  },
  tf_half_pixel_for_nn: (i, { scale }) => (i + 0.5) / scale,
  align_corners: (i, { from, to }) => (to === 1 ? 0 : (i * (from - 1)) / (to - 1)),
  asymmetric: (i, { scale }) => i / scale,
  tf_crop_and_resize: (i, { from, to, start, end }) =>
    to > 1
      ? start * (from - 1) + (i * (end - start) * (from - 1)) / (to - 1)
      : 0.5 * (start + end) * (from - 1),
};

/** Resize of opset 10 and Upsample know but this mode. */
const modeOf = (node: Node, opset: number): string =>
  opset < 11 ? 'asymmetric' : string(node, 'coordinate_transformation_mode', 'half_pixel');

export const isCrop = (node: Node, opset: number): boolean => modeOf(node, opset) === 'tf_crop_and_resize';

/** @throws Error for a mode that does not exist. */
export function positionsAlong(node: Node, opset: number, axis: Resized): number[] {
  const mode = modeOf(node, opset);
  const coordinate = Object.hasOwn(COORDINATE, mode) ? COORDINATE[mode] : undefined;
  if (!coordinate) throw new Error(`simd: Resize: there is no coordinate_transformation_mode '${mode}'`);
  requireTable(axis.to);
  return Array.from({ length: axis.to }, (_, i) => Math.fround(coordinate(i, axis)));
}

/** Scales that fit the given sizes with one factor for all axes, as `keep_aspect_ratio_policy` says. */
function keepAspect(policy: string, from: readonly number[], sizes: readonly number[]) {
  const scales = from.map((size, i) => Math.fround(sizes[i]! / size));
  if (policy === 'stretch') return { scales, sizes };
  if (policy !== 'not_larger' && policy !== 'not_smaller')
    throw new Error(`simd: Resize: there is no keep_aspect_ratio_policy '${policy}'`);
  const scale = policy === 'not_larger' ? Math.min(...scales) : Math.max(...scales);
  return { scales: from.map(() => scale), sizes: from.map((size) => Math.round(scale * size)) };
}

/** Axes that change. @throws Error when neither scales nor sizes are given, or both. */
export function resizedAxes(
  node: Node,
  x: Value,
  inputs: readonly (Value | undefined)[],
  opset: number,
): Resized[] {
  const rank = x.shape.length;
  const axes = axesOf(attribute(node, 'axes', 'ints') ?? x.shape.map((_, i) => i), rank, node.op);
  const list = (value: Value | undefined, what: string) => {
    if (!value || elementsOf(value.shape) === 0) return undefined;
    const numbers = numbersOf(value, node.op, what);
    if (numbers.length !== axes.length || numbers.some((number) => !(number > 0)))
      throw new Error(`simd: ${node.op}: ${axes.length} ${what} above 0 are needed, got [${numbers}]`);
    return numbers;
  };
  const stored = attribute(node, 'scales', 'floats');
  const scales = stored ?? list(inputs[opset < 11 ? 1 : 2], 'scales');
  const sizes = opset < 11 ? undefined : list(inputs[3], 'sizes');
  if (Boolean(scales) === Boolean(sizes) || (scales && scales.length !== rank && stored))
    throw new Error(`simd: ${node.op}: scales or sizes must be given, one for each axis`);
  const from = axes.map((axis) => x.shape[axis]!);
  const fitted = scales
    ? { scales, sizes: from.map((size, i) => Math.floor(Math.fround(size * scales[i]!))) }
    : keepAspect(string(node, 'keep_aspect_ratio_policy', 'stretch'), from, sizes!);
  const crop = isCrop(node, opset);
  const roi = crop ? numbersOf(inputs[1], node.op, 'roi') : [];
  if (crop && roi.length !== 2 * axes.length)
    throw new Error(
      `simd: Resize: ${axes.length} axes need ${2 * axes.length} numbers of roi, got ${roi.length}`,
    );
  const resized = axes.map((axis, i) => ({
    axis,
    from: from[i]!,
    to: fitted.sizes[i]!,
    scale: fitted.scales[i]!,
    start: crop ? roi[i]! : 0,
    end: crop ? roi[i + axes.length]! : 1,
  }));
  elementsOf(resized.map(({ to }) => to));
  const rounded = resized.find(({ from, to, scale }) => Math.fround(from * scale) !== to);
  if (scales && rounded && ['align_corners', 'tf_crop_and_resize'].includes(modeOf(node, opset)))
    throw new Unsupported('Resize', `a scale of ${rounded.scale} for ${rounded.from} pixels in this mode`);
  if (crop) return resized.filter(({ from, to, start, end }) => to !== from || start !== 0 || end !== 1);
  // Where no size changes, the reference copies, whatever the scales say.
  if (resized.every(({ from, to }) => from === to)) return [];
  return resized.filter(({ from, to, scale }) => to !== from || scale !== 1);
}
