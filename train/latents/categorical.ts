// Independent categorical variables by their logits; values are one-hot over the last axis.
import {
  add,
  div,
  log,
  logSumExp,
  max,
  mul,
  neg,
  softmax,
  softplus,
  step,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { noGradient } from '../layers/no-gradient.ts';
import type { DiscreteDistribution } from './distribution.ts';

/** log probabilities; logits may have any constant added to them. */
export const logProbabilities = (logits: Tensor): Tensor => sub(logits, logSumExp(logits, -1, true));

/** Without ArgMax, so that graphs that draw run on any engine. Two values that tie for the largest would both be 1. */
const largest = (a: Tensor): Tensor => sub(1, step(sub(max(a, -1, true), a)));

export const categorical: DiscreteDistribution = {
  mean: (logits) => softmax(logits),

  jacobian(mean, v) {
    const weighted = mul(mean, v);
    return sub(weighted, mul(mean, sum(weighted, -1, true)));
  },

  // g = −log(−log u) (Jang et al. 2017, Eq. 1).
  perturb: (logits, uniform) => sub(logits, log(neg(log(uniform)))),

  // Paulus et al. 2021, Eqs. 9 and 10, with E = −log u: the largest is −log E_i + log Z, any other one
  // −log(E_j / exp θ_j + E_i / Z), whose sum is taken in logarithms.
  perturbGiven(value, logits, uniform) {
    const logE = log(neg(log(uniform)));
    const ofWinner = sub(sum(mul(value, logE), -1, true), logSumExp(logits, -1, true));
    const own = sub(logE, logits);
    const loser = add(own, softplus(sub(ofWinner, own)));
    return neg(add(mul(value, ofWinner), mul(sub(1, value), loser)));
  },

  hard: (perturbed) => noGradient(() => largest(perturbed)),

  // The first of exponential deviates −log u at the rates π: a Gumbel deviate is −log of one.
  draw: (logits, uniform) => noGradient(() => largest(div(log(uniform), softmax(logits)))),

  logMass: (value, logits) => sum(mul(value, logProbabilities(logits)), -1),

  kl: (logits, prior) =>
    sum(mul(softmax(logits), sub(logProbabilities(logits), logProbabilities(prior))), [-2, -1]),
};
