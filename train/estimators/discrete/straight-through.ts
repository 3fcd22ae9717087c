// The straight-through estimator (Bengio et al. 2013; Gu et al. 2016, Eq. 4) and its slope-annealed form.
import { mul } from '@tensorflow/tfjs-core';
import { pathwise, straightThrough } from './task.ts';

/** A sample, with the gradient of the mean: f'(z) ∂mean/∂logits. */
export const straightThroughMean = pathwise({ scheduled: [] }, (distribution, logits, noise) =>
  straightThrough(
    distribution.hard(distribution.perturb(logits, noise('uniform'))),
    distribution.mean(logits),
  ),
);

/**
 * A sample, with the gradient of the mean of `slope` · logits; the slope rises from 1 in training. Chung et al. 2017 have
 * a hard sigmoid, whose gradient is zero beyond ±1 / slope; the probabilities here are sigmoids and softmaxes, so their
 * own steeper forms stand in for it (for categorical variables Paulus et al. 2021, Eq. 5, with slope = 1 / τ).
 */
export const slopeAnnealed = pathwise({ scheduled: ['slope'] }, (distribution, logits, noise, { slope }) =>
  straightThrough(
    distribution.hard(distribution.perturb(logits, noise('uniform'))),
    distribution.mean(mul(logits, slope!)),
  ),
);
