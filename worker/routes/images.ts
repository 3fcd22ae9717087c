// Decoded images as the answer to a POST: a sheet, an array or JSON.
import type { Context } from 'hono';
import type { Colormap } from '../../core/image/colormaps.ts';
import { sheet, toImage } from '../../core/image/compose.ts';
import type { ModelCard } from '../../models/card.ts';
import { headerText, modelJson, type Parameters, uncachedHeaders } from './answers.ts';
import { imageJson, type LatentJson, npyOf, picture } from './encodings.ts';
import { requireColormap, requireWithinPicture } from './limits.ts';

export type Look = { columns: number; scale: number; colormap: Colormap };

/** What is to be shown, refused before any work where it cannot be. */
export function requireLook(
  card: ModelCard,
  count: number,
  look: Look,
  format: string,
  work: { operations?: number; maxOperations?: number | undefined } = {},
): void {
  requireColormap(card, look.colormap);
  if (format === 'png')
    requireWithinPicture(
      card,
      look.columns * Math.ceil(count / look.columns),
      look.scale,
      work.operations ?? 0,
      work.maxOperations,
    );
}

type Shown = {
  look: Look;
  format: 'png' | 'json' | 'npy';
  /** Class of each image, of a model that takes a label. */
  names?: readonly (string | undefined)[] | undefined;
  /** What all of them are decoded from. */
  latent?: LatentJson;
  /** What the answer says besides: its names are parameters of a PNG, and members of JSON. */
  said?: Parameters;
};

/** `means` are [channels · height · width] in 0…1 each. */
export function imagesAnswer(
  c: Context,
  card: ModelCard,
  means: readonly Float32Array[],
  { look, format, names, latent, said = {} }: Shown,
): Response {
  const seeded: Record<string, string> =
    said.seed === undefined ? {} : { 'X-Seed': headerText(String(said.seed)) };
  if (format === 'npy')
    return c.body(npyOf(card, means), 200, {
      ...uncachedHeaders(card, 'application/octet-stream'),
      ...seeded,
    });
  const { width, height, channels } = card.image;
  const images = means.map((mean) => toImage(mean, width, height, channels));
  if (format === 'json')
    return modelJson(
      c,
      card,
      {
        ...said,
        ...latent,
        images: images.map((image, index) => imageJson(image, index, names?.[index])),
      },
      seeded,
    );
  const { columns, scale, colormap } = look;
  const parameters = { ...said, columns, scale, colormap };
  const png = picture(sheet(images, columns), look, card, parameters, names);
  return c.body(png, 200, { ...uncachedHeaders(card, 'image/png'), ...seeded });
}
