// Decoded means as the bytes of an answer: pictures that say what makes them again, arrays, JSON.
import { discard } from '../../core/discard.ts';
import { type Colormap, paletteOf } from '../../core/image/colormaps.ts';
import { enlarge } from '../../core/image/compose.ts';
import { encodeNpy, toBase64 } from '../../core/image/encode.ts';
import { coloured, framed, placeIn } from '../../core/image/frame.ts';
import type { Image } from '../../core/image/image.ts';
import { encodePng, type PngOptions } from '../../core/image/png.ts';
import { resize } from '../../core/image/resize.ts';
import { svgOf } from '../../core/image/svg.ts';
import { encodeWebp } from '../../core/image/webp.ts';
import { codesOfWeights, latentOfCodes } from '../../core/latents/codes.ts';
import type { ModelCard } from '../../models/card.ts';
import { isDiscrete, type LatentSpec } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Parameters } from './answers.ts';
import { groundOf, type Look, type PictureFormat } from './look.ts';

/** Colours and text chunks of a picture: what a saved file needs to be made again; `labels` of its images, if any. */
export function pictureOptions(
  colormap: Colormap,
  card: ModelCard,
  parameters: Parameters,
  labels: readonly (string | undefined)[] = [],
): PngOptions {
  const palette = paletteOf(colormap);
  return {
    text: {
      Software: 'dreamlet',
      Model: nameOf(card),
      ...(parameters.seed === undefined ? {} : { Seed: String(parameters.seed) }),
      ...(labels.length === 0 ? {} : { Label: labels.map((label) => label ?? '-').join(', ') }),
      Parameters: JSON.stringify(parameters),
    },
    ...(palette ? { palette } : {}),
  };
}

const utf8 = new TextEncoder();

/** A finished picture: in its size, coloured, framed and signed. */
export function picture(
  image: Image,
  look: Look,
  card: ModelCard,
  parameters: Parameters,
  labels?: readonly (string | undefined)[],
  format: PictureFormat = 'png',
): Uint8Array<ArrayBuffer> {
  const { scale, colormap, size, scaling = 'smooth', radius = 0, background } = look;
  const { palette, text } = pictureOptions(colormap, card, parameters, labels);
  const box = size ?? { width: image.width * scale, height: image.height * scale };
  const ground = groundOf(background);
  if (format === 'svg')
    return utf8.encode(
      svgOf(encodePng(image, palette ? { palette } : {}), {
        box,
        inner: image,
        radius,
        ground,
        scaling: size ? scaling : 'pixel',
        title: `${card.title}, seed ${parameters.seed}`,
        description: `${nameOf(card)} ${text!.Parameters}`,
      }),
    );
  const place = placeIn(box, image);
  const sized = size ? resize(image, place.width, place.height, scaling) : enlarge(image, scale);
  const encode = format === 'webp' ? encodeWebp : encodePng;
  const isBare = radius === 0 && sized.width === box.width && sized.height === box.height;
  const inColour = !isBare && palette ? coloured(sized, palette) : sized;
  const shown = isBare ? sized : framed(inColour, box, radius, ground);
  const file = encode(shown, { text: text!, ...(isBare && palette ? { palette } : {}) });
  for (const made of new Set([sized, inColour, shown])) if (made !== image) discard(made.pixels);
  return file;
}

/** float32 means as a .npy file [images, channels, height, width]. */
export function npyOf({ image }: ModelCard, means: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
  const { width, height, channels } = image;
  const all = new Float32Array(means.length * channels * height * width);
  means.forEach((mean, i) => {
    all.set(mean, i * mean.length);
  });
  return encodeNpy(all, [means.length, channels, height, width]);
}

/** What a JSON answer says of a latent given as graph input: a code, or numbers. */
export type LatentJson = { latent?: number[]; codes?: number[] };

export function latentJson(spec: LatentSpec, latent: Float32Array): LatentJson {
  if (isDiscrete(spec)) {
    const codes = codesOfWeights(spec, latent);
    // A blend of codes is none.
    if (latentOfCodes(spec, codes).every((value, i) => value === latent[i])) return { codes };
  }
  return { latent: Array.from(latent) };
}

/** One image of a JSON answer. */
export const imageJson = (
  { width, height, channels, pixels }: Image,
  index: number,
  label?: string,
  said: LatentJson = {},
) => ({
  index,
  ...(label === undefined ? {} : { label }),
  ...said,
  width,
  height,
  channels,
  pixels: toBase64(pixels),
});
