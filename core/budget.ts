// What fits into one request, from the card of a model: the worker refuses what does not, and pages ask for no more.
import type { Able } from '../models/able.ts';
import type { ModelCard } from '../models/card.ts';
import { isDiscrete } from '../models/latent.ts';
import { codeShape } from './latents/codes.ts';

/**
 * What a millisecond of one core does at least: floating-point operations of the engine in the graphs that take long,
 * and the same in bytes of a picture that are enlarged and compressed. `npm run bench -- costs` measures both.
 */
const OPERATIONS_PER_MILLISECOND = 12e6;
const OPERATIONS_PER_BYTE = 240;
/** What a byte of a picture costs that is not enlarged by whole pixels: 35 to 50 ns where `npm run bench -- costs` runs. */
const OPERATIONS_PER_SMOOTH_BYTE = 720;
/** Of the time of a request; the rest is for the picture, which has what the engine leaves as well. */
const SHARE_OF_ENGINE = 0.8;
/** Bytes of one picture before compression; its encoding takes about three times as much memory. */
const MAX_PICTURE_BYTES = 8 * 1024 * 1024;

/** Floating-point operations of one request where nobody says how many: about 420 ms. */
export const DEFAULT_MAX_OPERATIONS = 4e9;

/** The bound on the engine's work in one request that may take so many milliseconds: 4e9 in about 420. */
export const operationsIn = (milliseconds: number): number =>
  milliseconds * SHARE_OF_ENGINE * OPERATIONS_PER_MILLISECOND;

/** The largest whole number from 1 to `value` whose cost is at most `most`; 0 where there is none. */
export function largest(value: number, cost: (value: number) => number, most: number): number {
  let fits = value;
  while (fits > 0 && cost(fits) > most) fits -= 1;
  return fits;
}

/** Floating-point operations that drawing one latent of a model takes. */
export const drawOperations = ({ latent, graphs: { prior } }: Able<'generate'>): number =>
  prior && isDiscrete(latent) ? codeShape(latent).variables * prior.flopsPerImage : 0;

/** Those of one picture of a seed. */
export const sampleOperations = (card: Able<'generate'>): number =>
  drawOperations(card) + card.graphs.decoder.flopsPerImage;

/** Work on a picture besides the engine's. */
export type PictureWork = {
  /** Bytes of a pixel on its way. */
  pixelBytes: number;
  /** Operations for each of them. */
  perByte: number;
};

/** Of a PNG that is enlarged by whole pixels: they go as they are. */
export const enlargedWork = ({ image }: ModelCard): PictureWork => ({
  pixelBytes: image.channels,
  perByte: OPERATIONS_PER_BYTE,
});

/** Of a picture in a size or a frame of its own; `isBare`: a grey PNG. */
export const smoothWork = (isBare: boolean): PictureWork => ({
  pixelBytes: isBare ? 2 : 4,
  perByte: OPERATIONS_PER_SMOOTH_BYTE,
});

/** Bytes that are left for a picture of `least` bytes, after the operations of making it. */
function bytesLeft(least: number, operations: number, maxOperations: number, perByte: number): number {
  const left = (maxOperations / SHARE_OF_ENGINE - operations) / perByte;
  // A picture that is not enlarged adds little to the work of making it.
  return Math.min(MAX_PICTURE_BYTES, Math.max(left, least));
}

/**
 * The largest enlargement up to `scale` that fits; 0 where none does. `places`: images in the picture, empty places of a
 * sheet included; `operations`: the work of making them.
 */
export function largestScale(
  card: ModelCard,
  places: number,
  scale: number,
  operations: number,
  maxOperations = DEFAULT_MAX_OPERATIONS,
  { pixelBytes, perByte } = enlargedWork(card),
): number {
  const bytes = places * card.image.width * card.image.height * pixelBytes;
  return largest(scale, (s) => bytes * s * s, bytesLeft(bytes, operations, maxOperations, perByte));
}

/** Pixels that a picture in a size of its own may have. */
export const mostPixels = (
  operations: number,
  { pixelBytes, perByte }: PictureWork,
  maxOperations = DEFAULT_MAX_OPERATIONS,
): number => Math.floor(bytesLeft(0, operations, maxOperations, perByte) / pixelBytes);
