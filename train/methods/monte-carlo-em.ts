// Monte Carlo EM with HMC (Kingma & Welling 2013, Appendix E): no encoder. The E-step moves one persistent posterior
// sample of every image; the M-step ascends log p(x, z) in the decoder with the samples held fixed.
import { mean, neg, type Scalar } from '@tensorflow/tfjs-core';
import type { Vae } from '../model.ts';
import { differentiate, type Learner } from '../runner/step.ts';

/** The M-step: its noise input `z` [batch, J] holds the samples of the E-step. log N(z; 0, I) has no parameters. */
export const maximisation = (vae: Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'>): Learner => ({
  image: vae.image,
  lossNoise: (batch) => ({ z: { shape: [batch, vae.latentDimensions], distribution: 'normal' } }),
  gradients: (params, state, x, noise) =>
    differentiate(params, (decoder) => {
      const reconstruction = mean(vae.logLikelihood(decoder, state, x, noise.z!)) as Scalar;
      return { loss: neg(reconstruction) as Scalar, metrics: { reconstruction }, state };
    }),
});
