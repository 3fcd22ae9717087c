// Monte Carlo EM with HMC (Kingma & Welling 2013, Appendix E): no encoder. The E-step moves one persistent posterior
// sample of every image; the M-step ascends log p(x, z) in the decoder with the samples held fixed.
import { mean, neg, type Scalar } from '@tensorflow/tfjs-core';
import { differentiate } from '../differentiate.ts';
import type { Vae } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

/** The M-step: its feed `z` [batch, J] holds the samples of the E-step. log N(z; 0, I) has no parameters. */
export const maximisation = (
  vae: Pick<Vae, 'image' | 'latentDimensions' | 'logLikelihood'>,
  optimiser: Optimiser,
): Learner =>
  oneUpdate(
    (batch) => ({
      ...imageFeeds(vae, batch),
      z: { shape: [batch, vae.latentDimensions], distribution: 'data' },
    }),
    optimiser,
    (params, state, feeds) =>
      differentiate(params, (decoder) => {
        const reconstruction = mean(vae.logLikelihood(decoder, state, feeds.x!, feeds.z!)) as Scalar;
        return { loss: neg(reconstruction) as Scalar, metrics: { reconstruction }, state };
      }),
    ['learningRate'],
  );
