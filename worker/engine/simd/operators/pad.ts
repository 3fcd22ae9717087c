// Borders: of one value, or of what lies inside.
import { float, string } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { isInteger } from '../element-type.ts';
import { COPY, FILL } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { axesOf, numbersOf, requireTable, rowMajor, type Stored, type Value } from '../value.ts';
import { type Operator, required } from './operator.ts';
import { given, part } from './slicing.ts';
import { takeAlong } from './take.ts';

/** Borders of `before` and `after` elements an axis, all of one value; negative ones cut off. */
export function padConstant(
  builder: Builder,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value: number,
  layout: (shape: readonly number[]) => number[] = rowMajor,
): Stored {
  if ([...before, ...after].every((size) => size === 0)) return builder.arranged(x, layout(x.shape));
  const shape = x.shape.map((size, axis) => size + before[axis]! + after[axis]!);
  const whole = builder.tensor(x.type, shape, layout(shape));
  // What of x stays, and where it comes to lie.
  let kept = x;
  let inside = whole;
  shape.forEach((size, axis) => {
    const from = Math.max(0, -before[axis]!);
    const to = Math.max(0, before[axis]!);
    const length = Math.max(0, Math.min(x.shape[axis]! - from, size - to));
    if (length === x.shape[axis]! && length === size) return;
    if (length !== x.shape[axis]!) kept = part(builder, kept, axis, from, length);
    inside = part(builder, inside, axis, to, length);
  });
  builder.place(FILL, whole, whole, value);
  builder.place(COPY, inside, kept);
  return whole;
}

/** Where a place before, in or behind an axis of `size` gets its element. */
const PLACES: Record<string, (at: number, size: number) => number> = {
  edge: (at, size) => Math.min(size - 1, Math.max(0, at)),
  reflect: (at, size) => (at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at),
  wrap: (at, size) => ((at % size) + size) % size,
};

export const pad: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const rank = x.shape.length;
  const mode = string(node, 'mode', 'constant');
  const pads = given(node, inputs, 1, 'pads') ?? [];
  const axes = inputs[3]
    ? axesOf(numbersOf(inputs[3], 'Pad', 'axes'), rank, 'Pad')
    : x.shape.map((_, axis) => axis);
  if (pads.length !== 2 * axes.length)
    throw new Error(`simd: Pad: ${axes.length} axes need ${2 * axes.length} pads, got ${pads.length}`);
  const before = x.shape.map((_, axis) => (axes.includes(axis) ? pads[axes.indexOf(axis)]! : 0));
  const after = x.shape.map((_, axis) => (axes.includes(axis) ? pads[axes.indexOf(axis) + axes.length]! : 0));
  if (mode === 'constant') {
    const value = inputs[2] ? (numbersOf(inputs[2], 'Pad', 'value')[0] ?? 0) : float(node, 'value', 0);
    if (isInteger(x.type)) throw new Unsupported('Pad', 'integers');
    return [padConstant(builder, x, before, after, value)];
  }
  const place = PLACES[mode];
  if (!place)
    throw new Error(`simd: Pad: mode must be constant or one of ${Object.keys(PLACES)}, is '${mode}'`);
  return [
    x.shape.reduce((value: Value, size, axis) => {
      const length = size + before[axis]! + after[axis]!;
      if (before[axis] === 0 && after[axis] === 0) return value;
      requireTable(length);
      if (length < 0 || (size === 0 && length > 0))
        throw new Error(`simd: Pad: axis ${axis} of size ${size} cannot become ${length}`);
      const indices = Array.from({ length }, (_, i) => place(i - before[axis]!, size));
      if (indices.some((at) => at < 0 || at >= size))
        throw new Error(`simd: Pad: axis ${axis} of size ${size} cannot be reflected so far`);
      return takeAlong(builder, value, axis, indices);
    }, x),
  ];
};
