// Query parameters: the schemas that validate and fill in are the ones that the reference is generated from. One without
// a default says after `absent:` what becomes of it, or `needed:`.
import * as z from 'zod';
import { DEFAULT_RATE } from '../../core/anomaly/judge.ts';
import { DEFAULT_QUALITY, MAX_QUALITY } from '../../core/compression/quantise.ts';
import { COLORMAPS } from '../../core/image/colormaps.ts';
import { PATHS } from '../../core/latents/interpolate.ts';
import { MASKS } from '../../models/masks.ts';

export const MAX_IMAGES = 64;
/** As many as 64 units of UTF-16 can have, which the page takes. */
const MAX_SEED_BYTES = 192;
const utf8 = new TextEncoder();

const inRange = (low: number, high: number, whole: boolean) => (text: string) => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= low && value <= high && (!whole || Number.isInteger(value));
};

type Bounds = { low: number; high: number; whole?: boolean };
type Said = { example: number; description: string };

const bounded = ({ low, high, whole = true }: Bounds) =>
  z
    .string()
    .refine(inRange(low, high, whole), `must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}`)
    .transform(Number);

const documented = ({ low, high, whole = true }: Bounds) =>
  ({ type: whole ? 'integer' : 'number', minimum: low, maximum: high }) as const;

/** A number as text, `fallback` where there is none. */
export const number = (fallback: number, bounds: Bounds, said: Said) =>
  bounded(bounds)
    .default(fallback)
    .meta({ ...documented(bounds), ...said, default: fallback });

const seed = (description: string, example: string) =>
  z
    .string()
    .refine(
      (s) => utf8.encode(s).length <= MAX_SEED_BYTES,
      `must be at most ${MAX_SEED_BYTES} bytes of UTF-8`,
    )
    .optional()
    .meta({ type: 'string', example, description });

const format = <const F extends string>(options: readonly [F, ...F[]]) =>
  z
    .enum(options)
    .optional()
    .meta({ example: options[0], description: 'of the answer; absent: from Accept, then the first' });

export const model = z
  .string()
  .max(80)
  .optional()
  .meta({ example: 'mnist-vae', description: 'id, or id@version; absent: the default model of /healthz' });

export const engine = z.enum(['simd', 'ort']).optional().meta({
  example: 'simd',
  description:
    "dreamlet's own engine (simd) or onnxruntime-web (ort), to compare them; absent: simd, and its name is not in the answer",
});

export const label = z.string().max(80).optional().meta({
  example: '3',
  description:
    'of a model that takes one: class name, or index; absent: drawn from the seed, the likeliest of an image, and needed for latents that come without weights',
});

/** How pictures look, whatever they show. */
export const appearance = {
  scale: number(1, { low: 1, high: 16 }, { example: 4, description: 'whole-pixel enlargement' }),
  colormap: z
    .enum(COLORMAPS)
    .default('gray')
    .meta({ example: 'gray', description: 'colours of a one-channel model' }),
};

export const temperature = number(
  1,
  { low: 0, high: 2, whole: false },
  {
    example: 1,
    description:
      'scales the deviation of a Gaussian prior and the reach of a uniform one, divides the logits of a learned one; fair codes have none',
  },
);

const COLUMNS = { low: 1, high: MAX_IMAGES };
export const columns = bounded(COLUMNS)
  .optional()
  .meta({
    ...documented(COLUMNS),
    example: 4,
    description: 'images in a row; absent: nearest to square',
  });

/** Of a picture that is fetched by its address; it changes no byte of it. */
export const errors = z.enum(['picture', 'document']).default('picture').meta({
  example: 'picture',
  description:
    'what is answered where a picture fails: one with the words in it, or a problem document, for which an `<img>` has its `error` event',
});

const images = number(1, { low: 1, high: MAX_IMAGES }, { example: 1, description: 'images in one sheet' });

export const generateQuery = {
  seed: seed('the same seed gives the same picture, for ever; absent: a redirect to a random one', 'anna'),
  n: images,
  columns,
  label,
  temperature,
  ...appearance,
  engine,
  errors,
};
export const generateFormat = z.enum(['png', 'json', 'npy', 'webp', 'svg']).optional().meta({
  example: 'png',
  description: 'of the answer; absent: png, json or npy, from Accept, then the first',
});

export const interpolateQuery = {
  from: seed('seed of the first frame; absent: a redirect to random ones', 'anna'),
  to: seed('seed of the last frame; absent: a redirect to random ones', 'otto'),
  steps: number(
    8,
    { low: 2, high: MAX_IMAGES },
    { example: 8, description: 'frames from one to the other, both included' },
  ),
  path: z.enum(PATHS).optional().meta({
    example: 'slerp',
    description:
      'arc (slerp), straight line (lerp; between codes a blend), or one variable of a code after another (codes); absent: slerp of Gaussian latents, lerp of uniform ones, codes of discrete ones',
  }),
  loop: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .meta({
      type: 'boolean',
      enum: undefined,
      example: false,
      default: false,
      description: 'appends the way back, so that an animation closes',
    }),
  fps: number(12, { low: 1, high: 60 }, { example: 12, description: 'frames per second of an animation' }),
  label,
  temperature,
  ...appearance,
  engine,
  errors,
};
export const interpolateFormat = format(['png', 'apng', 'json']);

export const manifoldQuery = {
  size: number(16, { low: 2, high: 32 }, { example: 16, description: 'points along each side' }),
  origin: seed(
    'the seed at the top left; absent, as the other two: the whole plane, where latents are one',
    'anna',
  ),
  right: seed('the seed at the top right; absent: as for origin', 'otto'),
  down: seed('the seed at the bottom left; absent: as for origin', 'eva'),
  label,
  ...appearance,
  engine,
  errors,
};

const MAX_STRENGTH = 5;
const isStrength = (text: string) => inRange(0, MAX_STRENGTH, false)(text.replace(/^-/, ''));

export const editQuery = {
  direction: z.string().max(200).optional().meta({
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
    .default([1])
    .meta({
      type: 'string',
      pattern: '^-?\\d+(\\.\\d+)?(,-?\\d+(\\.\\d+)?)*$',
      example: '1',
      default: '1',
      description: `how far, from -${MAX_STRENGTH} to ${MAX_STRENGTH}, of all directions or of each: in standard deviations of what changes, where the card says nothing else`,
    }),
  seed: seed('start from the picture of this seed; absent: from the image in the body', 'anna'),
  temperature,
  label,
  ...appearance,
  engine,
};

export const completeQuery = {
  mask: z.enum(MASKS).default('upper').meta({
    example: 'upper',
    description: 'the half of the image that is known, of those on the card of the model',
  }),
  seed: seed('the same seed gives the same completions, for ever; absent: a random one', 'anna'),
  n: number(1, { low: 1, high: MAX_IMAGES }, { example: 16, description: 'completions in one sheet' }),
  columns,
  ...appearance,
  engine,
};

export const quality = number(
  DEFAULT_QUALITY,
  { low: 1, high: MAX_QUALITY },
  {
    example: DEFAULT_QUALITY,
    description: `from the shortest code, 1, to the best picture, ${MAX_QUALITY}`,
  },
);
export const codeFormat = format(['bin', 'json']);

export const imageFormat = format(['png', 'json']);
export const arrayFormat = format(['png', 'json', 'npy']);

export const rate = number(
  DEFAULT_RATE,
  { low: 0, high: 0.5, whole: false },
  { example: 0.01, description: 'share of usual images that may be called unusual' },
);
