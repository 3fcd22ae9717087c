// Estimators of the bound from samples of the posterior (Kingma & Welling 2013; Burda et al. 2016).
import { add, logSumExp, mean, mul, reshape, type Scalar, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Terms } from '../model.ts';

/**
 * The objective of each estimator, [batch]; `klWeight` multiplies what stands for the KL term (1 gives the bound).
 * - `A`, Eq. 6: mean over samples of log p(x, z) − log q(z|x).
 * - `B`, Eq. 7: −KL in closed form + mean over samples of log p(x|z).
 * - `IW`, Burda et al. Eq. 8: log of the mean over samples of p(x, z) / q(z|x); its gradient by backpropagation
 *   is their Eq. 13.
 */
export const ESTIMATORS = {
  A: ({ logLikelihood, logPrior, logPosterior }, klWeight) =>
    mean(add(logLikelihood, mul(sub(logPrior, logPosterior), klWeight)), 0),
  B: ({ logLikelihood, kl }, klWeight) => sub(mean(logLikelihood, 0), mul(kl, klWeight)),
  IW: ({ logLikelihood, logPrior, logPosterior }, klWeight) =>
    sub(
      logSumExp(add(logLikelihood, mul(sub(logPrior, logPosterior), klWeight)), 0),
      Math.log(logLikelihood.shape[0]!),
    ),
} satisfies Record<string, (terms: Terms, klWeight: Scalar) => Tensor>;

export type Estimator = keyof typeof ESTIMATORS;

/** [samples · batch] → [samples, batch]. */
export const bySample = (x: Tensor, samples: number): Tensor => reshape(x, [samples, -1]);
