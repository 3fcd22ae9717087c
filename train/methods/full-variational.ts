// Full variational Bayes (Kingma & Welling 2013, Appendix F): the decoder's parameters have a posterior as well,
// q(θ) = N(μ, diag σ²) under the prior N(0, I); the encoder's parameters stay points.
import { add, exp, mul, type Scalar, sum } from '@tensorflow/tfjs-core';
import { differentiate } from '../differentiate.ts';
import { gaussianKlTerms } from '../likelihoods.ts';
import type { HostTensors, NoiseSpec, Tensors, Vae, Weights } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import { group, prefix, within } from '../runner/names.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

/** Posterior of every decoder parameter: its mean where a plain model would start, and a small variance. */
export function initFullVariational(params: HostTensors, deviation = 0.01): HostTensors {
  const result: HostTensors = {};
  for (const [name, tensor] of Object.entries(params)) {
    if (!name.startsWith('decoder/')) result[name] = tensor;
    else {
      const data = new Float32Array(tensor.data.length).fill(2 * Math.log(deviation));
      result[`mean/${name}`] = tensor;
      result[`log-variance/${name}`] = { shape: tensor.shape, data };
    }
  }
  return result;
}

/** θ = μ + σ ζ with the encoder's parameters beside it. */
function drawParameters(params: Tensors, zeta: Tensors): Tensors {
  const [means, logVariances] = [group(params, 'mean'), group(params, 'log-variance')];
  const drawn = Object.entries(means).map(([name, mean]) => [
    name,
    add(mean, mul(exp(mul(logVariances[name]!, 0.5)), zeta[name]!)),
  ]);
  return { ...within(params, 'encoder'), ...Object.fromEntries(drawn) };
}

/**
 * Descends −1/N of Eq. 24 for N = `images`: the loss of the VAE at θ drawn from q(θ), plus KL(q(θ) ‖ N(0, I)) / N,
 * counted once. One ζ serves the whole minibatch; Algorithm 2 draws one for each image, which has the same mean.
 * `params` are those of the VAE, for their shapes.
 */
export function fullVariational(
  vae: Vae,
  params: HostTensors,
  images: number,
  optimiser: Optimiser,
): Learner {
  const zeta = Object.fromEntries(
    Object.entries(within(params, 'decoder')).map(([name, { shape }]): [string, NoiseSpec] => [
      name,
      { shape, distribution: 'normal' },
    ]),
  );
  return oneUpdate(
    (batch) => ({ ...imageFeeds(vae, batch), ...vae.lossNoise(batch), ...prefix('zeta', zeta) }),
    optimiser,
    (weights, state, feeds, schedule) =>
      differentiate(weights, (at) => {
        const drawn = drawParameters(at, group(feeds, 'zeta'));
        const result = vae.loss(drawn, state, feeds.x!, feeds, schedule, feeds.labels);
        const [means, logVariances] = [group(at, 'mean'), group(at, 'log-variance')];
        const parameterKl = Object.entries(means)
          .map(([name, mean]) => sum(gaussianKlTerms(mean, logVariances[name]!)))
          .reduce((total, kl) => add(total, kl)) as Scalar;
        return {
          ...result,
          loss: add(result.loss, mul(parameterKl, 1 / images)) as Scalar,
          metrics: { ...result.metrics, parameterKl },
        };
      }),
  );
}

/** The plain VAE with every decoder parameter at the mean of its posterior. */
export const meanParameters = ({ params, state }: Weights): Weights => ({
  params: { ...within(params, 'encoder'), ...group(params, 'mean') },
  state,
});
