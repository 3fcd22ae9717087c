// A VAE of Gaussian latents as a model with graphs: what is exported of it, and what its inputs and outputs mean.
import type { GraphSpec, GraphTensor, Inference, Likelihood, Model } from '../model.ts';

/** What a decoder says of p(x|z) besides the mean. */
const PIXEL_PARAMETERS: Record<Likelihood, Record<string, string>> = {
  bernoulli: {},
  gaussian: { log_variance: 'log-variances of p(x|z), NCHW; pictures need the mean alone' },
  'continuous-bernoulli': { logits: 'logits of p(x|z), NCHW; pictures need the mean alone' },
};

/**
 * decoder: `z` → `mean` and what else p(x|z) has; encoder: `x` → `mean`, `log_variance`. Both graphs of a conditional
 * model take `label` as well, one-hot; the encoder of a model whose posterior goes from group to group takes the noise
 * `epsilon` of that way.
 */
export function gaussianGraphs(density: Omit<Inference, 'logLikelihood'>): Model {
  const { image, classes, latentDimensions, likelihood } = density;
  const ofImage = [image.channels, image.height, image.width];
  const ofLatent = [latentDimensions];
  const label: Record<string, GraphTensor> = classes
    ? { label: { shape: [classes], meaning: 'class, one-hot, in the order of labels', range: [0, 1] } }
    : {};
  const epsilon: Record<string, GraphTensor> = density.terms
    ? {
        epsilon: {
          shape: ofLatent,
          meaning: 'standard normal noise of the way through the groups; zeros follow the means',
        },
      }
    : {};
  const met = density.terms ? ', where z = mean + exp(log_variance / 2) · epsilon' : '';
  const decoder: GraphSpec = {
    inputs: { z: { shape: ofLatent, meaning: 'latent vectors; the prior is N(0, I)' }, ...label },
    outputs: {
      mean: { shape: ofImage, meaning: 'pixel means of p(x|z), NCHW', range: [0, 1] },
      ...Object.fromEntries(
        Object.entries(PIXEL_PARAMETERS[likelihood]).map(([name, meaning]) => [
          name,
          { shape: ofImage, meaning },
        ]),
      ),
    },
    run: (params, state, { z, label }) => ({
      mean: density.decode(params, state, z!, label),
      ...density.pixelParameters(params, state, z!, label),
    }),
  };
  const encoder: GraphSpec = {
    inputs: { x: { shape: ofImage, meaning: 'images, NCHW', range: [0, 1] }, ...label, ...epsilon },
    outputs: {
      mean: { shape: ofLatent, meaning: `means of q(z|x)${met}` },
      log_variance: { shape: ofLatent, meaning: `log-variances of q(z|x)${met}` },
    },
    run(params, state, { x, label, epsilon }) {
      const { mean, logVariance } = density.encode(params, state, x!, label, epsilon);
      return { mean, log_variance: logVariance };
    },
  };
  return {
    image,
    ...(classes === undefined ? {} : { classes }),
    latent: { prior: 'gaussian', dimensions: latentDimensions },
    graphs: { decoder, encoder },
  };
}

/** The same, and as the density that it is. */
export const gaussianModel = (density: Inference): Model => ({ ...gaussianGraphs(density), density });
