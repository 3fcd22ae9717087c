// Wake-sleep (Hinton et al. 1995) with the networks of a VAE, the rival of Kingma & Welling 2013, Section 5. No
// gradient passes through a sample: each phase trains one of the two networks on what the other one drew.
import { add, mean, neg, type Scalar, sub } from '@tensorflow/tfjs-core';
import { differentiate } from '../differentiate.ts';
import { gaussianKl, gaussianLogDensity } from '../likelihoods.ts';
import { reparameterise } from '../models/posterior.ts';
import type { SamplingVae } from '../models/vae.ts';
import type { Optimiser } from '../optimisers.ts';
import { within } from '../runner/names.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

export const wakeSleep = (vae: SamplingVae, optimiser: Optimiser): Learner =>
  oneUpdate(
    (batch) => ({
      ...imageFeeds(vae, batch),
      epsilon: { shape: [batch, vae.latentDimensions], distribution: 'normal' },
      dream: { shape: [batch, vae.latentDimensions], distribution: 'normal' },
      dreamPixels: vae.pixelNoise(batch),
    }),
    optimiser,
    (params, state, feeds) => {
      const x = feeds.x!;
      // Wake: z ~ q(z|x), held fixed; the decoder ascends log p(x, z).
      const q = vae.encode(params, state, x);
      const z = reparameterise(q.mean, q.logVariance, feeds.epsilon!);
      const kl = mean(gaussianKl(q.mean, q.logVariance)) as Scalar;
      const wake = differentiate(within(params, 'decoder'), (decoder) => {
        const reconstruction = mean(vae.logLikelihood({ ...params, ...decoder }, state, x, z)) as Scalar;
        const elbo = sub(reconstruction, kl) as Scalar;
        return { loss: neg(reconstruction) as Scalar, metrics: { elbo, reconstruction, kl }, state: {} };
      });
      // Sleep: z ~ p(z), x ~ p(x|z), held fixed; the encoder ascends log q(z|x).
      const dream = vae.sample(params, state, feeds.dream!, feeds.dreamPixels!);
      const sleep = differentiate(within(params, 'encoder'), (encoder) => {
        const d = vae.encode({ ...params, ...encoder }, state, dream);
        const loss = neg(mean(gaussianLogDensity(feeds.dream!, d.mean, d.logVariance))) as Scalar;
        return { loss, metrics: {}, state: {} };
      });
      return {
        loss: add(wake.loss, sleep.loss) as Scalar,
        metrics: wake.metrics,
        state,
        gradients: { ...wake.gradients, ...sleep.gradients },
      };
    },
  );
