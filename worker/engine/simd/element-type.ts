// Types of elements: float32 as it is; float16 and float64 kept as float32, and only moved and cast; integers and truth
// values as int32, and computed with only where they are known when a plan is made.
import type { DataType } from '../../../onnx/model.ts';
import { Unsupported } from './unsupported.ts';

/** Numbers as they are stored, for the types that can be held. */
const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

export type ElementType = keyof typeof ARRAYS;

/** @throws Unsupported naming `what` for a type that is not held. */
export function elementType(type: DataType, what: string): ElementType {
  if (!Object.hasOwn(ARRAYS, type)) throw new Unsupported(what, `type ${type}`);
  return type as ElementType;
}

export const isFloat = (type: ElementType): boolean => type.startsWith('float');
export const isInteger = (type: ElementType): boolean => !isFloat(type);

/** Values of at most so many elements are kept as numbers, so that shapes and bounds can be read from them. */
export const maxKnown = (type: ElementType): number => (isFloat(type) ? 64 : 8192);

/** The elements of a stored tensor. */
export function storedNumbers(type: ElementType, data: Uint8Array, elements: number) {
  // A typed array begins at a multiple of its element's size; a file need not.
  const aligned = data.byteOffset % 8 === 0 ? data : new Uint8Array(data);
  const numbers = new ARRAYS[type](aligned.buffer as ArrayBuffer, aligned.byteOffset, elements);
  return type === 'bool' ? (numbers as Uint8Array).map((x) => (x === 0 ? 0 : 1)) : numbers;
}

/**
 * A result of whole-number arithmetic in the type that it has: two's complement, as the reference wraps.
 * @throws Unsupported naming `what` where a double does not hold it exactly.
 */
export function wrapped(type: ElementType, value: number, what: string): number {
  if (!Number.isSafeInteger(value)) throw new Unsupported(what, `the integer ${value}`);
  if (type === 'int64') return value;
  if (type === 'bool') return value === 0 ? 0 : 1;
  const [wrap] = new ARRAYS[type](1).fill(value as never);
  return Number(wrap);
}

/** Integers as a kernel has them. @throws Unsupported for one that int32 does not hold. */
export function toInt32(values: Iterable<number | bigint>): Int32Array {
  return Int32Array.from(values as Iterable<number>, (value) => {
    const number = Number(value);
    if (number !== (number | 0)) throw new Unsupported('integers', `${value}`);
    return number;
  });
}
