// Pictures on their way to a dreamlet, and pixels on their way back.
import type { Pixels } from './schemas.ts';

/** A PNG, JPEG or WebP file, or pixels in 0…1. */
export type Picture = Blob | ArrayBuffer | Uint8Array<ArrayBuffer> | Pixels;

type Body = { body: Blob | string; headers: { 'Content-Type': string } };

export const jsonBody = (value: object): Body => ({
  body: JSON.stringify(value),
  headers: { 'Content-Type': 'application/json' },
});

/** First bytes of the files that are taken. */
const SIGNATURES = { 'image/png': /^\x89PNG/, 'image/jpeg': /^\xff\xd8\xff/, 'image/webp': /^RIFF.{4}WEBP/s };

/** The type is found by the first bytes: names and types of files are often wrong. @throws TypeError for other files */
export async function pictureBody(picture: Picture): Promise<Body> {
  if ('pixels' in picture) return jsonBody(picture);
  const body = picture instanceof Blob ? picture : new Blob([picture]);
  const start = String.fromCharCode(...new Uint8Array(await body.slice(0, 12).arrayBuffer()));
  const type = Object.entries(SIGNATURES).find(([, signature]) => signature.test(start))?.[0];
  if (type === undefined)
    throw new TypeError('a picture must be a PNG, JPEG or WebP file, or { pixels, width, height }');
  return { body, headers: { 'Content-Type': type } };
}

/** The bytes of an image of an answer: row-major, channels last. */
export const pixelsOf = ({ pixels }: { pixels: string }): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
