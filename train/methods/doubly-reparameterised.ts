// The doubly reparameterised gradient of the importance-weighted bound (Tucker et al. 2018, Eq. 8): the decoder
// follows Σ w̃ᵢ ∇log wᵢ as ever (Burda et al. 2016, Eq. 13), the encoder Σ w̃ᵢ² (∂log wᵢ/∂zᵢ) ∂zᵢ/∂φ, which does not
// drown in noise as samples become many, and vanishes when the posterior is exact.
import {
  add,
  logSumExp,
  mean,
  mul,
  neg,
  reshape,
  type Scalar,
  softmax,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { differentiate } from '../differentiate.ts';
import { bySample } from '../estimators/bounds.ts';
import { gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { Tensors, Vae } from '../model.ts';
import { reparameterise, repeat } from '../models/posterior.ts';
import type { Optimiser } from '../optimisers.ts';
import { within } from '../runner/names.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

/** Softmax over samples, [samples, batch]. */
const normalised = (logWeights: Tensor): Tensor =>
  transpose(softmax(transpose(logWeights) as Tensor, -1)) as Tensor;

/** @throws Error when the model has a state, for each network is run by itself here. */
export const doublyReparameterised = (vae: Vae, samples: number, optimiser: Optimiser): Learner =>
  oneUpdate(
    (batch) => ({ ...imageFeeds(vae, batch), ...vae.lossNoise(batch) }),
    optimiser,
    (params, state, feeds, { klWeight }) => {
      const x = feeds.x!;
      if (Object.keys(state).length > 0)
        throw new Error(
          `doublyReparameterised: the model must have no state, got ${Object.keys(state)}; train without batchNorm`,
        );
      const q = vae.encode(params, state, x);
      const [qMean, qLogVariance] = [repeat(q.mean, samples), repeat(q.logVariance, samples)];
      const kl = mean(gaussianKl(q.mean, q.logVariance)) as Scalar;
      const images = repeat(x, samples);

      const termsAt = (decoder: Tensors, z: Tensor) => {
        const all = { ...params, ...decoder };
        const logLikelihood = bySample(vae.logLikelihood(all, state, images, z), samples);
        const logRatio = sub(standardNormalLogDensity(z), gaussianLogDensity(z, qMean, qLogVariance));
        return { logLikelihood, logWeights: add(logLikelihood, mul(bySample(logRatio, samples), klWeight!)) };
      };

      // The latents stand here as variables of their own, so q depends on the encoder in no other way.
      const latents = { z: reparameterise(qMean, qLogVariance, feeds.epsilon!) };
      const inner = differentiate({ ...within(params, 'decoder'), ...latents }, ({ z, ...decoder }) => {
        const { logLikelihood, logWeights } = termsAt(decoder, z!);
        const bound = mean(sub(logSumExp(logWeights, 0), Math.log(samples))) as Scalar;
        const reconstruction = mean(logLikelihood) as Scalar;
        const elbo = sub(reconstruction, kl) as Scalar;
        return { loss: neg(bound) as Scalar, metrics: { elbo, reconstruction, kl }, state: {} };
      });
      const { z: alongLatents, ...decoderGradients } = inner.gradients;
      // The same expression as inside, so a recorded graph computes it once.
      const weights = normalised(termsAt({}, latents.z).logWeights);
      const twiceWeighted = mul(alongLatents!, reshape(weights, [-1, 1]));
      const outer = differentiate(within(params, 'encoder'), (encoder) => {
        const p = vae.encode({ ...params, ...encoder }, state, x);
        const [m, v] = [repeat(p.mean, samples), repeat(p.logVariance, samples)];
        const z = reparameterise(m, v, feeds.epsilon!);
        return { loss: sum(mul(z, twiceWeighted)) as Scalar, metrics: {}, state: {} };
      });
      return { ...inner, state, gradients: { ...decoderGradients, ...outer.gradients } };
    },
  );
