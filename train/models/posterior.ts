// Samples of a Gaussian posterior and what they give: shared by models, methods and evaluation.
import { add, exp, mean, mul, neg, type Scalar, sub, type Tensor, tile } from '@tensorflow/tfjs-core';
import { bySample, ESTIMATORS, type Estimator } from '../estimators/bounds.ts';
import { gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { LossResult, Tensors, Terms, Vae } from '../model.ts';

/** [batch, …] → [samples · batch, …], sample by sample. @throws Error where `samples` is not a whole number above 0. */
export function repeat(x: Tensor, samples: number): Tensor {
  if (!Number.isInteger(samples) || samples < 1)
    throw new Error(`repeat: [${x.shape}] can be taken a whole number of times, not ${samples}`);
  return samples === 1 ? x : tile(x, [samples, ...Array<number>(x.rank - 1).fill(1)]);
}

/** z = μ + σ ε (Kingma & Welling 2013, Eq. 4). */
export const reparameterise = (qMean: Tensor, qLogVariance: Tensor, epsilon: Tensor): Tensor =>
  add(qMean, mul(exp(mul(qLogVariance, 0.5)), epsilon));

/** The terms of posterior samples made of `epsilon` [samples · batch, J] for any VAE, inference mode. */
export function posteriorTerms(
  vae: Pick<Vae, 'encode' | 'logLikelihood' | 'terms'>,
  params: Tensors,
  state: Tensors,
  x: Tensor,
  epsilon: Tensor,
  labels?: Tensor,
): Terms {
  if (vae.terms) return vae.terms(params, state, x, epsilon, labels);
  const samples = epsilon.shape[0]! / x.shape[0]!;
  const q = vae.encode(params, state, x, labels);
  const [qMean, qLogVariance] = [repeat(q.mean, samples), repeat(q.logVariance, samples)];
  const z = reparameterise(qMean, qLogVariance, epsilon);
  const of = labels && repeat(labels, samples);
  return {
    logLikelihood: bySample(vae.logLikelihood(params, state, repeat(x, samples), z, of), samples),
    logPrior: bySample(standardNormalLogDensity(z), samples),
    logPosterior: bySample(gaussianLogDensity(z, qMean, qLogVariance), samples),
    kl: gaussianKl(q.mean, q.logVariance),
  };
}

/** Loss and metrics of one estimate of the bound. `chargedKl` [batch or 1] is what estimator B charges for the KL. */
export function boundLoss(
  terms: Terms,
  estimator: Estimator,
  klWeight: Scalar,
  chargedKl = terms.kl,
): Pick<LossResult, 'loss' | 'metrics'> {
  const reconstruction = mean(terms.logLikelihood) as Scalar;
  const kl = mean(terms.kl) as Scalar;
  return {
    loss: neg(mean(ESTIMATORS[estimator]({ ...terms, kl: chargedKl }, klWeight))) as Scalar,
    metrics: { elbo: sub(reconstruction, kl) as Scalar, reconstruction, kl },
  };
}
