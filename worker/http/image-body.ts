// Request bodies: JSON, and images as a PNG or as JSON with pixels in 0…1; never more bytes than the limit.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { decodePng } from '../../core/image/decode-png.ts';
import type { Image } from '../../core/image/png.ts';
import { toModelInput } from '../../core/image/resample.ts';
import { Problem } from './problem.ts';

export const BODY_LIMIT_BYTES = 256 * 1024;
const MAX_PIXELS = 1024 * 1024;

const side = z.number().int().min(1).max(1024);
export const pixelsSchema = z.strictObject({
  pixels: z.array(z.number().min(0).max(1)).openapi({ description: 'row-major, channels last, 0…1' }),
  width: side,
  height: side,
  channels: z.union([z.literal(1), z.literal(3)]).default(1),
});

const tooLarge = (bytes: number) =>
  new Problem(413, `the body has ${bytes} bytes; at most ${BODY_LIMIT_BYTES} are allowed`);

/** The body, never more than the limit of it. @throws Problem 413 */
export async function readBody(c: Context): Promise<Uint8Array> {
  const declared = Number(c.req.header('Content-Length') ?? 0);
  if (declared > BODY_LIMIT_BYTES) throw tooLarge(declared);
  const reader = c.req.raw.body?.getReader();
  const out = new Uint8Array(BODY_LIMIT_BYTES);
  let length = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return out.subarray(0, length);
    if (length + part.value.length > BODY_LIMIT_BYTES) {
      await reader?.cancel();
      throw tooLarge(length + part.value.length);
    }
    out.set(part.value, length);
    length += part.value.length;
  }
}

/** What stands at `path` in a body, where it is short enough to repeat. */
function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], body);
  return typeof value === 'object' || String(value).length > 80 ? undefined : value;
}

/** The body as the JSON value that `schema` describes. @throws Problem 400 naming what is wrong where. */
export async function readJson<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await readBody(c)));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(400, 'the body is not JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem(
    400,
    'the body does not fit',
    parsed.error.issues.slice(0, 8).map(({ path, message }) => ({
      parameter: ['body', ...path].join('.'),
      rule: message,
      value: valueAt(value, path),
    })),
  );
}

/** Media type of the body, without parameters. */
export const bodyType = (c: Context): string =>
  (c.req.header('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase();

async function readImage(c: Context): Promise<Image> {
  const type = bodyType(c);
  if (type === 'image/png') {
    const bytes = await readBody(c);
    try {
      return decodePng(bytes, { maxPixels: MAX_PIXELS });
    } catch (error) {
      throw new Problem(400, error instanceof Error ? error.message : 'the PNG cannot be read');
    }
  }
  if (type !== 'application/json')
    throw new Problem(415, `send the image as image/png or application/json, not '${type.slice(0, 80)}'`);
  const { pixels, width, height, channels } = await readJson(c, pixelsSchema);
  if (pixels.length !== width * height * channels)
    throw new Problem(400, 'the body does not fit', [
      {
        parameter: 'body.pixels',
        rule: `must have width × height × channels = ${width * height * channels} numbers`,
        value: pixels.length,
      },
    ]);
  return {
    width,
    height,
    channels,
    pixels: Uint8Array.from(pixels, (value) => Math.floor(255 * value + 0.5)),
  };
}

/** The image of the body as a model takes it: [channels, height, width] in 0…1. */
export const readModelInput = async (
  c: Context,
  target: { width: number; height: number; channels: 1 | 3 },
): Promise<Float32Array> => toModelInput(await readImage(c), target);
