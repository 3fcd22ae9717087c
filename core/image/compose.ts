// Pixels in, pixels out: from decoder outputs to bytes, sheets, enlargements, and from uploads to model inputs.
import type { Image } from './image.ts';

/**
 * Means in 0…1 [channels, height, width] → bytes, channels last: ⌊255 x + ½⌋. Clamped bytes round ties to even, but
 * x = ½ is the only float32 whose 255-fold is one, and it gives 128 either way.
 */
export function toImage(mean: Float32Array, width: number, height: number, channels: 1 | 3): Image {
  const area = width * height;
  const bytes = new Uint8ClampedArray(area * channels);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < area; i++) bytes[i * channels + c] = 255 * mean[c * area + i]!;
  return { width, height, channels, pixels: new Uint8Array(bytes.buffer) };
}

/** Columns of a sheet that is as square as `count` allows, wider rather than taller. */
export const squareColumns = (count: number): number => Math.ceil(Math.sqrt(count));

/** Images of one size side by side, row by row, without gaps; empty places are black. */
export function sheet(images: readonly Image[], columns: number): Image {
  if (images.length === 1 && columns === 1) return images[0]!;
  const { width, height, channels } = images[0]!;
  const rows = Math.ceil(images.length / columns);
  const pixels = new Uint8Array(width * columns * height * rows * channels);
  images.forEach((image, i) => {
    const left = (i % columns) * width;
    const top = Math.floor(i / columns) * height;
    for (let y = 0; y < height; y++)
      pixels.set(
        image.pixels.subarray(y * width * channels, (y + 1) * width * channels),
        ((top + y) * width * columns + left) * channels,
      );
  });
  return { width: width * columns, height: height * rows, channels, pixels };
}

/** Every pixel becomes a square of `scale` pixels. */
export function enlarge(image: Image, scale: number): Image {
  if (scale === 1) return image;
  const { width, height, channels, pixels } = image;
  const out = new Uint8Array(width * height * channels * scale * scale);
  const row = width * scale * channels;
  for (let y = 0; y < height; y++) {
    const line = out.subarray(y * scale * row, (y * scale + 1) * row);
    for (let x = 0, to = 0; x < width; x++)
      for (let copy = 0; copy < scale; copy++)
        for (let c = 0; c < channels; c++) line[to++] = pixels[(y * width + x) * channels + c]!;
    for (let copy = 1; copy < scale; copy++)
      out.copyWithin((y * scale + copy) * row, y * scale * row, (y * scale + 1) * row);
  }
  return { width: width * scale, height: height * scale, channels, pixels: out };
}

/** Shares of the target cell `i` of `to` that fall into each source cell of `from`: area averaging. */
function shares(i: number, from: number, to: number): { at: number; weight: number }[] {
  const start = (i * from) / to;
  const end = ((i + 1) * from) / to;
  const list = [];
  for (let at = Math.floor(start); at < Math.min(from, Math.ceil(end)); at++)
    list.push({ at, weight: (Math.min(end, at + 1) - Math.max(start, at)) / (end - start) });
  return list;
}

/**
 * An image as a model takes it: resized by area averaging, colours joined (ITU-R BT.601 luma) or repeated,
 * 0…1, [channels, height, width].
 */
export function toModelInput(
  image: Image,
  target: { width: number; height: number; channels: 1 | 3 },
): Float32Array {
  const { width, height, channels, pixels } = image;
  const area = target.width * target.height;
  const out = new Float32Array(area * target.channels);
  const value = (at: number, c: number): number =>
    channels === target.channels || channels === 1
      ? pixels[at * channels + (channels === 1 ? 0 : c)]!
      : (299 * pixels[at * 3]! + 587 * pixels[at * 3 + 1]! + 114 * pixels[at * 3 + 2]!) / 1000;
  for (let y = 0; y < target.height; y++) {
    const rows = shares(y, height, target.height);
    for (let x = 0; x < target.width; x++) {
      const columns = shares(x, width, target.width);
      for (let c = 0; c < target.channels; c++) {
        let sum = 0;
        for (const row of rows)
          for (const column of columns)
            sum += row.weight * column.weight * value(row.at * width + column.at, c);
        out[c * area + y * target.width + x] = sum / 255;
      }
    }
  }
  return out;
}
