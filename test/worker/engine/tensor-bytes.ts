// Numbers as the little-endian bytes of a stored tensor.
import { toHalf } from '../../../onnx/float16.ts';
import type { DataType } from '../../../onnx/model.ts';

export function bytesOf(type: DataType, values: readonly number[]): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'float64':
      return new Uint8Array(Float64Array.from(values).buffer);
    case 'float16':
      return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    case 'uint16':
    case 'int16':
    case 'bfloat16':
      return new Uint8Array(Uint16Array.from(values).buffer);
    default:
      return Uint8Array.from(values);
  }
}
