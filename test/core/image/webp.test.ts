// WebP files of ours, as libwebp reads them.
import { expect, test } from 'vitest';
import { paletteOf } from '../../../core/image/colormaps.ts';
import { enlarge } from '../../../core/image/compose.ts';
import type { Raster } from '../../../core/image/image.ts';
import webp from '../../../core/image/photo-decoders/webp.wasm';
import { photoSize } from '../../../core/image/photo-size.ts';
import { createReadPhoto } from '../../../core/image/photos.ts';
import { imageOf } from '../../../core/image/picture.ts';
import { encodeWebp } from '../../../core/image/webp.ts';

const readPhoto = createReadPhoto(async () => webp);

function draw(width: number, height: number, channels: 1 | 2 | 3 | 4, at: (i: number) => number): Raster {
  return {
    width,
    height,
    channels,
    pixels: Uint8Array.from({ length: width * height * channels }, (_, i) => at(i)),
  };
}

/** RGB on white, as pictures in bodies are read. */
function onWhite({ channels, pixels }: Raster): Uint8Array {
  const out = new Uint8Array((3 * pixels.length) / channels);
  for (let i = 0; i < out.length / 3; i++) {
    const alpha = channels % 2 === 0 ? pixels[(i + 1) * channels - 1]! : 255;
    for (let c = 0; c < 3; c++) {
      const value = pixels[i * channels + (channels < 3 ? 0 : c)]!;
      out[3 * i + c] = Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return out;
}

let state = 7;
const noise = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state >>> 24;
};
const slope = (i: number) => (i >> 3) + Math.floor(i / 300);

const blob = draw(28, 28, 1, (i) =>
  Math.max(0, 255 - 3 * (((i % 28) - 14) ** 2 + (Math.floor(i / 28) - 14) ** 2)),
);

test.each([
  ...([1, 2, 3, 4] as const).flatMap((channels): [string, Raster][] => [
    [`one pixel of ${channels} channels`, draw(1, 1, channels, noise)],
    [`noise of ${channels} channels`, draw(37, 23, channels, noise)],
    [`a slope of ${channels} channels, more than a block wide`, draw(523, 17, channels, slope)],
    [`one colour in ${channels} channels`, draw(64, 64, channels, (i) => i % channels)],
  ]),
  ['one column', draw(1, 50, 3, noise)],
  ['a blob', blob],
  ['squares of pixels', enlarge(blob as never, 8)],
  ['runs that are longer than one repetition', draw(300, 100, 1, () => 9)],
])('%s comes back as it was', async (_, image) => {
  const bytes = encodeWebp(image, { text: { Seed: '<&"\n日本' } });
  expect(photoSize(bytes)).toEqual({ format: 'webp', width: image.width, height: image.height });
  const { width, height, pixels } = await readPhoto(bytes, 'webp', imageOf);
  expect([width, height]).toEqual([image.width, image.height]);
  expect(pixels).toEqual(onWhite(image));
});

test('a palette colours indices', async () => {
  const palette = paletteOf('viridis')!;
  const indices = draw(40, 30, 1, noise);
  const { pixels } = await readPhoto(encodeWebp(indices, { palette }), 'webp', imageOf);
  expect(Array.from(pixels)).toEqual(
    Array.from(indices.pixels).flatMap((index) => Array.from(palette.subarray(3 * index, 3 * index + 3))),
  );
});

test('text is XMP, and an enlarged picture is hardly larger', () => {
  const bytes = encodeWebp(blob, { text: { Seed: 'a"b' } });
  expect(new TextDecoder('latin1').decode(bytes)).toContain('dreamlet:Seed="a&#34;b"');
  expect(encodeWebp(enlarge(blob as never, 8)).length).toBeLessThan(1.5 * encodeWebp(blob).length);
});

test('a side above 16384 is refused', () => {
  expect(() => encodeWebp(draw(16385, 1, 1, noise))).toThrow('16385×1 is more than 16384 pixels');
});
