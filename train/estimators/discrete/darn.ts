// The estimator of deep autoregressive networks, alias "1/2" (Gregor et al. 2014), in the form of Gu et al. 2016,
// Eqs. 5 to 7: the baseline is a Taylor expansion of the cost around the sample, and its mean is dropped.
import { expandDims, mul, sub } from '@tensorflow/tfjs-core';
import { noGradient } from '../../layers/no-gradient.ts';
import { pathwise, straightThrough } from './task.ts';

/**
 * f'(z) · (z − z̄) ∇ log p(z) of each variable, z̄ = 1 / classes. For Bernoulli variables its expectation is
 * ½ (f'(0) + f'(1)) ∇μ, exact for quadratic f. For categorical ones no z̄ is published; 1/k is the one that Gu et al. report.
 */
export const darn = pathwise({ scheduled: [] }, (distribution, logits, noise, _, layer) => {
  const value = distribution.hard(distribution.perturb(logits, noise('uniform')));
  const logMass = distribution.logMass(value, logits);
  const [classes, perVariable] =
    layer.kind === 'bernoulli' ? [2, logMass] : [layer.classes, expandDims(logMass, -1)];
  return straightThrough(
    value,
    mul(
      noGradient(() => sub(value, 1 / classes)),
      perVariable,
    ),
  );
});
