// How the strided kernels are told what to step through: few axes, as long as they can be.
import { Unsupported } from './unsupported.ts';

/** Places per list in the shape table; see kernels/shape.ts. */
const MAX_RANK = 8;

export type Layout = { sizes: number[]; strides: number[][] };

/** Drops axes of size 1 and joins neighbours that every view steps through alike; at least one axis is left. */
export function collapse(shape: readonly number[], views: readonly (readonly number[])[]): Layout {
  const sizes: number[] = [];
  const strides: number[][] = views.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const joined = last >= 0 && views.every((view, i) => strides[i]![last] === view[axis]! * size);
    if (joined) sizes[last]! *= size;
    else sizes.push(size);
    views.forEach((view, i) => {
      if (joined) strides[i]![last] = view[axis]!;
      else strides[i]!.push(view[axis]!);
    });
  });
  if (sizes.length > 0) return { sizes, strides };
  return { sizes: [1], strides: views.map(() => [0]) };
}

/**
 * The table that `elementwise` (strides of output and both inputs) and `reduce` (output unused, input) read.
 * Strides are given in elements. @throws Unsupported for more axes than the table holds.
 */
export function shapeTable({ sizes, strides }: Layout): Int32Array {
  if (sizes.length > MAX_RANK) throw new Unsupported('shape', `a view of ${sizes.length} separate axes`);
  const table = new Int32Array(1 + MAX_RANK * (1 + strides.length));
  table[0] = sizes.length;
  table.set(sizes, 1);
  strides.forEach((list, i) => {
    for (const [axis, stride] of list.entries()) table[1 + MAX_RANK * (i + 1) + axis] = 4 * stride;
  });
  return table;
}
