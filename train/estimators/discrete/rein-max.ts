// ReinMax (Liu et al. 2023): Heun's method in place of straight-through's Euler step, so second order in f.
import { add, div, mul, sub } from '@tensorflow/tfjs-core';
import { noGradient } from '../../layers/no-gradient.ts';
import { pathwise, straightThrough } from './task.ts';

/**
 * A sample D, with the gradient 2 J(π₁) f'(D) − ½ J(π) f'(D), where π₁ = (mean(logits / τ) + D) / 2 and J(p) is the
 * derivative of the mean at p. `temperature` τ ≥ 1 enters π₁ alone, as in the authors' code.
 */
export const reinMax = pathwise(
  { scheduled: ['temperature'] },
  (distribution, logits, noise, { temperature }) => {
    const value = distribution.hard(distribution.perturb(logits, noise('uniform')));
    const middle = noGradient(() => mul(add(distribution.mean(div(logits, temperature!)), value), 0.5));
    const mean = noGradient(() => distribution.mean(logits));
    // J is symmetric, so the gradient of J · logits along f' is J · f'.
    const heun = sub(
      mul(distribution.jacobian(middle, logits), 2),
      mul(distribution.jacobian(mean, logits), 0.5),
    );
    return straightThrough(value, heun);
  },
);
