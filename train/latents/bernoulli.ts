// Independent Bernoulli variables by their logits a; their relaxation is a logistic squashed (Maddison et al. 2017).
import {
  add,
  log,
  mul,
  neg,
  type Scalar,
  sigmoid,
  softplus,
  square,
  step,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { noGradient } from '../layers/no-gradient.ts';
import type { DiscreteDistribution } from './distribution.ts';

/** log(1 − u); exact for what `Stream.fillUniform` draws. */
const logOneMinus = (u: Tensor): Tensor => log(sub(1, u));

export const bernoulli: DiscreteDistribution = {
  mean: sigmoid,

  jacobian: (mean, v) => mul(sub(mean, square(mean)), v),

  // The difference of two Gumbel deviates is logistic.
  perturb: (logits, uniform) => add(logits, sub(log(uniform), logOneMinus(uniform))),

  // A logistic around a, cut at 0: with v uniform on the side of `value`, a + log v − log(1 − v) comes to these forms,
  // which neither cancel nor overflow.
  perturbGiven(value, logits, uniform) {
    const [low, high] = [log(uniform), logOneMinus(uniform)];
    const above = sub(softplus(add(logits, low)), high);
    const below = sub(low, softplus(sub(high, logits)));
    return add(mul(value, above), mul(sub(1, value), below));
  },

  hard: (perturbed) => noGradient(() => step(perturbed)),

  draw: (logits, uniform) => noGradient(() => step(sub(uniform, sigmoid(neg(logits))))),

  logMass: (value, logits) => sub(mul(value, logits), softplus(logits)),

  kl: (logits, prior) =>
    sum(add(mul(sigmoid(logits), sub(logits, prior)), sub(softplus(prior), softplus(logits))), -1),
};

/**
 * log p(y) of the relaxed Bernoulli variable y = sigmoid((a + logistic noise) / τ), elementwise: the Gumbel-Softmax
 * density (Jang et al. 2017, Eq. 3) of two classes, in l = logit y; dy = y (1 − y) dl.
 */
export function relaxedBernoulliLogDensity(l: Tensor, logits: Tensor, temperature: Scalar): Tensor {
  const scaled = sub(mul(l, temperature), logits);
  const logistic = sub(neg(scaled), mul(softplus(neg(scaled)), 2));
  return add(add(logistic, log(temperature)), add(softplus(l), softplus(neg(l))));
}
