// Numbers between callers, who feed and get float32, and onnxruntime-web, which asks for what a graph declares.
import { fromHalf, toHalf } from '../../onnx/float16.ts';

/** Arrays of whole numbers by the runtime's name of their type. */
const WHOLE = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  bool: Uint8Array,
} as const;

/** `data` as an input declared of `type` takes it. @throws Error for a type that is not fed, and for a number it cannot hold. */
export function toDeclared(name: string, type: string, data: Float32Array) {
  if (type === 'float32') return data;
  if (type === 'float64') return Float64Array.from(data);
  if (type === 'float16') return Uint16Array.from(data, toHalf);
  const large = type === 'int64' || type === 'uint64';
  if (!large && !Object.hasOwn(WHOLE, type))
    throw new Error(`onnxruntime-web: input '${name}' of type ${type} cannot be fed`);
  const wrong = data.find((x) => !Number.isSafeInteger(x));
  const whole = wrong === undefined && !large ? WHOLE[type as keyof typeof WHOLE].from(data) : undefined;
  const lost = wrong ?? (whole && data.find((x, i) => whole[i] !== x));
  if (lost !== undefined)
    throw new Error(`onnxruntime-web: input '${name}' of type ${type} cannot hold ${lost}`);
  if (whole) return whole;
  const wide = Array.from(data, BigInt);
  return type === 'int64' ? BigInt64Array.from(wide) : BigUint64Array.from(wide);
}

/** An output's numbers as float32. @throws Error for one that holds no numbers. */
export function toFloats(name: string, type: string, data: ArrayLike<unknown>): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'string') throw new Error(`onnxruntime-web: output '${name}' holds strings, not numbers`);
  const numbers = Float32Array.from(data as ArrayLike<number>, Number);
  return data instanceof Uint16Array && type === 'float16' ? numbers.map(fromHalf) : numbers;
}
