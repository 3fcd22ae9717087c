// Writes PNGs of every kind, right or wrong in one place: what the decoder is tried with.
import { zlibSync } from 'fflate';
import { crc32 } from '../../../core/image/deflate/checksum.ts';

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
export const join = (...parts: ArrayLike<number>[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)));
const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
export function chunk(type: string, data: ArrayLike<number> = []): Uint8Array<ArrayBuffer> {
  const body = join(ascii(type), data);
  return join(uint32(data.length), body, uint32(crc32(body)));
}

export const SAMPLES: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export type PngKind = {
  width: number;
  height: number;
  depth: number;
  colourType: number;
  interlaced?: boolean;
};

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export const header = ({ width, height, depth, colourType, interlaced = false }: PngKind) =>
  chunk('IHDR', [...uint32(width), ...uint32(height), depth, colourType, 0, 0, interlaced ? 1 : 0]);

/** Samples of some pixels as the bytes of a line. */
function packed(samples: readonly number[], depth: number): Uint8Array {
  if (depth === 16) return Uint8Array.from(samples.flatMap((value) => [value >>> 8, value & 255]));
  const bytes = new Uint8Array(Math.ceil((samples.length * depth) / 8));
  samples.forEach((value, i) => {
    bytes[(i * depth) >> 3]! |= value << (8 - depth - ((i * depth) & 7));
  });
  return bytes;
}

const paeth = (a: number, b: number, c: number): number => {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
  return toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
};

/** Scanlines before compression; `sampleAt(x, y, c)` is unscaled, `filterOf(line)` chooses among the five. */
export function scanlines(
  { width, height, depth, colourType, interlaced = false }: PngKind,
  sampleAt: (x: number, y: number, c: number) => number,
  filterOf: (line: number) => number = () => 0,
): Uint8Array<ArrayBuffer> {
  const samples = SAMPLES[colourType]!;
  const step = Math.max(1, (samples * depth) >> 3);
  const out: number[] = [];
  let count = 0;
  for (const [left, top, dx, dy] of interlaced ? ADAM7 : [[0, 0, 1, 1] as const]) {
    if (left >= width) continue;
    let above: Uint8Array | undefined;
    for (let y = top; y < height; y += dy) {
      const values: number[] = [];
      for (let x = left; x < width; x += dx) for (let c = 0; c < samples; c++) values.push(sampleAt(x, y, c));
      const line = packed(values, depth);
      const filter = filterOf(count++);
      out.push(filter);
      line.forEach((value, i) => {
        const [a, b, c] = [line[i - step] ?? 0, above?.[i] ?? 0, i < step ? 0 : (above?.[i - step] ?? 0)];
        const predicted = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter] ?? 0;
        out.push((value - predicted) & 255);
      });
      above = line;
    }
  }
  return Uint8Array.from(out);
}

/** A whole file around scanlines; `before` are chunks between header and pixels. */
export const pngOf = (kind: PngKind, lines: Uint8Array, before: Uint8Array[] = []): Uint8Array<ArrayBuffer> =>
  join(SIGNATURE, header(kind), ...before, chunk('IDAT', zlibSync(lines)), chunk('IEND'));
