// Scanlines of a PNG, each behind its filter byte (W3C PNG, third edition, 9.2): no filter, or Paeth's prediction,
// whichever promises the shorter file. Digits are flat and compress best as they are, clothes are shaded.
import type { Raster } from './image.ts';

export const NONE = 0;
const PAETH = 4;

/** Bytes that the choice looks at, about. */
const SAMPLE_BYTES = 4096;
/** Longer runs are a repetition to the compressor. */
const RUN = 3;
const RUN_SYMBOL = 256;

const noneCounts = new Uint32Array(257);
const paethCounts = new Uint32Array(257);

/** Counts the bytes that a compressor has to spell out, and the runs that it has not to. */
function count(counts: Uint32Array, bytes: Uint8Array, from: number, to: number): void {
  for (let i = from; i < to; ) {
    const byte = bytes[i]!;
    let end = i + 1;
    while (end < to && bytes[end] === byte) end++;
    if (end - i > RUN) {
      counts[byte]!++;
      counts[RUN_SYMBOL]!++;
    } else counts[byte]! += end - i;
    i = end;
  }
}

/** c · log₂ c in 256ths, log₂ by straight lines between the powers of two: integers, the same in every engine. */
function weight(c: number): number {
  if (c === 0) return 0;
  const exponent = 31 - Math.clz32(c);
  return c * ((exponent << 8) + ((c << 8) >>> exponent) - 256);
}

/** Entropy of all symbols together, in 256ths of a bit. */
export function entropy(counts: Uint32Array): number {
  let all = 0;
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    all += counts[i]!;
    sum += weight(counts[i]!);
  }
  return weight(all) - sum;
}

/** Writes line `y` as differences from Paeth's prediction, modulo 256, to `at`. */
function paethLine({ width, channels, pixels }: Raster, y: number, out: Uint8Array, at: number): void {
  const row = width * channels;
  const start = y * row;
  // Outside the image all is black: the first line is predicted by the left pixel, the first pixel by the one above.
  if (y === 0) {
    for (let i = 0; i < row; i++) out[at + i] = pixels[i]! - (i < channels ? 0 : pixels[i - channels]!);
    return;
  }
  for (let i = 0; i < channels; i++) out[at + i] = pixels[start + i]! - pixels[start + i - row]!;
  for (let i = start + channels, end = start + row, to = at + channels; i < end; i++, to++) {
    const left = pixels[i - channels]!;
    const above = pixels[i - row]!;
    const corner = pixels[i - row - channels]!;
    const toLeft = Math.abs(above - corner);
    const toAbove = Math.abs(left - corner);
    const toCorner = Math.abs(above + left - 2 * corner);
    // All ones where the left pixel is not the nearest, and where the corner is nearer than the one above: branches
    // would be taken at random.
    const notLeft = ((toAbove - toLeft) | (toCorner - toLeft)) >> 31;
    const isCorner = (toCorner - toAbove) >> 31;
    out[to] = pixels[i]! - (left ^ (notLeft & (left ^ above ^ (isCorner & (above ^ corner)))));
  }
}

function isLikeAbove(pixels: Uint8Array, row: number, y: number): boolean {
  if (y === 0) return false;
  for (let i = y * row; i < (y + 1) * row; i++) if (pixels[i] !== pixels[i - row]) return false;
  return true;
}

function chooseFilter(image: Raster, lines: Uint8Array): number {
  const { width, height, channels, pixels } = image;
  const row = width * channels;
  noneCounts.fill(0);
  paethCounts.fill(0);
  const step = Math.max(4, Math.ceil((row * height) / SAMPLE_BYTES));
  for (let y = 0; y < height; y += step) {
    // Lines that repeat the one above, as in an enlarged image, cost nothing either way.
    while (y < height && isLikeAbove(pixels, row, y)) y++;
    if (y >= height) break;
    count(noneCounts, pixels, y * row, (y + 1) * row);
    const at = y * (row + 1) + 1;
    paethLine(image, y, lines, at);
    count(paethCounts, lines, at, at + row);
  }
  return entropy(paethCounts) < entropy(noneCounts) ? PAETH : NONE;
}

/** All scanlines of the image into `lines`, of (row bytes + 1) · height bytes. Returns their filter. */
export function writeLines(image: Raster, lines: Uint8Array): number {
  const { width, height, channels, pixels } = image;
  const row = width * channels;
  const filter = chooseFilter(image, lines);
  for (let y = 0, at = 0; y < height; y++, at += row + 1) {
    lines[at] = filter;
    if (filter === PAETH) paethLine(image, y, lines, at + 1);
    else lines.set(pixels.subarray(y * row, (y + 1) * row), at + 1);
  }
  return filter;
}
