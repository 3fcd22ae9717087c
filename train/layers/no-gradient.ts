// Computing without derivatives: what is made here is a constant to whatever differentiates around it.
import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * The value of `compute`, off the tape: nothing flows back through it, not even zeros, so that it may hold operations
 * that have no gradient and costs no backward pass. `compute` must not differentiate anything itself.
 */
export const noGradient = (compute: () => Tensor): Tensor =>
  customGrad(() => ({ value: compute().clone(), gradFunc: () => [] }))();
