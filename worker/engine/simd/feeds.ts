// What callers feed, checked: shapes as the file declares them, float32 numbers, whole ones for integer inputs.
import type { ValueInfo } from '../../../onnx/model.ts';
import type { Tensor } from '../engine.ts';
import { type ElementType, elementType, isInteger, maxKnown, toInt32, wrapped } from './element-type.ts';
import { Unsupported } from './unsupported.ts';

/** What is fed to an input: its shape, and its numbers where the plan depends on them. */
export type Fed = { shape: readonly number[]; numbers?: readonly number[] };

/** The tensor that is fed to an input. @throws Error naming input, rule and value. */
export function requireFeed({ name, shape }: ValueInfo, feeds: Readonly<Record<string, Tensor>>): Tensor {
  const feed = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
  if (!feed)
    throw new Error(`simd: input '${name}' must be fed, got ${Object.keys(feeds).join(', ') || 'nothing'}`);
  const fits =
    Array.isArray(feed.shape) &&
    feed.shape.length === shape.length &&
    feed.shape.every(
      (size, i) => Number.isInteger(size) && size >= 0 && (typeof shape[i] === 'string' || shape[i] === size),
    );
  if (!fits) throw new Error(`simd: input '${name}' must have shape [${shape}], got [${feed.shape}]`);
  const elements = feed.shape.reduce((n, size) => n * size, 1);
  if (!(feed.data instanceof Float32Array))
    throw new Error(
      `simd: input '${name}' must be fed a Float32Array, got ${Object.prototype.toString.call(feed.data)}`,
    );
  if (feed.data.length !== elements)
    throw new Error(
      `simd: input '${name}' of shape [${feed.shape}] needs ${elements} numbers, got ${feed.data.length}`,
    );
  return feed;
}

/** Fed numbers as an integer input has them. @throws Error for one that its type does not hold. */
export function wholeNumbers(name: string, type: ElementType, data: Float32Array): Int32Array {
  const wrong = data.find((x) => !Number.isSafeInteger(x) || wrapped(type, x, name) !== x);
  if (wrong !== undefined) throw new Error(`simd: input '${name}' of type ${type} cannot hold ${wrong}`);
  return toInt32(data);
}

/** The numbers of an input on which shapes depend. @throws Unsupported where they are many. */
export function fedNumbers({ name, type: declared }: ValueInfo, data: Float32Array): readonly number[] {
  const type = elementType(declared, name);
  if (data.length > maxKnown(type))
    throw new Unsupported(`input '${name}'`, `a shape that follows from ${data.length} fed numbers`);
  return isInteger(type) ? [...wholeNumbers(name, type, data)] : [...data];
}

const exactly = (x: number): string => (Object.is(x, -0) ? '-0' : `${x}`);

/** A name for what is fed, as far as a plan depends on it. */
export const keyOf = (feeds: ReadonlyMap<string, Fed>): string =>
  JSON.stringify([...feeds.values()].map(({ shape, numbers }) => [shape, numbers?.map(exactly)]));

export const sameNumbers = (data: Float32Array, numbers: readonly number[]): boolean =>
  numbers.every((x, i) => Object.is(x, data[i]));
