// Query parameters: the schemas that validate are the ones that the reference is generated from.
import { z } from '@hono/zod-openapi';
import { DEFAULT_QUALITY, MAX_QUALITY } from '../../core/compression/quantise.ts';
import { COLORMAPS } from '../../core/image/colormaps.ts';

export const MAX_IMAGES = 64;
const MAX_SEED_BYTES = 128;
const utf8 = new TextEncoder();

const inRange = (low: number, high: number, whole: boolean) => (text: string) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high && (!whole || Number.isInteger(value));
};

const number = (low: number, high: number, whole: boolean, example: number, description: string) =>
  z
    .string()
    .refine(inRange(low, high, whole), `must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}`)
    .transform(Number)
    .optional()
    .openapi({ type: whole ? 'integer' : 'number', minimum: low, maximum: high, example, description });

const seed = (description: string, example: string) =>
  z
    .string()
    .refine(
      (s) => utf8.encode(s).length <= MAX_SEED_BYTES,
      `must be at most ${MAX_SEED_BYTES} bytes of UTF-8`,
    )
    .optional()
    .openapi({ type: 'string', example, description });

export const model = z
  .string()
  .max(80)
  .optional()
  .openapi({ example: 'mnist-vae', description: 'id, or id@version; the default model if absent' });

export const engine = z.enum(['simd', 'ort']).optional().openapi({
  example: 'simd',
  description: "dreamlet's own engine (simd, default) or onnxruntime-web (ort), to compare them",
});

export const label = z.string().max(80).optional().openapi({
  example: '3',
  description:
    'of a model that takes one: class name, or index (default: drawn from the seed; of an image, the likeliest)',
});

/** How pictures look, whatever they show. */
export const appearance = {
  scale: number(1, 16, true, 4, 'whole-pixel enlargement (default 1)'),
  colormap: z
    .enum(COLORMAPS)
    .optional()
    .openapi({ example: 'gray', description: 'colours of a one-channel model (default gray)' }),
};

const format = <const F extends string>(options: readonly [F, ...F[]]) =>
  z
    .enum(options)
    .optional()
    .openapi({ example: options[0], description: 'default: from Accept, then the first' });

export const temperature = number(0, 2, false, 1, "scales the prior's standard deviation (default 1)");
export const columns = number(1, MAX_IMAGES, true, 4, 'images in a row (default: nearest to square)');

export const generateQuery = {
  seed: seed('the same seed gives the same picture, for ever; absent: a redirect to a random one', 'anna'),
  n: number(1, MAX_IMAGES, true, 1, 'images in one sheet (default 1)'),
  columns,
  label,
  temperature,
  ...appearance,
  engine,
};
export const generateFormat = format(['png', 'json', 'npy']);

export const interpolateQuery = {
  from: seed('seed of the first frame; absent: a redirect to random ones', 'anna'),
  to: seed('seed of the last frame', 'otto'),
  steps: number(2, MAX_IMAGES, true, 8, 'frames from one to the other, both included (default 8)'),
  path: z
    .enum(['slerp', 'lerp'])
    .optional()
    .openapi({ example: 'slerp', description: 'arc or straight line (default slerp)' }),
  loop: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .openapi({
      type: 'boolean',
      example: false,
      description: 'appends the way back, so that an animation closes (default false)',
    }),
  fps: number(1, 60, true, 12, 'frames per second of an animation (default 12)'),
  label,
  temperature,
  ...appearance,
  engine,
};
export const interpolateFormat = format(['png', 'apng', 'json']);

export const manifoldQuery = {
  size: number(2, 32, true, 16, 'points along each side (default 16)'),
  origin: seed('of a model with more than two latents: the seed at the top left', 'anna'),
  right: seed('the seed at the top right', 'otto'),
  down: seed('the seed at the bottom left', 'eva'),
  label,
  ...appearance,
  engine,
};

const MAX_STRENGTH = 5;
const isStrength = (text: string) => inRange(0, MAX_STRENGTH, false)(text.replace(/^-/, ''));

export const editQuery = {
  direction: z.string().max(200).optional().openapi({
    example: 'thickness',
    description: 'needed: name of a direction on the card of the model, or several with commas between them',
  }),
  strength: z
    .string()
    .refine(
      (text) => text.split(',').every(isStrength),
      `must be a number from -${MAX_STRENGTH} to ${MAX_STRENGTH}, or several with commas between them`,
    )
    .transform((text) => text.split(',').map(Number))
    .optional()
    .openapi({
      type: 'string',
      pattern: '^-?\\d+(\\.\\d+)?(,-?\\d+(\\.\\d+)?)*$',
      example: '1',
      description: `how far, from -${MAX_STRENGTH} to ${MAX_STRENGTH}, of all directions or of each: in standard deviations of what changes, where the card says nothing else (default 1)`,
    }),
  seed: seed('start from the picture of this seed; absent: from the image in the body', 'anna'),
  temperature,
  label,
  ...appearance,
  engine,
};

export const quality = number(
  1,
  MAX_QUALITY,
  true,
  DEFAULT_QUALITY,
  `from the shortest code, 1, to the best picture, ${MAX_QUALITY} (default ${DEFAULT_QUALITY})`,
);
export const codeFormat = format(['bin', 'json']);

export const imageFormat = format(['png', 'json']);
export const decodeFormat = format(['png', 'json', 'npy']);

export const rate = number(
  0,
  0.5,
  false,
  0.01,
  'share of usual images that may be called unusual (default 0.01)',
);
