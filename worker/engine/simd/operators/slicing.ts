// Operators that take tensors apart and put them together along one axis, and all along several.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { maxKnown } from '../element-type.ts';
import { COPY } from '../kernels/opcodes.ts';
import { axesOf, axisOf, elementsOf, known, numbersOf, type Stored, type Value } from '../value.ts';
import { type Operator, required } from './operator.ts';

/** Numbers of an input or, in older opsets, of the attribute of that name. */
export function given(
  node: Node,
  inputs: readonly (Value | undefined)[],
  i: number,
  name: string,
): readonly number[] | undefined {
  return inputs[i] ? numbersOf(inputs[i], node.op, name) : attribute(node, name, 'ints');
}

/** Of 32 bits, and of 64 as a double has it. */
const LARGEST = [2 ** 31 - 1, 2 ** 63];

export const slice: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const list = (i: number, name: string, fallback: number[] | undefined) => {
    const numbers = given(node, inputs, i, name) ?? fallback;
    if (!numbers) throw new Error(`simd: Slice: '${name}' must be given`);
    return numbers;
  };
  const starts = list(1, 'starts', undefined);
  const ends = list(2, 'ends', undefined);
  const asked = list(
    3,
    'axes',
    starts.map((_, i) => i),
  );
  const steps = inputs[4] ? numbersOf(inputs[4], 'Slice', 'steps') : starts.map(() => 1);
  if ([ends, asked, steps].some((numbers) => numbers.length !== starts.length))
    throw new Error(`simd: Slice: starts, ends, axes and steps must be as many, got ${starts.length}`);
  const shape = [...x.shape];
  const first = x.shape.map(() => 0);
  const by = x.shape.map(() => 1);
  axesOf(asked, x.shape.length, 'Slice').forEach((axis, i) => {
    const size = x.shape[axis]!;
    const step = steps[i]!;
    if (step === 0) throw new Error('simd: Slice: a step must not be 0');
    // Through to the beginning, where a backward slice is to end at the largest integer: as onnxruntime has it, and
    // no file can mean the nothing that it would be.
    const end = step < 0 && LARGEST.includes(ends[i]!) ? Number.NEGATIVE_INFINITY : ends[i]!;
    const clamp = (at: number, low: number, high: number) =>
      Math.min(high, Math.max(low, at < 0 ? at + size : at));
    const [from, to] =
      step > 0
        ? [clamp(starts[i]!, 0, size), clamp(end, 0, size)]
        : [clamp(starts[i]!, 0, size - 1), clamp(end, -1, size - 1)];
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
export function part(builder: Builder, x: Stored, axis: number, start: number, length: number): Stored;
export function part(builder: Builder, x: Value, axis: number, start: number, length: number): Value;
export function part(builder: Builder, x: Value, axis: number, start: number, length: number): Value {
  return builder.restride(x, x.shape.with(axis, length), (strides) => ({
    offset: start * strides[axis]!,
    strides,
  }));
}

export const split: Operator = (builder, node, inputs, { opset }) => {
  const x = required(node, inputs, 0);
  const axis = axisOf(int(node, 'axis', 0), x.shape.length, 'Split');
  const size = x.shape[axis]!;
  const count = node.outputs.length;
  const parts = int(node, 'num_outputs', count);
  const each = Math.ceil(size / count);
  // Before opset 18 the parts are equal.
  if (parts !== count || (opset < 18 && !inputs[1] && !node.attributes.split && size % count !== 0))
    throw new Error(`simd: Split: ${size} cannot be ${parts} parts for ${count} outputs`);
  const sizes =
    given(node, inputs, 1, 'split') ?? node.outputs.map((_, i) => Math.min(each, size - i * each));
  if (sizes.length !== count || sizes.some((n) => n < 0) || sizes.reduce((sum, n) => sum + n, 0) !== size)
    throw new Error(`simd: Split: [${sizes}] must be ${count} sizes that add up to ${size}`);
  let start = 0;
  return sizes.map((length) => {
    const value = part(builder, x, axis, start, length);
    start += length;
    return value;
  });
};

/** One behind the other along `axis`. @throws Error naming `what` where other axes or types differ. */
export function join(builder: Builder, what: string, parts: readonly Value[], axis: number): Value {
  const first = parts[0]!;
  const others = (shape: readonly number[]) => shape.filter((_, i) => i !== axis).join();
  for (const { shape, type } of parts)
    if (type !== first.type || shape.length !== first.shape.length || others(shape) !== others(first.shape))
      throw new Error(`simd: ${what}: [${shape}] and [${first.shape}] must agree but for axis ${axis}`);
  const shape = first.shape.with(
    axis,
    parts.reduce((sum, value) => sum + value.shape[axis]!, 0),
  );
  const small = elementsOf(shape) <= maxKnown(first.type);
  if (small && first.shape.length === 1 && parts.every((value) => value.known))
    return known(
      first.type,
      shape,
      parts.flatMap((value) => value.known!),
    );
  const whole = builder.tensor(first.type, shape);
  let start = 0;
  for (const value of parts) {
    builder.place(COPY, part(builder, whole, axis, start, value.shape[axis]!), value);
    start += value.shape[axis]!;
  }
  return whole;
}

export const concat: Operator = (builder, node, inputs) => {
  const parts = inputs.map((_, i) => required(node, inputs, i));
  const axis = attribute(node, 'axis', 'int');
  if (axis === undefined) throw new Error("simd: Concat: attribute 'axis' must be given");
  return [join(builder, 'Concat', parts, axisOf(axis, parts[0]!.shape.length, 'Concat'))];
};

/** The whole, `repeats[axis]` times along each axis. */
export const tile: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const repeats = numbersOf(inputs[1], 'Tile', 'repeats');
  if (repeats.length !== x.shape.length || repeats.some((times) => times < 0))
    throw new Error(`simd: Tile: [${repeats}] must be ${x.shape.length} numbers of at least 0`);
  const apart = x.shape.flatMap((size, axis) => [repeats[axis]!, size]);
  const repeated = builder.restride(x, apart, (strides) => ({
    offset: 0,
    strides: strides.flatMap((stride) => [0, stride]),
  }));
  return [
    builder.reshape(
      repeated,
      x.shape.map((size, axis) => size * repeats[axis]!),
    ),
  ];
};
