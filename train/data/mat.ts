// MATLAB 5 files: a header of 128 bytes, then elements of (type, byte count, data), padded to 8 bytes; a matrix is an
// element that holds flags, dimensions, name and values; a compressed element is zlib of another.
import { inflateSync } from 'node:zlib';

const MATRIX = 14;
const COMPRESSED = 15;

/** Values of numeric types by their number in the file. */
const READERS: Record<number, [width: number, read: (view: DataView, at: number) => number]> = {
  1: [1, (v, at) => v.getInt8(at)],
  2: [1, (v, at) => v.getUint8(at)],
  3: [2, (v, at) => v.getInt16(at, true)],
  4: [2, (v, at) => v.getUint16(at, true)],
  5: [4, (v, at) => v.getInt32(at, true)],
  6: [4, (v, at) => v.getUint32(at, true)],
  7: [4, (v, at) => v.getFloat32(at, true)],
  9: [8, (v, at) => v.getFloat64(at, true)],
};

type Element = { type: number; data: Uint8Array };

function* elements(bytes: Uint8Array): Generator<Element> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const word = view.getUint32(at, true);
    // A small element holds its data in the second half of its tag.
    const small = word >>> 16;
    const type = small > 0 ? word & 0xffff : word;
    const length = small > 0 ? small : view.getUint32(at + 4, true);
    const start = at + (small > 0 ? 4 : 8);
    yield { type, data: bytes.subarray(start, start + length) };
    at = small > 0 ? at + 8 : start + (type === COMPRESSED ? length : Math.ceil(length / 8) * 8);
  }
}

function numbers({ type, data }: Element): number[] {
  const [width, read] = READERS[type] ?? [0, () => 0];
  if (width === 0) throw new Error(`mat: values of type ${type} are not numbers`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / width }, (_, i) => read(view, i * width));
}

/**
 * The matrix `name` of a little-endian MATLAB 5 file; values column by column, as MATLAB stores them.
 * @throws Error when the bytes are no such file or have no such matrix.
 */
export function readMatrix(bytes: Uint8Array, name: string): { shape: number[]; values: number[] } {
  if (bytes.length < 128 || bytes[126] !== 0x49 || bytes[127] !== 0x4d)
    throw new Error(`mat: not a little-endian MATLAB 5 file (${bytes.length} bytes)`);
  for (const outer of elements(bytes.subarray(128))) {
    const [inner] = outer.type === COMPRESSED ? elements(inflateSync(outer.data)) : [outer];
    if (inner?.type !== MATRIX) continue;
    const [, dimensions, title, values] = elements(inner.data);
    if (title && values && dimensions && String.fromCharCode(...title.data) === name)
      return { shape: numbers(dimensions), values: numbers(values) };
  }
  throw new Error(`mat: there is no matrix '${name}'`);
}
