// Pixels in, pixels out: from decoder outputs to bytes, sheets and enlargements.
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
