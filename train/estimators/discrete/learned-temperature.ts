// Gumbel-Softmax whose temperature is learned with everything else, as the outlook of Jang, Gu & Poole 2017 proposes.
import { type Scalar, softplus } from '@tensorflow/tfjs-core';
import { gumbelSoftmax } from './gumbel-softmax.ts';
import type { DiscreteEstimator } from './task.ts';

/** τ = softplus of this parameter, one for all layers. */
export const TEMPERATURE = 'estimator/temperature';
/** softplus⁻¹(1): training begins at τ = 1. */
const FIRST = Math.log(Math.E - 1);

/** Descends the cost of relaxed samples in τ too; it is not bounded below but by what the cost makes of cold samples. */
export const learnedGumbelSoftmax: DiscreteEstimator = {
  ...gumbelSoftmax,
  scheduled: [],
  init: () => ({ params: { [TEMPERATURE]: { shape: [], data: Float32Array.of(FIRST) } }, state: {} }),
  surrogate(task, params, state, noise, schedule) {
    const temperature = softplus(params[TEMPERATURE]!) as Scalar;
    const result = gumbelSoftmax.surrogate(task, params, state, noise, { ...schedule, temperature });
    return { ...result, metrics: { ...result.metrics, temperature } };
  },
};
