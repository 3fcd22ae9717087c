// Sizes and frames, pixel by pixel.
import { expect, test } from 'vitest';
import { enlarge } from '../../../core/image/compose.ts';
import { decodePng } from '../../../core/image/decode-png.ts';
import { coloured, framed, placeIn } from '../../../core/image/frame.ts';
import type { Image } from '../../../core/image/image.ts';
import { encodePng } from '../../../core/image/png.ts';
import { resize } from '../../../core/image/resize.ts';

const grey = (width: number, height: number, values: number[]): Image => ({
  width,
  height,
  channels: 1,
  pixels: Uint8Array.from(values),
});

test('squares of pixels are whole-pixel enlargement, and uneven where they must be', () => {
  const image = grey(2, 2, [1, 2, 3, 4]);
  expect(resize(image, 6, 6, 'pixel')).toEqual(enlarge(image, 3));
  expect(Array.from(resize(image, 3, 1, 'pixel').pixels)).toEqual([3, 4, 4]);
});

test('the cubic kernel of Keys: a step overshoots, and is clamped', () => {
  // Centres of four cells over two: −¼, ¼, ¾, 1¼; weights of a = −½ at those distances.
  expect(Array.from(resize(grey(2, 1, [0, 200]), 4, 1, 'smooth').pixels)).toEqual([0, 41, 159, 214]);
  expect(Array.from(resize(grey(1, 1, [77]), 3, 2, 'smooth').pixels)).toEqual(Array(6).fill(77));
});

test('a picture that is reduced counts every pixel', () => {
  for (let lit = 20; lit < 44; lit++) {
    const { pixels } = resize(
      grey(
        64,
        1,
        Array.from({ length: 64 }, (_, i) => (i === lit ? 255 : 0)),
      ),
      4,
      1,
      'smooth',
    );
    expect([lit, Math.max(...pixels) > 3]).toEqual([lit, true]);
  }
});

test('the largest that fits stands in the middle', () => {
  expect(placeIn({ width: 100, height: 40 }, { width: 28, height: 28 })).toEqual({
    width: 40,
    height: 40,
    left: 30,
    top: 0,
  });
});

test('corners are round, on a ground or on none', () => {
  const image = grey(4, 4, Array(16).fill(200));
  const clear = framed(image, image, 50, undefined);
  expect(clear.channels).toBe(2);
  const alpha = Array.from({ length: 16 }, (_, i) => clear.pixels[2 * i + 1]);
  expect(alpha.slice(0, 8)).toEqual([97, 234, 234, 97, 234, 255, 255, 234]);
  expect(framed(image, image, 50, [0, 0, 0]).pixels[0]).toBe(Math.floor((200 * 96.6) / 255 + 0.5));
  const blue = framed(image, { width: 6, height: 4 }, 0, [1, 2, 3]);
  expect([blue.channels, ...blue.pixels.subarray(0, 6)]).toEqual([3, 1, 2, 3, 200, 200, 200]);
  expect(framed(image, image, 0, undefined)).toBe(image);
});

test('alpha goes into the file, and is put on white where it is read', () => {
  const clear = framed(grey(1, 1, [10]), { width: 3, height: 1 }, 0, undefined);
  expect(Array.from(decodePng(encodePng(clear), { maxPixels: 9 }).pixels)).toEqual([255, 10, 255]);
  const red = coloured(
    grey(1, 1, [1]),
    Uint8Array.from({ length: 768 }, (_, i) => (i === 3 ? 250 : 0)),
  );
  const file = encodePng(framed(red, { width: 1, height: 2 }, 0, undefined));
  expect(file[25]).toBe(6);
});
