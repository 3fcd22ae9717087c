// What a name of the graph stands for while a plan is made: a view into a buffer, or numbers known beforehand.
import type { ElementType } from './element-type.ts';
import { Unsupported } from './unsupported.ts';

/** A piece of memory. Elements have four bytes: float32, or int32 for every integer type and for truth values. */
export type Buffer = {
  elements: number;
  /** Set where the contents depend on nothing that is fed: equal names mean equal contents, in every plan. */
  constant?: string;
};

/** Strides and offset in elements; a stride may be 0 (broadcast) or negative (reversed). */
export type View = { buffer: Buffer; offset: number; strides: readonly number[] };

/** Results that a kernel can put anywhere: they go where they are needed first, and stay there. */
export type Pending = {
  /** The layout that suits the kernel. */
  strides: readonly number[];
  /** Where they went. */
  view?: View;
  produce(to: View): void;
};

export type Value = { type: ElementType; shape: readonly number[] } & (
  | { known: readonly number[]; view?: never; pending?: never }
  | { view: View; known?: never; pending?: never }
  | { pending: Pending; known?: never; view?: never }
);

/** More elements than this are an error, not a plan. */
const MAX_ELEMENTS = 2 ** 26;
const MAX_AXES = 64;
/** Offsets or indices that a kernel reads for one operator. */
const MAX_TABLE = 2 ** 20;

/** Product of the sizes. @throws Error when one is negative, or they or the tensor are absurdly many. */
export function elementsOf(shape: readonly number[]): number {
  if (shape.length > MAX_AXES)
    throw new Error(`a shape of ${shape.length} axes: at most ${MAX_AXES} are allowed`);
  let elements = 1;
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) throw new Error(`shape [${shape}]: sizes must not be negative`);
    elements *= size;
    if (elements > MAX_ELEMENTS)
      throw new Error(`shape [${shape}]: at most ${MAX_ELEMENTS} elements fit one tensor`);
  }
  return elements;
}

/** @throws Error before a table of offsets or indices becomes absurdly long. */
export function requireTable(entries: number): void {
  if (entries > MAX_TABLE) throw new Error(`a table of ${entries} offsets: at most ${MAX_TABLE} are allowed`);
}

/** Strides of a tensor that lies row by row, in elements. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (const size of shape.toReversed()) {
    strides.unshift(step);
    step *= size;
  }
  return strides;
}

/** Strides of images [N, C, …] whose channels lie together, pixel by pixel. */
export function channelsLast(shape: readonly number[]): number[] {
  const [batch, channels, ...spatial] = rowMajor([shape[0]!, ...shape.slice(2), shape[1]!]);
  return [
    batch!,
    spatial.at(-1) ?? channels!,
    ...(spatial.length > 0 ? [channels!, ...spatial.slice(0, -1)] : []),
  ];
}

/** Whether two lists of strides reach the same elements of a tensor of `shape`. */
export const sameStrides = (shape: readonly number[], a: readonly number[], b: readonly number[]): boolean =>
  shape.every((size, axis) => size === 1 || a[axis] === b[axis]);

/** Whether the axes, in some order, are those of a tensor that lies row by row without gaps. */
export function isDense(shape: readonly number[], strides: readonly number[]): boolean {
  const order = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== 1);
  order.sort((a, b) => strides[b]! - strides[a]!);
  const expected = rowMajor(order.map((axis) => shape[axis]!));
  return order.every((axis, i) => strides[axis] === expected[i]);
}

export const isConstant = ({ known, view }: Value): boolean =>
  known !== undefined || view?.buffer.constant !== undefined;

/** The numbers of a small value that does not depend on the inputs. @throws Unsupported naming operator and input. */
export function numbersOf(value: Value | undefined, operator: string, what: string): readonly number[] {
  if (value?.known) return value.known;
  throw new Unsupported(operator, `${what} that are no small constant`);
}

export const known = (type: ElementType, shape: readonly number[], numbers: readonly number[]): Value => ({
  type,
  shape,
  known: numbers,
});

/** A value that is a view of memory. */
export type Stored = Value & { view: View };

/** A whole buffer as a tensor of `shape`. */
export const wrap = (
  type: ElementType,
  shape: readonly number[],
  buffer: Buffer,
  strides: readonly number[] = rowMajor(shape),
): Stored => ({ type, shape, view: { buffer, offset: 0, strides } });

/** -1 is the last axis of `rank`. @throws Error naming `what` when there is no such axis. */
export function axisOf(axis: number, rank: number, what: string): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank)
    throw new Error(`simd: ${what}: axis ${axis} must be one of ${rank}`);
  return positive;
}

/** Several axes, each once. @throws Error naming `what`. */
export function axesOf(axes: readonly number[], rank: number, what: string): number[] {
  const positive = axes.map((axis) => axisOf(axis, rank, what));
  if (new Set(positive).size !== axes.length)
    throw new Error(`simd: ${what}: the axes [${axes}] must differ`);
  return positive;
}

/** The shape to which all of `shapes` broadcast (NumPy's rules). @throws Error naming `what`. */
export function broadcastShape(what: string, ...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, i) => {
    const sizes = shapes.map((shape) => shape[shape.length - rank + i] ?? 1);
    const size = sizes.find((one) => one !== 1) ?? 1;
    if (sizes.some((one) => one !== 1 && one !== size))
      throw new Error(`simd: ${what}: shapes ${shapes.map((s) => `[${s}]`).join(' and ')} do not match`);
    return size;
  });
}

/** A view of `shape` seen as the larger `target`: repeated axes have stride 0. */
export function broadcastStrides(
  shape: readonly number[],
  strides: readonly number[],
  target: readonly number[],
): number[] {
  const missing = target.length - shape.length;
  return target.map((_, i) => (i < missing || shape[i - missing] === 1 ? 0 : strides[i - missing]!));
}

/** The elements of row-major `numbers` that a view picks, in its order. */
export function pick(
  numbers: readonly number[],
  shape: readonly number[],
  strides: readonly number[],
  offset: number,
): number[] {
  const out: number[] = [];
  const visit = (axis: number, at: number): void => {
    if (axis === shape.length) {
      out.push(numbers[at]!);
      return;
    }
    for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, at + i * strides[axis]!);
  };
  visit(0, offset);
  return out;
}
