// Pictures that are not quite of a data set: each of its images with one thing wrong.
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from './data-set.ts';

/** One channel of an image, or of what becomes of it: values in 0…255, rounded and bounded afterwards. */
type Corruption = (plane: Uint8Array, width: number, height: number, index: number) => ArrayLike<number>;

const NOISE_DEVIATION = 0.3 * 255;
const BLUR_DEVIATION_PIXELS = 1.5;
const BLUR_REACH_PIXELS = 3;

/** A quarter turn; square images alone. */
const rotated: Corruption = (plane, width) =>
  plane.map((_, at) => plane[(width - 1 - (at % width)) * width + Math.floor(at / width)]!);

const noisy: Corruption = (plane, _width, _height, index) => {
  const { normal } = createStream('corruptions', 'noise', index);
  return Float64Array.from(plane, (value) => value + NOISE_DEVIATION * normal());
};

/** A Gaussian kernel; black beyond the edges. */
const blurred: Corruption = (plane, width) => {
  const reach = Array.from({ length: 2 * BLUR_REACH_PIXELS + 1 }, (_, i) => i - BLUR_REACH_PIXELS);
  const weights = reach.map((d) => Math.exp(-(d ** 2) / (2 * BLUR_DEVIATION_PIXELS ** 2)));
  const total = weights.reduce((a, b) => a + b);
  const along = (values: ArrayLike<number>, valueAt: (at: number, d: number) => number | undefined) =>
    Float64Array.from(values, (_, at) =>
      reach.reduce((sum, d, i) => sum + (weights[i]! / total) * (valueAt(at, d) ?? 0), 0),
    );
  const across = along(plane, (at, d) => {
    const x = (at % width) + d;
    return x >= 0 && x < width ? plane[at + d] : 0;
  });
  return along(across, (at, d) => across[at + d * width]);
};

const inverted: Corruption = (plane) => plane.map((value) => 255 - value);

const halved: Corruption = (plane, width, height) =>
  plane.map((value, at) => (at < Math.floor(height / 2) * width ? value : 0));

export const CORRUPTIONS = {
  rotated,
  noisy,
  blurred,
  inverted,
  halved,
} satisfies Record<string, Corruption>;

/** What each corruption does, in words. */
export const CORRUPTION_WORDS: Record<keyof typeof CORRUPTIONS, string> = {
  rotated: 'turned by 90°',
  noisy: 'normal noise of deviation 0.3 added',
  blurred: 'Gaussian blur of deviation 1.5 pixels',
  inverted: 'black for white',
  halved: 'the lower half black',
};

/** Every image of the set, corrupted; what is random depends on the index of the image alone. */
export function corrupt(images: Images, corruption: Corruption): Images {
  const { width, height } = images;
  const area = width * height;
  const pixels = new Uint8Array(images.pixels.length);
  for (let start = 0; start < pixels.length; start += area) {
    const plane = corruption(images.pixels.subarray(start, start + area), width, height, start / area);
    for (let i = 0; i < area; i++) pixels[start + i] = Math.max(0, Math.min(255, Math.round(plane[i]!)));
  }
  return { ...images, pixels };
}
