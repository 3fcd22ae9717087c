// The Gumbel-Softmax distribution (Jang, Gu & Poole 2017), alias Concrete (Maddison et al. 2017): one sample a variable
// is mean((logits + noise) / τ), and this is its density.
import {
  add,
  div,
  log,
  logSumExp,
  mul,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type TensorLike,
} from '@tensorflow/tfjs-core';
import type { DiscreteDistribution } from './distribution.ts';

/** A relaxed sample at `temperature` τ > 0 from perturbed logits (Eq. 2). */
export const relax = (
  { mean }: DiscreteDistribution,
  perturbed: Tensor,
  temperature: Tensor | TensorLike,
): Tensor => mean(div(perturbed, temperature));

/** log Γ(k) of a whole number k ≥ 1. */
const logGamma = (k: number): number => {
  let total = 0;
  for (let i = 2; i < k; i++) total += Math.log(i);
  return total;
};

/**
 * log p(y_1 … y_{k−1}) of one relaxed variable over its last axis (Eq. 3), from log y and the logits log π, each [..., k]:
 * log Γ(k) + (k − 1) log τ − k log Σ π_i y_i^(−τ) + Σ (log π_i − (τ + 1) log y_i). Logits need not be normalised.
 */
export function gumbelSoftmaxLogDensity(logY: Tensor, logits: Tensor, temperature: Scalar): Tensor {
  const k = logY.shape.at(-1)!;
  const normaliser = mul(logSumExp(sub(logits, mul(temperature, logY)), -1), k);
  const product = sum(sub(logits, mul(add(temperature, 1), logY)), -1);
  return add(add(mul(log(temperature), k - 1), logGamma(k)), sub(product, normaliser));
}
