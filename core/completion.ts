// Completion: a model is shown the known half of an image and noise, and its picture fills in the other half.
import type { Able } from '../models/able.ts';
import { noiseSize, takes } from '../models/card.ts';
import type { Mask } from '../models/masks.ts';
import { rowsOf } from './feeds.ts';
import { createStream } from './sampling/stream.ts';
import type { Tensor } from './tensor.ts';

type Size = { width: number; height: number };

/** [height · width]: 1 where a pixel is known, 0 where it is not; the middle of an odd size is not. */
export function maskOf(mask: Mask, { width, height }: Size): Float32Array {
  const known: Record<Mask, (x: number, y: number) => boolean> = {
    upper: (_, y) => y < Math.floor(height / 2),
    lower: (_, y) => y >= Math.ceil(height / 2),
    left: (x) => x < Math.floor(width / 2),
    right: (x) => x >= Math.ceil(width / 2),
  };
  return Float32Array.from({ length: width * height }, (_, i) =>
    Number(known[mask](i % width, Math.floor(i / width))),
  );
}

/** Noise [N] of completion `index` of a seed, uniform in (0, 1); a stream of its own, so no other draw shifts. */
export function completionNoise(seed: string, index: number, size: number): Float32Array {
  const noise = new Float32Array(size);
  createStream(seed, 'completion', index).fillUniform(noise);
  return noise;
}

/** Feeds of a completer for the completions `from` … `to` − 1 of a seed; `x` [channels · height · width] in 0…1. */
export function completerFeeds(
  { image, graphs: { completer } }: Able<'complete'>,
  x: Float32Array,
  known: Float32Array,
  seed: string,
  [from, to]: readonly [from: number, to: number],
): Record<string, Tensor> {
  const { channels, height, width } = image;
  const repeat = (row: Float32Array) => rowsOf(Array.from({ length: to - from }, () => row)).data;
  const seen = x.map((value, i) => value * known[i % known.length]!);
  const noise = Array.from({ length: to - from }, (_, i) =>
    completionNoise(seed, from + i, noiseSize(completer)),
  );
  return {
    x: { shape: [to - from, channels, height, width], data: repeat(seen) },
    noise: rowsOf(noise),
    ...(takes(completer, 'mask')
      ? { mask: { shape: [to - from, 1, height, width], data: repeat(known) } }
      : {}),
  };
}

/** The known pixels of `x`, and of `mean` the others; both [channels · height · width]. */
export const completed = (x: Float32Array, mean: Float32Array, known: Float32Array): Float32Array =>
  mean.map((value, i) => (known[i % known.length] === 1 ? x[i]! : value));
