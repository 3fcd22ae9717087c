// A generator and the encoder that learned with it, as a density: what bounds, anomaly scores and directions are made of.
import { clipByValue, log, sub, type Tensor } from '@tensorflow/tfjs-core';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { ImageShape, Inference } from '../model.ts';
import type { Encoder } from './encoder.ts';
import type { Generator } from './generator.ts';

/** Pixel means are kept this far from 0 and 1: a generator is sure of its black. */
const LEAST_PROBABILITY = 1e-6;

const logitsOf = (means: Tensor): Tensor => {
  const p = clipByValue(means, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
  return sub(log(p), log(sub(1, p)));
};

/**
 * p(z) = N(0, I), q(z|x) the encoder, p(x|z) Bernoulli pixels with the image G(z) for means. No critic teaches a
 * likelihood of pixels; this one makes what is scored by it comparable with VAEs of grey images.
 */
export function pairDensity(
  image: ImageShape,
  latentDimensions: number,
  generator: Generator,
  encoder: Encoder,
): Inference {
  const decode: Inference['decode'] = (params, state, z) =>
    generator.generate(params, state, z, undefined, false).images;
  return {
    image,
    latentDimensions,
    likelihood: 'bernoulli',
    encode: (params, _state, x) => encoder.encode(params, x),
    decode,
    pixelParameters: () => ({}),
    logLikelihood: (params, state, x, z) => bernoulliLogDensity(x, logitsOf(decode(params, state, z))),
  };
}
