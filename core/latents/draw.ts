// From seeds to latents. Contract 4: the same bits everywhere.
import type { LatentSpec } from '../../models/latent.ts';
import { drawBernoulli } from './bernoulli.ts';
import { drawCategorical } from './categorical.ts';
import { drawGaussian } from './gaussian.ts';
import { drawUniform } from './uniform.ts';

/**
 * The latent of image `index` of a seed, as graph input [latentSize]. `temperature` scales the deviation of a Gaussian
 * and the reach of a uniform prior around its middle; a discrete prior has none unless it is learned, and
 * `drawFromPrior` draws from such a one.
 */
export function drawLatent(spec: LatentSpec, seed: string, index: number, temperature = 1): Float32Array {
  switch (spec.prior) {
    case 'gaussian':
      return drawGaussian(spec, seed, index, temperature);
    case 'uniform':
      return drawUniform(spec, seed, index, temperature);
    case 'bernoulli':
      return drawBernoulli(spec, seed, index);
    case 'categorical':
      return drawCategorical(spec, seed, index);
  }
}
