// Resize, nearest and linear: one axis after the other, rows chosen by index and mixed with constant weights.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, int, string } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, MUL } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { axisOf, known, numbersOf, requireTable, type Value } from '../value.ts';
import { floats, type Operator } from './operator.ts';
import { takeAlong } from './take.ts';

type Resized = { axis: number; from: number; to: number; scale: number };

const halfPixel = (i: number, { scale }: Resized): number => Math.fround((i + 0.5) / scale) - 0.5;

/**
 * Where pixel `i` of the output lies in the input, as `coordinate_transformation_mode` says: in float32, step by
 * step as in the reference, because the last bit decides ties.
 */
const COORDINATE: Record<string, (i: number, axis: Resized) => number> = {
  half_pixel: halfPixel,
  pytorch_half_pixel: (i, axis) => (axis.to > 1 ? halfPixel(i, axis) : 0),
  align_corners: (i, { from, to }) => (to === 1 ? 0 : (i * (from - 1)) / (to - 1)),
  asymmetric: (i, { scale }) => i / scale,
};

/** As far from the middle between two pixels a position still counts as the middle. */
const TIE = 1e-6;

const NEAREST: Record<string, (x: number) => number> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5 - TIE),
  round_prefer_ceil: (x) => Math.floor(x + 0.5 + TIE),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** The function that an attribute names. @throws Unsupported for one that is not in the table. */
function named<F>(node: Node, name: string, fallback: string, table: Record<string, F>): F {
  const mode = string(node, name, fallback);
  if (!Object.hasOwn(table, mode)) throw new Unsupported('Resize', `${name} '${mode}'`);
  return table[mode]!;
}

/** Axes whose size or scale changes. @throws Error when neither scales nor sizes are given. */
function resizedAxes(node: Node, x: Value, inputs: readonly (Value | undefined)[]): Resized[] {
  const rank = x.shape.length;
  const axes =
    attribute(node, 'axes', 'ints')?.map((axis) => axisOf(axis, rank, 'Resize')) ?? x.shape.map((_, i) => i);
  const list = (i: number, what: string) => {
    const value = inputs[i];
    if (!value || value.shape.join() === '0') return undefined;
    const numbers = numbersOf(value, 'Resize', what);
    if (numbers.length !== axes.length || numbers.some((number) => !(number > 0)))
      throw new Error(`simd: Resize: ${axes.length} ${what} above 0 are needed, got [${numbers}]`);
    return numbers;
  };
  const scales = list(2, 'scales');
  const sizes = list(3, 'sizes');
  if (!scales && !sizes) throw new Error('simd: Resize: scales or sizes must be given');
  if (string(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    throw new Unsupported('Resize', 'keep_aspect_ratio_policy');
  const resized = axes.map((axis, i) => {
    const from = x.shape[axis]!;
    const to = scales ? Math.floor(Math.fround(from * scales[i]!)) : sizes![i]!;
    return { axis, from, to, scale: scales ? scales[i]! : Math.fround(to / from) };
  });
  // Where no size changes, the reference copies, whatever the scales say.
  if (resized.every(({ from, to }) => from === to)) return [];
  return resized.filter(({ from, to, scale }) => to !== from || scale !== 1);
}

const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

export const resize: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const mode = string(node, 'mode', 'nearest');
  if (int(node, 'antialias', 0)) throw new Unsupported('Resize', 'antialias 1');
  const coordinate = named(node, 'coordinate_transformation_mode', 'half_pixel', COORDINATE);
  const nearest = named(node, 'nearest_mode', 'round_prefer_floor', NEAREST);
  if (mode !== 'nearest' && mode !== 'linear') throw new Unsupported('Resize', `mode '${mode}'`);
  const step = mode === 'nearest' ? nearestAlong(nearest) : linearAlong;
  return [
    resizedAxes(node, x, inputs).reduce((value: Value, axis) => {
      requireTable(axis.to);
      const positions = Array.from({ length: axis.to }, (_, i) => Math.fround(coordinate(i, axis)));
      return step(builder, value, axis, positions);
    }, x),
  ];
};

type Step = (builder: Builder, x: Value, axis: Resized, positions: readonly number[]) => Value;

const nearestAlong =
  (nearest: (x: number) => number): Step =>
  (builder, x, { axis, from }, positions) =>
    takeAlong(
      builder,
      x,
      axis,
      positions.map((position) => clamp(nearest(position), from)),
    );

/** x[⌊p⌋] (1 − t) + x[⌊p⌋ + 1] t, t the fraction of the position p. */
const linearAlong: Step = (builder, x, { axis, from }, positions) => {
  const inside = positions.map((position) => clamp(position, from));
  const low = inside.map(Math.floor);
  const weights = (fraction: (t: number) => number) =>
    known(
      'float',
      [inside.length, ...Array<number>(x.shape.length - axis - 1).fill(1)],
      inside.map((position, i) => Math.fround(fraction(position - low[i]!))),
    );
  const mix = (indices: readonly number[], weight: Value) =>
    builder.elementwise('Resize', MUL, [takeAlong(builder, x, axis, indices), weight]);
  return builder.elementwise('Resize', ADD, [
    mix(
      low,
      weights((t) => 1 - t),
    ),
    mix(
      low.map((at) => clamp(at + 1, from)),
      weights((t) => t),
    ),
  ]);
};
