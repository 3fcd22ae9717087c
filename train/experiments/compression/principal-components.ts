// Principal components of images: the best linear transform there is for a code, and so a peer of a VAE's latents.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Images } from '../../data/data-set.ts';

export type Components = {
  /** Mean image [pixels], grey levels 0…255. */
  mean: Float64Array;
  /** Orthonormal, by falling variance, [pixels] each. */
  directions: Float64Array[];
  /** Standard deviations of the images along them, grey levels. */
  deviations: number[];
};

/** Rounds of orthogonal iteration: what is still mixed has almost the same variance. */
const ROUNDS = 60;

function covariance({ count, pixels }: Images, mean: Float64Array): Float64Array {
  const size = mean.length;
  const sums = new Float64Array(size * size);
  for (let n = 0; n < count; n++) {
    const image = pixels.subarray(n * size, (n + 1) * size);
    for (let i = 0; i < size; i++) {
      const value = image[i]!;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) sums[i * size + j]! += value * image[j]!;
    }
  }
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++)
      sums[i * size + j] = sums[j * size + i] = sums[i * size + j]! / count - mean[i]! * mean[j]!;
  return sums;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** Gram and Schmidt, in place; gives the lengths that were left of each. */
function orthonormalise(vectors: Float64Array[]): number[] {
  return vectors.map((v, k) => {
    for (const u of vectors.slice(0, k)) {
      const share = dot(u, v);
      for (let i = 0; i < v.length; i++) v[i]! -= share * u[i]!;
    }
    const length = Math.sqrt(dot(v, v)) || 1;
    for (let i = 0; i < v.length; i++) v[i]! /= length;
    return length;
  });
}

/** The first `count` principal components of `images`, by orthogonal iteration. */
export function principalComponents(images: Images, count: number): Components {
  const size = images.width * images.height * images.channels;
  const mean = new Float64Array(size);
  images.pixels.forEach((value, i) => {
    mean[i % size]! += value / images.count;
  });
  const matrix = covariance(images, mean);
  const stream = createStream('principal-components', 'start');
  let directions = Array.from({ length: count }, () =>
    Float64Array.from({ length: size }, () => stream.uniform() - 0.5),
  );
  orthonormalise(directions);
  let variances: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    directions = directions.map((v) =>
      Float64Array.from({ length: size }, (_, i) => dot(matrix.subarray(i * size, (i + 1) * size), v)),
    );
    variances = orthonormalise(directions);
  }
  return { mean, directions, deviations: variances.map(Math.sqrt) };
}

/** Coordinates of an image [pixels], grey levels. */
export const project = ({ mean, directions }: Components, image: Uint8Array): Float32Array => {
  const centred = Float64Array.from(image, (value, i) => value - mean[i]!);
  return Float32Array.from(directions, (direction) => dot(direction, centred));
};

/** The image at some coordinates, grey levels 0…255. */
export function unproject({ mean, directions }: Components, coordinates: ArrayLike<number>): Uint8Array {
  const values = mean.slice();
  directions.forEach((direction, k) => {
    const share = coordinates[k]!;
    if (share !== 0) for (let i = 0; i < values.length; i++) values[i]! += share * direction[i]!;
  });
  return Uint8Array.from(values, (value) => Math.min(255, Math.max(0, Math.round(value))));
}
