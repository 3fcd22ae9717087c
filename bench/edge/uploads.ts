// The largest pictures that may be uploaded, each in the costliest kind of its format.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { zlibSync } from 'fflate';
import type { Raster } from '../../core/image/image.ts';
import { encodeWebp } from '../../core/image/webp.ts';
import { chunk, header, join, SIGNATURE } from '../../test/core/image/make-png.ts';

const SIDE = 1024;

/** 16-bit RGBA, every line behind Paeth's filter. */
export function largestPng(): Uint8Array {
  const kind = { width: SIDE, height: SIDE, depth: 16, colourType: 6 };
  const line = 1 + 8 * kind.width;
  const lines = new Uint8Array(line * kind.height);
  for (let y = 0; y < kind.height; y++) lines[y * line] = 4;
  return join(SIGNATURE, header(kind), chunk('IDAT', zlibSync(lines)), chunk('IEND'));
}

/** Colours with much detail; `step` says how many levels they have. */
function noise(channels: 3 | 4, step: number): Raster {
  const pixels = new Uint8Array(SIDE * SIDE * channels);
  let state = 1;
  for (let i = 0; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = Math.floor((state >>> 24) / step) * step;
  }
  return { width: SIDE, height: SIDE, channels, pixels };
}

/** EXIF that says: turn it by a quarter. */
const TURNED = Uint8Array.from([
  ...[0xff, 0xe1, 0, 34],
  ...new TextEncoder().encode('Exif\0\0MM\0*\0\0\0\x08'),
  ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
]);

/** Progressive, all colours in full size, to be turned. */
export async function largestJpeg(quality = 80): Promise<Uint8Array> {
  const { default: factory } = await import('@jsquash/jpeg/codec/enc/mozjpeg_enc.js');
  const { defaultOptions } = await import('@jsquash/jpeg/meta.js');
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
  const encoder = await factory({ noInitialRun: true, wasmBinary: readFileSync(wasm) });
  const options = { ...defaultOptions, quality, auto_subsample: false, chroma_subsample: 1 };
  const { pixels } = noise(4, 1);
  const jpeg = new Uint8Array(encoder.encode(pixels, SIDE, SIDE, options));
  return join(jpeg.subarray(0, 2), TURNED, jpeg.subarray(2));
}

/** Lossless, with an alpha channel. */
export const largestWebp = (): Uint8Array => encodeWebp(noise(4, 32));
