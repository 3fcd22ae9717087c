// What samplers and gradient estimators ask of a layer of independent discrete variables, by its logits.
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Logits, values, means, perturbed logits and the uniform noise of a layer all have one shape: [rows, variables] of
 * Bernoulli variables, whose values are 0 or 1; [rows, variables, classes] of categorical ones, whose values are one-hot.
 */
export type DiscreteDistribution = {
  /** Probabilities: sigmoid or softmax of the logits. */
  mean(logits: Tensor): Tensor;
  /** J(mean) · v, where J is the derivative of the mean in the logits at `mean`; J is symmetric. */
  jacobian(mean: Tensor, v: Tensor): Tensor;
  /** Logits and the noise of the Gumbel-max trick (Jang et al. 2017, Eq. 1); `uniform` is in the open interval (0, 1). */
  perturb(logits: Tensor, uniform: Tensor): Tensor;
  /** Perturbed logits as they are distributed given that their `hard` value is `value`, differentiable in the logits. */
  perturbGiven(value: Tensor, logits: Tensor, uniform: Tensor): Tensor;
  /** The value that perturbed logits decide for; without gradient. */
  hard(perturbed: Tensor): Tensor;
  /** The same value as `hard(perturb(logits, uniform))` decides for, but for rounding, with fewer logarithms. */
  draw(logits: Tensor, uniform: Tensor): Tensor;
  /** log p(value), [rows, variables]; linear in `value`, so that it continues to means. */
  logMass(value: Tensor, logits: Tensor): Tensor;
  /** KL between the layers of two logits, in closed form, nats, [rows]; `prior` has rows or none. */
  kl(logits: Tensor, prior: Tensor): Tensor;
};
