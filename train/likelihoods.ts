// Log densities and divergences in nats, summed over everything but the batch: results are [batch].
import {
  abs,
  add,
  div,
  exp,
  log,
  maximum,
  mean,
  mul,
  reshape,
  softplus,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tanh,
} from '@tensorflow/tfjs-core';

const LOG_TWO_PI = Math.log(2 * Math.PI);

const perImage = (x: Tensor): Tensor => sum(x, [...Array(x.rank).keys()].slice(1));

/** log N(z; 0, I). */
export const standardNormalLogDensity = (z: Tensor): Tensor =>
  perImage(mul(add(square(z), LOG_TWO_PI), -0.5));

/** log N(x; mean, exp(logVariance)) (Kingma & Welling 2013, Eq. 12). */
export const gaussianLogDensity = (x: Tensor, mean: Tensor, logVariance: Tensor): Tensor =>
  perImage(mul(add(add(div(square(sub(x, mean)), exp(logVariance)), logVariance), LOG_TWO_PI), -0.5));

/** KL(N(mean, exp(logVariance)) ‖ N(0, 1)) of every element (Kingma & Welling 2013, Appendix B). */
export const gaussianKlTerms = (mean: Tensor, logVariance: Tensor): Tensor =>
  mul(sub(add(square(mean), exp(logVariance)), add(logVariance, 1)), 0.5);

/** KL(N(mean, exp(logVariance)) ‖ N(0, I)), [batch]. */
export const gaussianKl = (mean: Tensor, logVariance: Tensor): Tensor =>
  perImage(gaussianKlTerms(mean, logVariance));

/**
 * The KL term with free bits (Kingma et al. 2016, Eq. 15): Σ_j max(`freeNats`, mean over the batch of KL_j), one
 * number for the whole batch, [1]. No latent gains by giving up its first `freeNats` nats.
 */
export const freeBitsKl = (latentMean: Tensor, logVariance: Tensor, freeNats: number): Tensor =>
  reshape(sum(maximum(mean(gaussianKlTerms(latentMean, logVariance), 0), freeNats)), [1]);

/**
 * Bernoulli: Σ x log y + (1 − x) log(1 − y), y = sigmoid(logits) (Kingma & Welling 2013, Eq. 11), in the form
 * Σ x·a − softplus(a) that neither overflows nor cancels.
 */
export const bernoulliLogDensity = (x: Tensor, logits: Tensor): Tensor =>
  perImage(sub(mul(x, logits), softplus(logits)));

/** Below this |logit| the continuous Bernoulli's terms come from their Taylor series: 0/0 at 0. */
const SERIES_BELOW = 0.1;

/**
 * `series` where |logit| is small, `exact` elsewhere. A product with a 0/1 mask rather than a branch on a
 * comparison, because comparisons have no gradient; `exact` gets 1 where it is not taken, to stay finite.
 */
function aroundZero(logits: Tensor, series: Tensor, exact: (safe: Tensor) => Tensor): Tensor {
  const near = step(sub(SERIES_BELOW, abs(logits)));
  const far = sub(1, near);
  return add(mul(near, series), mul(far, exact(add(mul(far, logits), near))));
}

/**
 * Continuous Bernoulli on [0, 1] (Loaiza-Ganem & Cunningham 2019, Eqs. 7 and 8): the Bernoulli form plus log C(λ)
 * per pixel, λ = sigmoid(a), C = 2 atanh(1 − 2λ) / (1 − 2λ) = a / tanh(a / 2).
 */
export function continuousBernoulliLogDensity(x: Tensor, logits: Tensor): Tensor {
  const a2 = square(logits);
  // log(a / tanh(a/2)) = log 2 + a²/12 − 7a⁴/1440 + O(a⁶)
  const series = add(mul(a2, sub(1 / 12, mul(a2, 7 / 1440))), Math.LN2);
  const logC = aroundZero(logits, series, (a) => log(div(a, tanh(mul(a, 0.5)))));
  return add(bernoulliLogDensity(x, logits), perImage(logC));
}

/** Mean of the continuous Bernoulli, per pixel, in the logits a: 1 / (1 − e^(−a)) − 1/a (Eq. 9). */
export function continuousBernoulliMean(logits: Tensor): Tensor {
  const series = add(mul(logits, sub(1 / 12, mul(square(logits), 1 / 720))), 0.5);
  return aroundZero(logits, series, (a) => sub(div(1, sub(1, exp(mul(a, -1)))), div(1, a)));
}
