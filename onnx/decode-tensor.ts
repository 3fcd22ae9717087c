// TensorProto (onnx.proto3): numbers that lie in the file as bytes, as lists of one type each, or in a file beside it.
import { DATA_TYPE, type DataType, type TensorProto } from './model.ts';
import { type Field, floats, integers, last, messages, readFields, text } from './wire.ts';

/** Files that lie beside a model, by the names under which it asks for them. */
export type ExternalFiles = Readonly<Record<string, Uint8Array>>;

const BITS: Record<DataType, number> = {
  undefined: 0,
  string: 0,
  uint2: 2,
  int2: 2,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  float8e8m0: 8,
  uint8: 8,
  int8: 8,
  bool: 8,
  uint16: 16,
  int16: 16,
  float16: 16,
  bfloat16: 16,
  float32: 32,
  int32: 32,
  uint32: 32,
  int64: 64,
  uint64: 64,
  float64: 64,
  complex64: 64,
  complex128: 128,
};

const NAMES = new Map<number, DataType>(
  Object.entries(DATA_TYPE).map(([name, code]) => [code, name as DataType]),
);

/** @throws Error for a number that stands for no type. */
export function dataType(code: number, what: string): DataType {
  const name = NAMES.get(code);
  if (!name) throw new Error(`ONNX ${what}: there is no data type ${code}`);
  return name;
}

/** The typed lists as the little-endian bytes that raw_data would hold. */
function listData(fields: readonly Field[], type: DataType, what: string): Uint8Array {
  if (type === 'float32' || type === 'complex64')
    return new Uint8Array(Float32Array.from(floats(fields, 4, what)).buffer);
  if (type === 'float64' || type === 'complex128')
    return new Uint8Array(Float64Array.from(floats(fields, 10, what, 8)).buffer);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(integers(fields, 7, what), BigInt).buffer);
  if (type === 'uint64')
    return new Uint8Array(
      BigUint64Array.from(integers(fields, 11, what), (value) => BigInt.asUintN(64, BigInt(value))).buffer,
    );
  if (type === 'uint32') return new Uint8Array(Uint32Array.from(integers(fields, 11, what)).buffer);
  const values = integers(fields, 5, what);
  if (BITS[type] === 32) return new Uint8Array(Int32Array.from(values).buffer);
  if (BITS[type] === 16) return new Uint8Array(Uint16Array.from(values).buffer);
  return Uint8Array.from(values);
}

/** What lies in another file: StringStringEntryProto pairs of location, offset and length. */
function externalData(fields: readonly Field[], files: ExternalFiles, where: string): Uint8Array {
  const entries = messages(fields, 13).map((bytes) => {
    const entry = readFields(bytes, where);
    return [text(last(entry, 1)?.bytes, where), text(last(entry, 2)?.bytes, where)];
  });
  const found = (key: string) => entries.find(([name]) => name === key)?.[1];
  const location = found('location') ?? '';
  const file = Object.hasOwn(files, location) ? files[location] : undefined;
  if (!file) throw new Error(`ONNX ${where}: its numbers lie in the file '${location}', which was not given`);
  const offset = Number(found('offset') ?? 0);
  const length = Number(found('length') ?? file.length - offset);
  if (![offset, length].every((n) => Number.isSafeInteger(n) && n >= 0) || offset + length > file.length)
    throw new Error(
      `ONNX ${where}: bytes ${offset} to ${offset + length} of '${location}' are not among its ${file.length}`,
    );
  return file.subarray(offset, offset + length);
}

/** @throws Error where the numbers are not those that type and shape ask for, or lie in a file that was not given. */
export function decodeTensor(bytes: Uint8Array, what = 'tensor', files: ExternalFiles = {}): TensorProto {
  const fields = readFields(bytes, what);
  const name = text(last(fields, 8)?.bytes, what);
  const where = `${what} '${name}'`;
  const type = dataType(last(fields, 2)?.number ?? 0, where);
  const shape = integers(fields, 1, where);
  let elements = 1;
  for (const d of shape) {
    if (d < 0) throw new Error(`ONNX ${where}: dimension ${d} is negative`);
    elements *= d;
  }
  if (type === 'string' || type === 'undefined') return { name, type, shape, data: new Uint8Array() };
  const data =
    last(fields, 14)?.number === 1
      ? externalData(fields, files, where)
      : (last(fields, 9)?.bytes ?? listData(fields, type, where));
  const needed = Math.ceil((elements * BITS[type]) / 8);
  // A list holds one number of a narrow type in each entry, two or four of them in raw_data's bytes.
  if (data.length !== needed && !(BITS[type] < 8 && last(fields, 5)))
    throw new Error(`ONNX ${where}: shape [${shape}] of ${type} needs ${needed} bytes, got ${data.length}`);
  return { name, type, shape, data };
}
