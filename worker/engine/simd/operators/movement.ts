// Operators that move, repeat or leave out elements. Most are another view of the same memory.
import { attribute, int, string } from '../attributes.ts';
import { type Builder, MAX_KNOWN } from '../builder.ts';
import { COPY, FILL } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import {
  axisOf,
  broadcastShape,
  broadcastStrides,
  elementsOf,
  known,
  numbersOf,
  requireTable,
  rowMajor,
  type Stored,
  type Value,
} from '../value.ts';
import { type Operator, required } from './operator.ts';
import { takeAlong } from './take.ts';

export const identity: Operator = (_, node, inputs) => [required(node, inputs, 0)];

/** One entry of the shape may be -1 (whatever remains); 0 copies the size, unless `allowzero`. */
export const reshape: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const zero = int(node, 'allowzero', 0) !== 0;
  const wanted = numbersOf(inputs[1], 'Reshape', 'shape');
  const shape = wanted.map((size, axis) => (size === 0 && !zero ? (x.shape[axis] ?? Number.NaN) : size));
  const elements = elementsOf(x.shape);
  const others = shape.reduce((n, size) => (size === -1 ? n : n * size), 1);
  const full = shape.map((size) => (size === -1 ? elements / others : size));
  if (
    shape.filter((size) => size === -1).length > 1 ||
    !full.every(Number.isInteger) ||
    elementsOf(full) !== elements
  )
    throw new Error(
      `simd: Reshape: [${x.shape}] has ${elements} elements, the shape [${wanted}] another number`,
    );
  return [builder.reshape(x, full)];
};

export const flatten: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const given = int(node, 'axis', 1);
  const axis =
    given === x.shape.length ? given : axisOf(given, x.shape.length + (given < 0 ? 0 : 1), 'Flatten');
  return [builder.reshape(x, [elementsOf(x.shape.slice(0, axis)), elementsOf(x.shape.slice(axis))])];
};

export const transpose: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const axes = attribute(node, 'perm', 'ints') ?? x.shape.map((_, i) => x.shape.length - 1 - i);
  if (axes.toSorted((a, b) => a - b).join() !== x.shape.map((_, i) => i).join())
    throw new Error(`simd: Transpose: 'perm' [${axes}] must name every axis of [${x.shape}] once`);
  const shape = axes.map((axis) => x.shape[axis]!);
  return [
    builder.restride(x, shape, (strides) => ({ offset: 0, strides: axes.map((axis) => strides[axis]!) })),
  ];
};

export const squeeze: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const given = inputs[1] && numbersOf(inputs[1], 'Squeeze', 'axes');
  const axes = given
    ? given.map((axis) => axisOf(axis, x.shape.length, 'Squeeze'))
    : x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  const wrong = axes.find((axis) => x.shape[axis] !== 1);
  if (wrong !== undefined) throw new Error(`simd: Squeeze: axis ${wrong} of [${x.shape}] must have size 1`);
  const keeps = <T>(list: readonly T[]) => list.filter((_, axis) => !axes.includes(axis));
  return [builder.restride(x, keeps(x.shape), (strides) => ({ offset: 0, strides: keeps(strides) }))];
};

export const unsqueeze: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const given = numbersOf(inputs[1], 'Unsqueeze', 'axes');
  const rank = x.shape.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(axis, rank, 'Unsqueeze')));
  if (axes.size !== given.length) throw new Error(`simd: Unsqueeze: the axes [${given}] must differ`);
  const insert = (list: readonly number[], value: number) => {
    const rest = [...list];
    return Array.from({ length: rank }, (_, axis) => (axes.has(axis) ? value : rest.shift()!));
  };
  return [builder.restride(x, insert(x.shape, 1), (strides) => ({ offset: 0, strides: insert(strides, 0) }))];
};

export const expand: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const shape = broadcastShape('Expand', x.shape, numbersOf(inputs[1], 'Expand', 'shape'));
  return [
    builder.restride(x, shape, (strides) => ({
      offset: 0,
      strides: broadcastStrides(x.shape, strides, shape),
    })),
  ];
};

export const slice: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const starts = numbersOf(inputs[1], 'Slice', 'starts');
  const ends = numbersOf(inputs[2], 'Slice', 'ends');
  const axes = inputs[3] ? numbersOf(inputs[3], 'Slice', 'axes') : starts.map((_, i) => i);
  const steps = inputs[4] ? numbersOf(inputs[4], 'Slice', 'steps') : starts.map(() => 1);
  if ([ends, axes, steps].some((list) => list.length !== starts.length))
    throw new Error(`simd: Slice: starts, ends, axes and steps must be as many, got ${starts.length}`);
  const shape = [...x.shape];
  const first = x.shape.map(() => 0);
  const by = x.shape.map(() => 1);
  axes.forEach((given, i) => {
    const axis = axisOf(given, x.shape.length, 'Slice');
    const size = x.shape[axis]!;
    const step = steps[i]!;
    if (step === 0) throw new Error('simd: Slice: a step must not be 0');
    const clamp = (at: number, low: number, high: number) =>
      Math.min(high, Math.max(low, at < 0 ? at + size : at));
    const [from, to] =
      step > 0
        ? [clamp(starts[i]!, 0, size), clamp(ends[i]!, 0, size)]
        : [clamp(starts[i]!, 0, size - 1), clamp(ends[i]!, -1, size - 1)];
    shape[axis] = Math.max(0, Math.ceil((to - from) / step));
    first[axis] = from;
    by[axis] = step;
  });
  return [
    builder.restride(x, shape, (strides) => ({
      offset:
        elementsOf(shape) === 0 ? 0 : strides.reduce((sum, stride, axis) => sum + stride * first[axis]!, 0),
      strides: strides.map((stride, axis) => stride * by[axis]!),
    })),
  ];
};

/** `length` elements along `axis` from `start` on. */
function part(builder: Builder, x: Stored, axis: number, start: number, length: number): Stored;
function part(builder: Builder, x: Value, axis: number, start: number, length: number): Value;
function part(builder: Builder, x: Value, axis: number, start: number, length: number): Value {
  return builder.restride(x, x.shape.with(axis, length), (strides) => ({
    offset: start * strides[axis]!,
    strides,
  }));
}

export const split: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const axis = axisOf(int(node, 'axis', 0), x.shape.length, 'Split');
  const size = x.shape[axis]!;
  const count = node.outputs.length;
  const each = Math.ceil(size / count);
  const sizes = inputs[1]
    ? numbersOf(inputs[1], 'Split', 'sizes')
    : node.outputs.map((_, i) => Math.min(each, size - i * each));
  if (sizes.length !== count || sizes.some((n) => n < 0) || sizes.reduce((sum, n) => sum + n, 0) !== size)
    throw new Error(`simd: Split: [${sizes}] must be ${count} sizes that add up to ${size}`);
  let start = 0;
  return sizes.map((length) => {
    const value = part(builder, x, axis, start, length);
    start += length;
    return value;
  });
};

export const concat: Operator = (builder, node, inputs) => {
  const parts = inputs.map((_, i) => required(node, inputs, i));
  const first = parts[0];
  if (!first) throw new Error('simd: Concat: at least one input must be given');
  const given = attribute(node, 'axis', 'int');
  if (given === undefined) throw new Error("simd: Concat: attribute 'axis' must be given");
  const axis = axisOf(given, first.shape.length, 'Concat');
  for (const { shape, kind } of parts)
    if (kind !== first.kind || shape.with(axis, 0).join() !== first.shape.with(axis, 0).join())
      throw new Error(`simd: Concat: [${shape}] and [${first.shape}] must agree but for axis ${axis}`);
  const shape = first.shape.with(
    axis,
    parts.reduce((sum, value) => sum + value.shape[axis]!, 0),
  );
  const small = elementsOf(shape) <= MAX_KNOWN[first.kind];
  if (small && first.shape.length === 1 && parts.every((value) => value.known))
    return [
      known(
        first.kind,
        shape,
        parts.flatMap((value) => value.known!),
      ),
    ];
  const whole = builder.tensor(first.kind, shape);
  let start = 0;
  for (const value of parts) {
    builder.place(COPY, part(builder, whole, axis, start, value.shape[axis]!), value);
    start += value.shape[axis]!;
  }
  return [whole];
};

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
  const whole = builder.tensor(x.kind, shape, layout(shape));
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

export const pad: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const rank = x.shape.length;
  const mode = string(node, 'mode', 'constant');
  const given = numbersOf(inputs[1], 'Pad', 'pads');
  const axes = inputs[3]
    ? numbersOf(inputs[3], 'Pad', 'axes').map((axis) => axisOf(axis, rank, 'Pad'))
    : x.shape.map((_, axis) => axis);
  if (given.length !== 2 * axes.length)
    throw new Error(`simd: Pad: ${axes.length} axes need ${2 * axes.length} pads, got ${given.length}`);
  const before = x.shape.map((_, axis) => (axes.includes(axis) ? given[axes.indexOf(axis)]! : 0));
  const after = x.shape.map((_, axis) =>
    axes.includes(axis) ? given[axes.indexOf(axis) + axes.length]! : 0,
  );
  if (mode === 'constant') {
    const value = inputs[2] ? (numbersOf(inputs[2], 'Pad', 'value')[0] ?? 0) : 0;
    if (x.kind === 'integer') throw new Unsupported('Pad', 'integers');
    return [padConstant(builder, x, before, after, value)];
  }
  if (mode !== 'edge' && mode !== 'reflect') throw new Unsupported('Pad', `mode '${mode}'`);
  return [
    x.shape.reduce((value: Value, size, axis) => {
      const length = size + before[axis]! + after[axis]!;
      if (before[axis] === 0 && after[axis] === 0) return value;
      requireTable(length);
      const indices = Array.from({ length }, (_, i) => {
        const at = i - before[axis]!;
        if (mode === 'edge') return Math.min(size - 1, Math.max(0, at));
        return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
      });
      if (indices.some((at) => at < 0 || at >= size))
        throw new Error(`simd: Pad: axis ${axis} of size ${size} cannot be reflected so far`);
      return takeAlong(builder, value, axis, indices);
    }, x),
  ];
};

/** Blocks of channels become blocks of pixels: [N, C, H, W] → [N, C / b², H b, W b]. */
export const depthToSpace: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const block = int(node, 'blocksize', 0);
  const mode = string(node, 'mode', 'DCR');
  const [n, c, h, w] = x.shape;
  if (x.shape.length !== 4 || block < 1 || c! % block ** 2 !== 0)
    throw new Error(`simd: DepthToSpace: [${x.shape}] must be 4-D with channels divisible by ${block}²`);
  const depth = c! / block ** 2;
  const [blocks, order] =
    mode === 'CRD'
      ? [
          [n!, depth, block, block, h!, w!],
          [0, 1, 4, 2, 5, 3],
        ]
      : [
          [n!, block, block, depth, h!, w!],
          [0, 3, 4, 1, 5, 2],
        ];
  const apart = builder.reshape(x, blocks);
  const moved = builder.restride(
    apart,
    order.map((axis) => blocks[axis]!),
    (strides) => ({ offset: 0, strides: order.map((axis) => strides[axis]!) }),
  );
  return [builder.reshape(moved, [n!, depth, h! * block, w! * block])];
};
