// Pictures in any size: smooth, by the cubic kernel of Keys (1981), a = −½, widened where a picture is reduced so that
// every pixel counts; or as squares of pixels.
import { discard } from '../discard.ts';
import type { Image } from './image.ts';

export const SCALINGS = ['smooth', 'pixel'] as const;
export type Scaling = (typeof SCALINGS)[number];

/** Eq. 15 of Keys for a = −½. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/** Of every target cell: the source cells that it is made of, and their weights, which sum to one. */
type Taps = { first: number[]; weights: Float64Array[] };

function tapsOf(from: number, to: number): Taps {
  const step = from / to;
  const wide = Math.max(1, step);
  const first: number[] = [];
  const weights: Float64Array[] = [];
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * step - 0.5;
    const start = Math.ceil(centre - 2 * wide);
    const count = Math.floor(centre + 2 * wide) - start + 1;
    const own = Float64Array.from({ length: count }, (_, k) => cubic((start + k - centre) / wide));
    const sum = own.reduce((all, weight) => all + weight, 0);
    first.push(start);
    weights.push(own.map((weight) => weight / sum));
  }
  return { first, weights };
}

const within = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

function smooth(
  { width: from, height: rows, channels, pixels }: Image,
  width: number,
  height: number,
): Image {
  const across = tapsOf(from, width);
  const down = tapsOf(rows, height);
  const stride = width * channels;
  // Rows of the source in the width of the target.
  const wide = new Float32Array(rows * stride);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < width; x++) {
      const weights = across.weights[x]!;
      const first = across.first[x]!;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += weights[k]! * pixels[(y * from + within(first + k, from)) * channels + c]!;
        wide[y * stride + x * channels + c] = sum;
      }
    }
  // Clamped bytes are rounded.
  const out = new Uint8ClampedArray(height * stride);
  const line = new Float64Array(stride);
  for (let y = 0; y < height; y++) {
    const weights = down.weights[y]!;
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k]!;
      const at = within(down.first[y]! + k, rows) * stride;
      for (let i = 0; i < stride; i++) line[i]! += weight * wide[at + i]!;
    }
    out.set(line, y * stride);
  }
  discard(wide);
  return { width, height, channels, pixels: new Uint8Array(out.buffer) };
}

function nearest(
  { width: from, height: rows, channels, pixels }: Image,
  width: number,
  height: number,
): Image {
  const out = new Uint8Array(width * height * channels);
  const columns = Array.from({ length: width }, (_, x) => Math.floor(((x + 0.5) * from) / width));
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * rows) / height) * from;
    for (const x of columns) for (let c = 0; c < channels; c++) out[to++] = pixels[(row + x) * channels + c]!;
  }
  return { width, height, channels, pixels: out };
}

/** A picture stretched to a size. */
export const resize = (image: Image, width: number, height: number, scaling: Scaling): Image =>
  image.width === width && image.height === height
    ? image
    : (scaling === 'smooth' ? smooth : nearest)(image, width, height);
