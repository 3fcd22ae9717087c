// Gumbel-Rao (Paulus, Maddison & Krause 2021): straight-through Gumbel-Softmax, averaged over the noise that would have
// given the same sample. Less variance, same expectation.
import { add, expandDims, mean, sub } from '@tensorflow/tfjs-core';
import { relax } from '../../latents/gumbel-softmax.ts';
import { noGradient } from '../../layers/no-gradient.ts';
import { type DiscreteEstimator, pathwise, straightThrough, uniformNoise } from './task.ts';

/**
 * Eqs. 7, 9 and 10 with K = `samples` conditional draws for every value. The noise of a draw is held fixed in the
 * derivative, which makes K = 1 straight-through Gumbel-Softmax.
 */
export const gumbelRao = (samples: number): DiscreteEstimator =>
  pathwise(
    {
      scheduled: ['temperature'],
      noise: (layers, rows) => ({
        ...uniformNoise('uniform', layers, rows),
        ...uniformNoise('conditional', layers, rows, samples),
      }),
    },
    (distribution, logits, noise, { temperature }) => {
      const value = distribution.hard(distribution.perturb(logits, noise('uniform')));
      const gumbels = noGradient(() =>
        sub(distribution.perturbGiven(expandDims(value), expandDims(logits), noise('conditional')), logits),
      );
      return straightThrough(value, mean(relax(distribution, add(logits, gumbels), temperature!), 0));
    },
  );
