// How a picture that is fetched by its address looks: size, corners, ground, and the file that it is.
import * as z from 'zod';
import { smoothWork } from '../../core/budget.ts';
import type { Colormap } from '../../core/image/colormaps.ts';
import type { Ground } from '../../core/image/frame.ts';
import { SCALINGS, type Scaling } from '../../core/image/resize.ts';
import type { ModelCard } from '../../models/card.ts';
import type { Parameters } from './answers.ts';
import { requireWithinPicture, requireWithinSize } from './limits.ts';
import { appearance, number } from './parameters.ts';

const MIN_SIDE = 8;
const MAX_SIDE = 2048;
const SIZE = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/;
const SIZE_RULE = `must be WIDTHxHEIGHT, each from ${MIN_SIDE} to ${MAX_SIDE}`;

type Size = { width: number; height: number };

function sizeOf(text: string): Size {
  const [, width, height] = SIZE.exec(text)!;
  return { width: Number(width), height: Number(height) };
}

const isSize = (text: string): boolean =>
  SIZE.test(text) && Object.values(sizeOf(text)).every((side) => side >= MIN_SIDE && side <= MAX_SIDE);

/** Formats of pictures that have an address of their own. */
export const PICTURE_FORMATS = ['png', 'webp', 'svg'] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

export const size = z
  .string()
  .refine(isSize, SIZE_RULE)
  .transform(sizeOf)
  .optional()
  .meta({
    type: 'string',
    pattern: SIZE.source,
    example: '256x256',
    description: `in pixels, each side from ${MIN_SIDE} to ${MAX_SIDE}, in place of scale: the largest picture that fits, in the middle; absent: as scale says`,
  });

/** What addresses of pictures take besides. */
export const lookQuery = {
  ...appearance,
  size,
  scaling: z
    .enum(SCALINGS)
    .default('smooth')
    .meta({ example: 'smooth', description: 'of a picture that has a size: smooth, or squares of pixels' }),
  radius: number(
    0,
    { low: 0, high: 50, whole: false },
    {
      example: 12,
      description: 'of rounded corners, percent of the shorter side; 50 makes a circle of a square',
    },
  ),
  background: z
    .string()
    .regex(/^(transparent|[0-9a-fA-F]{6})$/, 'must be transparent, or six hexadecimal digits')
    .default('transparent')
    .meta({
      example: 'transparent',
      description: 'colour behind corners and at the sides, as RRGGBB or transparent',
    }),
  download: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .default(false)
    .meta({
      type: 'boolean',
      example: false,
      default: false,
      description: 'whether a browser saves the file in place of showing it',
    }),
};

export type Look = {
  scale: number;
  colormap: Colormap;
  size?: Size | undefined;
  scaling?: Scaling;
  radius?: number;
  background?: string;
};

export const groundOf = (background = 'transparent'): Ground =>
  background === 'transparent'
    ? undefined
    : ([0, 2, 4].map((at) => Number.parseInt(background.slice(at, at + 2), 16)) as [number, number, number]);

/** The parameters of a look: those of a size and a frame where there is one, so that older pictures keep their bytes. */
export function lookParameters({
  scale,
  colormap,
  size: box,
  scaling,
  radius,
  background,
}: Look): Parameters {
  return {
    ...(box ? { size: `${box.width}x${box.height}`, scaling: scaling ?? 'smooth' } : { scale }),
    colormap,
    ...(radius ? { radius } : {}),
    ...(background && background !== 'transparent' ? { background: background.toLowerCase() } : {}),
  };
}

/** A path parameter `{width}x{height}.{format}`. */
export const sizedFile = z
  .string()
  .refine(
    (file) => /\.(png|webp|svg)$/.test(file) && isSize(file.replace(/\.\w+$/, '')),
    `${SIZE_RULE}, and .png, .webp or .svg`,
  )
  .transform((file) => {
    const dot = file.lastIndexOf('.');
    return { size: sizeOf(file.slice(0, dot)), format: file.slice(dot + 1) as PictureFormat };
  })
  .meta({
    type: 'string',
    example: '256x256.webp',
    description: 'size in pixels, and the format of the answer',
  });

/**
 * `places` and `operations` as in `requireWithinPicture`. An SVG holds its few pixels as they are.
 * @throws Problem 422
 */
export function requireWithinLook(
  card: ModelCard,
  places: number,
  { scale, size: box, colormap, radius }: Look,
  format: PictureFormat,
  operations: number,
  maxOperations?: number,
): void {
  const work = smoothWork(card.image.channels === 1 && colormap === 'gray' && format === 'png');
  if (format === 'svg') requireWithinPicture(card, places, 1, operations, maxOperations);
  else if (box) requireWithinSize(box, operations, work, maxOperations);
  else if (radius || format === 'webp')
    requireWithinPicture(card, places, scale, operations, maxOperations, work);
  else requireWithinPicture(card, places, scale, operations, maxOperations);
}
