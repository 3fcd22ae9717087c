// A picture file of any size as the pixels that a model learns: PNG, JPEG or WebP by its first bytes.
import { readFile } from 'node:fs/promises';
import { openPng } from '../../../core/image/decode-png.ts';
import { photoSize } from '../../../core/image/photo-size.ts';
import { createReadPhoto } from '../../../core/image/photos.ts';
import { type Picture, requireSize } from '../../../core/image/picture.ts';
import { type Target, toModelInput } from '../../../core/image/resample.ts';

/** More than any camera's; unpacked it takes four bytes a pixel, twice. */
const LIMITS = { maxPixels: 1e8 };

const DECODERS = new URL('../../../core/image/photo-decoders/', import.meta.url);
const readPhoto = createReadPhoto(async (format) =>
  WebAssembly.compile(await readFile(new URL(`${format}.wasm`, DECODERS))),
);

/** How a picture comes to the proportions of the model: `middle` cuts, `stretch` distorts. */
export const CROPS = ['middle', 'stretch'] as const;

/** Bytes [channels, height, width]. @throws Unreadable naming format and rule, when the file is damaged or none of these. */
export async function readPicture(file: Uint8Array, target: Target, crop: string): Promise<Uint8Array> {
  const photo = photoSize(file);
  if (photo) requireSize(photo.format, photo.width, photo.height, LIMITS);
  const sampled = (picture: Picture) => toModelInput(picture, target, crop === 'middle' ? 'cover' : 'fill');
  const values = photo ? await readPhoto(file, photo.format, sampled) : sampled(openPng(file, LIMITS));
  return Uint8Array.from(values, (value) => Math.round(255 * value));
}
