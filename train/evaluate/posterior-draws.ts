// Where the codes of images are: a draw of q(z|x) for each of them.
import { exp, mul } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { Images } from '../data/data-set.ts';
import type { Tensors } from '../model.ts';
import { forImages, type Options, type Weighed } from './for-images.ts';

/** One z ~ q(z|x) of every image x, [images · J]. */
export async function posteriorDraws(
  { model, params, state }: Weighed,
  images: Images,
  noise: Stream,
  options: Options,
): Promise<Float32Array> {
  const J = model.latentDimensions;
  const draws = new Float32Array(images.count * J);
  const encode = (p: Tensors, s: Tensors, { x, labels }: Tensors): Tensors => {
    const { mean, logVariance } = model.encode(p, s, x!, labels);
    return { mean, deviation: exp(mul(logVariance, 0.5)) };
  };
  const draw = (i: number, { mean, deviation }: Record<string, Float32Array>) => {
    for (let j = 0; j < J; j++) draws[i * J + j] = mean![j]! + deviation![j]! * noise.normal();
  };
  await forImages({ model, params, state }, images, encode, draw, options);
  return draws;
}
