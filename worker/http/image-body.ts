// Pictures in request bodies: PNG, JPEG or WebP, or JSON with pixels in 0…1.

import type { Context } from 'hono';
import * as z from 'zod';
import { openPng } from '../../core/image/decode-png.ts';
import { photoSize } from '../../core/image/photo-size.ts';
import type { ReadPhoto } from '../../core/image/photos.ts';
import { requireSize } from '../../core/image/picture.ts';
import { type Target, toModelInput } from '../../core/image/resample.ts';
import type { Deps } from '../deps.ts';
import { BODY_LIMIT_BYTES, readable, readableSoon, withBody } from './body.ts';
import { bodyType, readJson, refuseType } from './json-body.ts';
import { numbers } from './numbers.ts';
import { Problem } from './problem.ts';
import type { Body } from './responses.ts';

const PNG_LIMITS = { maxPixels: 1024 * 1024, maxSide: 4096 };

const side = z.number().int().min(1).max(1024);
const pixelsSchema = z.strictObject({
  pixels: numbers({ low: 0, high: 1 }).meta({ description: 'row-major, channels last, 0…1' }),
  width: side,
  height: side,
  channels: z
    .literal([1, 3])
    .default(1)
    .meta({ enum: [1, 3] }),
});

async function readPixels(c: Context, target: Target): Promise<Float32Array> {
  const { pixels, width, height, channels } = await readJson(c, pixelsSchema);
  if (pixels.length !== width * height * channels)
    throw new Problem(400, 'the body does not fit', [
      {
        parameter: 'body.pixels',
        rule: `must have width × height × channels = ${width * height * channels} numbers`,
        value: pixels.length,
      },
    ]);
  const bytes = Uint8Array.from(pixels, (value) => Math.floor(255 * value + 0.5));
  return toModelInput({ width, height, channels, pixels: bytes }, target);
}

const PHOTOS = ['image/jpeg', 'image/jpg', 'image/webp'];
const PHOTO_LIMIT_BYTES = 2 * 1024 * 1024;
/** Unpacked it takes four bytes a pixel, twice, and while it is unpacked up to eight more. */
const PHOTO_LIMITS = { maxPixels: 1024 * 1024 };

/** @throws Problem 400 when the photograph is damaged or too large. */
async function readPhotograph(
  bytes: Uint8Array,
  readPhoto: ReadPhoto,
  target: Target,
): Promise<Float32Array> {
  const size = readable(() => photoSize(bytes));
  if (!size) return readable(() => toModelInput(openPng(bytes, PNG_LIMITS), target));
  const { format, width, height } = size;
  readable(() => requireSize(format, width, height, PHOTO_LIMITS));
  // The middle of it, undistorted; a PNG or an array is taken as it is.
  return readableSoon(() => readPhoto(bytes, format, (picture) => toModelInput(picture, target, 'cover')));
}

/** What routes say of it. */
export const IMAGE_BODY = {
  required: true,
  content: {
    'image/png': null,
    'image/jpeg': null,
    'image/webp': null,
    'application/json': ['Pixels', pixelsSchema],
  },
} satisfies Body;

/** The image of the body as a model takes it: [channels, height, width] in 0…1. @throws Problem naming what is wrong. */
export async function readModelInput(
  c: Context,
  { readPhoto }: Pick<Deps, 'readPhoto'>,
  target: Target,
): Promise<Float32Array> {
  const type = bodyType(c);
  if (type === 'application/json') return readPixels(c, target);
  if (readPhoto && PHOTOS.includes(type))
    return withBody(c, PHOTO_LIMIT_BYTES, (bytes) => readPhotograph(bytes, readPhoto, target));
  if (type !== 'image/png')
    return refuseType(c, 'the image as image/png, image/jpeg, image/webp or application/json');
  return withBody(c, BODY_LIMIT_BYTES, (bytes) =>
    readable(() => toModelInput(openPng(bytes, PNG_LIMITS), target)),
  );
}
