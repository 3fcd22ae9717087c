// A picture in a frame: the largest that fits, in its middle, with rounded corners, on a ground or on none.
import type { Image, Raster } from './image.ts';

/** Red, green, blue, 0…255; undefined: transparent. */
export type Ground = readonly [number, number, number] | undefined;
export type Box = { width: number; height: number };

/** Where a picture of some proportions stands in a box: as large as it can be. */
export function placeIn(box: Box, { width, height }: Box): Box & { left: number; top: number } {
  const scale = Math.min(box.width / width, box.height / height);
  const wide = Math.min(box.width, Math.max(1, Math.round(width * scale)));
  const high = Math.min(box.height, Math.max(1, Math.round(height * scale)));
  return { width: wide, height: high, left: (box.width - wide) >> 1, top: (box.height - high) >> 1 };
}

/** How much of pixel (x, y) a rectangle with corners of such a radius covers, 0…1. */
function coverage(x: number, y: number, { width, height }: Box, radius: number): number {
  const dx = Math.max(radius - x - 0.5, x + 0.5 - (width - radius), 0);
  const dy = Math.max(radius - y - 0.5, y + 0.5 - (height - radius), 0);
  if (dx === 0 || dy === 0) return 1;
  return Math.min(1, Math.max(0, radius + 0.5 - Math.sqrt(dx * dx + dy * dy)));
}

/** Pixels of a rounded corner: `percent` of the shorter side, of which 50 make a circle of a square. */
export const radiusOf = ({ width, height }: Box, percent: number): number =>
  (Math.min(width, height) * percent) / 100;

/**
 * `image` in the middle of `box`, its corners rounded by `percent` of its shorter side. It has an alpha channel where
 * the ground is transparent.
 */
export function framed(image: Image, box: Box, percent: number, ground: Ground): Raster {
  if (percent === 0 && image.width === box.width && image.height === box.height) return image;
  const grey = image.channels === 1 && (!ground || (ground[0] === ground[1] && ground[1] === ground[2]));
  const colours = grey ? 1 : 3;
  const channels = (ground ? colours : colours + 1) as Raster['channels'];
  const pixels = new Uint8Array(box.width * box.height * channels);
  if (ground) for (let i = 0; i < pixels.length; i++) pixels[i] = ground[i % colours]!;
  const { left, top } = placeIn(box, image);
  const radius = radiusOf(image, percent);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const share = coverage(x, y, image, radius);
      const from = (y * image.width + x) * image.channels;
      const to = ((top + y) * box.width + left + x) * channels;
      for (let c = 0; c < colours; c++) {
        const value = image.pixels[from + (image.channels === 1 ? 0 : c)]!;
        // Under a transparent ground colours stay as they are, and alpha says how much of them there is.
        pixels[to + c] = ground ? Math.floor(value * share + ground[c]! * (1 - share) + 0.5) : value;
      }
      if (!ground) pixels[to + colours] = Math.floor(255 * share + 0.5);
    }
  return { ...box, channels, pixels };
}

/** A one-channel image in the colours of a palette of 256 RGB triples. */
export function coloured(image: Image, palette: Uint8Array): Image {
  const pixels = new Uint8Array(3 * image.pixels.length);
  image.pixels.forEach((index, i) => {
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = palette[3 * index + c]!;
  });
  return { ...image, channels: 3, pixels };
}
