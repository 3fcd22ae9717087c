// Reads any PNG into 8-bit grey or RGB (W3C PNG, third edition), row by row; only an interlaced one is held whole.

import type { Image } from './image.ts';
import { imageOf, type Picture, type PictureLimits, requireSize } from './picture.ts';
import { readPngFile } from './png/chunks.ts';
import { readLines } from './png/lines.ts';
import { converterOf } from './png/samples.ts';

/**
 * A PNG of any colour type and bit depth; transparency is put on white. Ancillary chunks are skipped.
 * @throws Error naming the rule and the value: not a PNG, truncated, damaged, or larger than the limits.
 */
export function openPng(bytes: Uint8Array, limits: PictureLimits): Picture {
  const file = readPngFile(bytes);
  const { width, height, interlaced } = file;
  requireSize('png', width, height, limits);
  const { channels, convert } = converterOf(file);
  return {
    width,
    height,
    channels,
    rows(give) {
      const row = new Uint8Array(width * channels);
      if (!interlaced)
        return readLines(file, (line, pixels) => {
          convert(line, pixels, row);
          give(row);
        });
      const whole = new Uint8Array(row.length * height);
      readLines(file, (line, pixels, { x, dx }, y) => {
        convert(line, pixels, row);
        for (let i = 0, to = y * row.length + x * channels; i < pixels; i++, to += dx * channels)
          for (let c = 0; c < channels; c++) whole[to + c] = row[i * channels + c]!;
      });
      for (let y = 0; y < height; y++) give(whole.subarray(y * row.length, (y + 1) * row.length));
    },
  };
}

/** A whole PNG at once. @throws Error as `openPng`. */
export const decodePng = (bytes: Uint8Array, limits: PictureLimits): Image => imageOf(openPng(bytes, limits));
