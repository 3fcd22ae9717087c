// What codes of latents rest on: how posterior means spread over images, and how sure the posterior is of each.
import { exp } from '@tensorflow/tfjs-core';
import type { CompressionCard } from '../../../models/sections.ts';
import type { Images } from '../../data/data-set.ts';
import type { Tensors } from '../../model.ts';
import { forImages, type Options, type Weighed } from '../for-images.ts';

/** Posterior means [images · J] of `images`, as people send them, and the mean variance of the posterior [J]. */
export async function encodeImages(
  { model, params, state }: Weighed,
  images: Images,
  options: Options,
): Promise<{ means: Float32Array; variances: Float64Array }> {
  const J = model.latentDimensions;
  const means = new Float32Array(images.count * J);
  const variances = new Float64Array(J);
  const encode = (p: Tensors, s: Tensors, { x, labels }: Tensors): Tensors => {
    const { mean, logVariance } = model.encode(p, s, x!, labels);
    return { mean, variance: exp(logVariance) };
  };
  const keep = (i: number, { mean, variance }: Record<string, Float32Array>) => {
    means.set(mean!, i * J);
    for (let j = 0; j < J; j++) variances[j]! += variance![j]! / images.count;
  };
  await forImages({ model, params, state }, images, encode, keep, options);
  return { means, variances };
}

/** Figures are written with so many digits. */
const DIGITS = 4;
/** A latent that never varies would have none to divide by. */
const LEAST_DEVIATION = 1e-4;

/** The figures of a card, from posteriors of training images. */
export function compressionFigures({
  means,
  variances,
}: {
  means: Float32Array;
  variances: Float64Array;
}): Pick<CompressionCard, 'centres' | 'deviations' | 'steps'> {
  const J = variances.length;
  const count = means.length / J;
  const [sums, squares] = [new Float64Array(J), new Float64Array(J)];
  means.forEach((value, i) => {
    sums[i % J]! += value;
  });
  means.forEach((value, i) => {
    squares[i % J]! += (value - sums[i % J]! / count) ** 2;
  });
  const rounded = (values: Float64Array) => Array.from(values, (value) => Number(value.toPrecision(DIGITS)));
  return {
    centres: rounded(sums.map((sum) => sum / count)),
    deviations: rounded(squares.map((square) => Math.max(LEAST_DEVIATION, Math.sqrt(square / count)))),
    steps: rounded(variances.map(Math.sqrt)),
  };
}
