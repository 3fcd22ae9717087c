// Stacked digits (Metz et al. 2017): three digits as the channels of one image, a thousand modes that can be counted.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Images } from '../../data/data-set.ts';

const DIGITS = 3;
const CLASSES = 10;
export const MODES = CLASSES ** DIGITS;

/** `count` images of three channels, each a digit that the seed draws, all alike. @throws Error unless the digits are grey. */
export function stackDigits(digits: Images, count: number, seed: string): Images {
  const { width, height, channels } = digits;
  if (channels !== 1) throw new Error(`stacked digits: grey images are stacked, got ${channels} channels`);
  const stream = createStream(seed, 'stacked');
  const area = width * height;
  const pixels = new Uint8Array(count * DIGITS * area);
  for (let k = 0; k < count * DIGITS; k++) {
    const from = Math.floor(stream.uniform() * digits.count) * area;
    pixels.set(digits.pixels.subarray(from, from + area), k * area);
  }
  return { width, height, channels: DIGITS, count, pixels };
}

/** Every channel of every image as a grey image, [3 · count]: those of image i are 3i to 3i + 2. */
export const unstacked = ({ width, height, count, pixels }: Images): Images => ({
  width,
  height,
  channels: 1,
  count: DIGITS * count,
  pixels,
});

/**
 * How many of the thousand modes have an image, and KL(found ‖ uniform) in nats, of which (modes − 1) / (2 images) are chance;
 * `labels` are of the channels, [3 · count].
 */
export function modesOf(labels: Uint8Array): { found: number; divergence: number } {
  const counts = new Uint32Array(MODES);
  const images = labels.length / DIGITS;
  for (let i = 0; i < images; i++) {
    const [red, green, blue] = labels.subarray(DIGITS * i, DIGITS * (i + 1));
    counts[(red! * CLASSES + green!) * CLASSES + blue!]! += 1;
  }
  let divergence = 0;
  for (const count of counts)
    if (count > 0) divergence += (count / images) * Math.log((count / images) * MODES);
  return { found: counts.filter((count) => count > 0).length, divergence };
}
