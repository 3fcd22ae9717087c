// Kernels of a critic, normalised before they are used.

import type { Stream } from '../../core/sampling/stream.ts';
import { initSpectralNorm, powerIteration, spectralNorm } from '../layers/spectral-norm.ts';
import { initWeightNorm, weightNorm } from '../layers/weight-norm.ts';
import type { HostTensors, Tensors, Weights } from '../model.ts';

export type Normalisation = {
  /** Parameters and state that it adds to those of the critic. */
  init(stream: Stream, params: HostTensors, kernels: readonly string[]): Weights;
  /** For one step from `params`: what its weights are used as, differentiable in them, and the next state. */
  begin(
    params: Tensors,
    state: Tensors,
    kernels: readonly string[],
  ): { use(params: Tensors): Tensors; state: Tensors };
};

export const NORMALISATIONS = {
  none: {
    init: () => ({ params: {}, state: {} }),
    begin: () => ({ use: (params) => params, state: {} }),
  },
  spectral: {
    init: (stream, params, kernels) => ({ params: {}, state: initSpectralNorm(stream, params, kernels) }),
    begin(params, state, kernels) {
      const directions = powerIteration(params, state, kernels);
      return { use: (at) => spectralNorm(at, directions), state: directions.left };
    },
  },
  weight: {
    init: (_stream, params, kernels) => ({ params: initWeightNorm(params, kernels), state: {} }),
    begin: (_params, _state, kernels) => ({ use: (at) => weightNorm(at, kernels), state: {} }),
  },
} satisfies Record<string, Normalisation>;

export type NormalisationName = keyof typeof NORMALISATIONS;
