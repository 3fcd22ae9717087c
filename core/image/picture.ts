// A picture that is read row by row: a decoder never needs to hold more of it than a few rows.
import { Unreadable } from '../unreadable.ts';
import type { Image } from './image.ts';

export type Picture = {
  width: number;
  height: number;
  channels: 1 | 3;
  /**
   * Hands over every row once, from the top: 8-bit, channels last, [width · channels]. The array is used again.
   * @throws Error naming format and rule, when the file is damaged.
   */
  rows(give: (row: Uint8Array) => void): void;
};

export type PictureLimits = {
  /** Width times height. */
  maxPixels: number;
  /** Width, and height. */
  maxSide?: number;
};

/** @throws Error when the picture is empty, or larger than the limits. */
export function requireSize(format: string, width: number, height: number, limits: PictureLimits): void {
  const { maxPixels, maxSide = Number.POSITIVE_INFINITY } = limits;
  const size = `${format}: ${width}×${height}`;
  if (width < 1 || height < 1) throw new Unreadable(`${size} is empty`);
  if (Math.max(width, height) > maxSide)
    throw new Unreadable(`${size} is more than ${maxSide} pixels wide or high`);
  if (width * height > maxPixels) throw new Unreadable(`${size} is more than ${maxPixels} pixels`);
}

/** All rows of a picture. */
export function imageOf({ width, height, channels, rows }: Picture): Image {
  const pixels = new Uint8Array(width * height * channels);
  let at = 0;
  rows((row) => {
    pixels.set(row, at);
    at += row.length;
  });
  return { width, height, channels, pixels };
}

export function pictureOf({ width, height, channels, pixels }: Image): Picture {
  const stride = width * channels;
  return {
    width,
    height,
    channels,
    rows(give) {
      for (let y = 0; y < height; y++) give(pixels.subarray(y * stride, (y + 1) * stride));
    },
  };
}
