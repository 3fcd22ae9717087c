// Numbers as the little-endian bytes of a stored tensor.
import type { DataType } from '../../../onnx/model.ts';

/** The nearest float16, ties to even, as its 16 bits. */
function float16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const exponent = Math.max(((bits >>> 23) & 0xff) - 127, -14);
  const steps = Math.abs(value) / 2 ** (exponent - 10);
  const nearest = Math.round(steps) - (steps % 1 === 0.5 && Math.round(steps) % 2 === 1 ? 1 : 0);
  if (!(Math.abs(value) < 65520)) throw new Error(`float16: ${value} is out of range`);
  return ((bits >>> 16) & 0x8000) | (((exponent + 14) << 10) + nearest);
}

export function bytesOf(type: DataType, values: readonly number[]): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, float16).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    default:
      return Uint8Array.from(values);
  }
}
