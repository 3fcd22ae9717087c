// What codes rest on and what they are compared with: figures of posteriors, principal components, small PNG files.
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from '../../train/data/data-set.ts';
import { compressionFigures } from '../../train/evaluate/compression/compression.ts';
import { createDistortion, crossEntropy } from '../../train/evaluate/compression/distortion.ts';
import { pngsOf, smallestPng } from '../../train/experiments/compression/lossy-png.ts';
import {
  principalComponents,
  project,
  unproject,
} from '../../train/experiments/compression/principal-components.ts';

test('figures of a card are means, deviations and root mean variances, to four digits', () => {
  const means = Float32Array.of(1, 7, 3, 7, 1, 7, 3, 7);
  expect(compressionFigures({ means, variances: Float64Array.of(0.25, 0.123456) })).toEqual({
    centres: [2, 7],
    deviations: [1, 0.0001],
    steps: [0.5, 0.3514],
  });
});

/** Images on a plane in the space of 16 pixels: deviations 40 along one direction, 10 along another. */
const DIRECTIONS = [
  Float64Array.from({ length: 16 }, (_, i) => (i % 2 ? 0.25 : -0.25)),
  Float64Array.from({ length: 16 }, (_, i) => (i < 8 ? 0.25 : -0.25)),
];
const plane: Images = (() => {
  const count = 4000;
  const noise = new Float32Array(2 * count);
  createStream('plane').fillNormal(noise);
  const pixels = Uint8Array.from({ length: 16 * count }, (_, k) => {
    const [n, i] = [k >> 4, k & 15];
    return Math.round(
      128 + 40 * noise[2 * n]! * DIRECTIONS[0]![i]! + 10 * noise[2 * n + 1]! * DIRECTIONS[1]![i]!,
    );
  });
  return { count, width: 4, height: 4, channels: 1, pixels };
})();

test('principal components are the directions that images vary along, and bring them back', () => {
  const components = principalComponents(plane, 2);
  expect(components.deviations[0]! / 40).toBeCloseTo(1, 1);
  expect(components.deviations[1]! / 10).toBeCloseTo(1, 1);
  components.directions.forEach((direction, k) => {
    const cosine = direction.reduce((sum, value, i) => sum + value * DIRECTIONS[k]![i]!, 0);
    expect(Math.abs(cosine)).toBeGreaterThan(0.999);
  });
  const image = plane.pixels.subarray(160, 176);
  const back = unproject(components, project(components, image));
  expect(Math.max(...back.map((value, i) => Math.abs(value - image[i]!)))).toBeLessThanOrEqual(1);
  expect(Array.from(unproject(components, [1e6, 0])).every((value) => value === 0 || value === 255)).toBe(
    true,
  );
});

const grey = (pixels: (i: number) => number) => ({
  width: 28,
  height: 28,
  pixels: Uint8Array.from({ length: 784 }, (_, i) => pixels(i)),
});

test('the smallest PNG within an error keeps the pixels and levels that it needs', () => {
  const ramp = pngsOf(grey((i) => (i % 28) * 9));
  const [exact, rough] = [smallestPng(ramp, 0), smallestPng(ramp, 300)];
  expect([exact.error, exact.bytes > rough.bytes, rough.error > 0]).toEqual([0, true, true]);
  // Two levels need one bit of a pixel.
  const noise = createStream('png');
  const bits = pngsOf(grey(() => (noise.uniform() < 0.5 ? 0 : 255)));
  const one = smallestPng(bits, 0);
  expect(one.bytes).toBeLessThan(57 + 6 + 5 + 28 * 5 + 1);
  expect(one.data).toBe(one.bytes - 57 - 6);
  // One level is a handful of bytes in the frame of the file.
  const flat = pngsOf(grey(() => 255));
  expect(smallestPng(flat, 0).bytes).toBeLessThan(80);
});

test('errors are those of the pictures, image by image', () => {
  const images: Images = { count: 2, width: 2, height: 1, channels: 1, pixels: Uint8Array.of(0, 10, 255, 0) };
  const distortion = createDistortion(images);
  distortion.add(0, Uint8Array.of(3, 10));
  distortion.add(1, Uint8Array.of(255, 5));
  expect(Array.from(distortion.errors)).toEqual([4.5, 12.5]);
  const { mse, psnr } = distortion.mean();
  expect([mse, psnr]).toEqual([8.5, expect.closeTo(38.837, 3)]);
  expect(crossEntropy(Uint8Array.of(255, 51), Float32Array.of(0.5, 0.2))).toBeCloseTo(
    Math.log(2) + 0.5004,
    4,
  );
});
