// Pictures in request bodies: PNG, JPEG or WebP, or JSON with pixels in 0…1.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { openPng } from '../../core/image/decode-png.ts';
import { type Target, toModelInput } from '../../core/image/resample.ts';
import { BODY_LIMIT_BYTES, readable, withBody } from './body.ts';
import { bodyType, readJson, refuseType } from './json-body.ts';
import { numbers } from './numbers.ts';
import { Problem } from './problem.ts';

const MAX_SIDE = 4096;
const MAX_PIXELS = 1024 * 1024;

const side = z.number().int().min(1).max(1024);
export const pixelsSchema = z.strictObject({
  pixels: numbers({ low: 0, high: 1 }).openapi({ description: 'row-major, channels last, 0…1' }),
  width: side,
  height: side,
  channels: z.union([z.literal(1), z.literal(3)]).default(1),
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

/** The image of the body as a model takes it: [channels, height, width] in 0…1. @throws Problem naming what is wrong. */
export async function readModelInput(c: Context, target: Target): Promise<Float32Array> {
  const type = bodyType(c);
  if (type === 'application/json') return readPixels(c, target);
  if (type !== 'image/png') return refuseType(c, 'the image as image/png or application/json');
  return withBody(c, BODY_LIMIT_BYTES, (bytes) => {
    const limits = { maxPixels: MAX_PIXELS, maxSide: MAX_SIDE };
    return readable(() => toModelInput(openPng(bytes, limits), target));
  });
}
