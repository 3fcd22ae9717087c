// What holds a critic back besides its loss.
import {
  add,
  clipByValue,
  div,
  mean,
  moments,
  mul,
  reshape,
  type Scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { gradientPenalty, inputGradient } from '../layers/input-gradient.ts';
import type { NoiseSpec, Tensors } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';

export type Penalty = {
  /** Noise for `batch` images of `shape`. */
  noise(batch: number, shape: readonly number[]): Record<string, NoiseSpec>;
  /** Mean over the batch, without its weight. `score` gives [batch] for images [batch, …]. */
  of(score: (x: Tensor) => Tensor, real: Tensor, fake: Tensor, noise: Tensors): Scalar;
};

const share: Penalty['noise'] = (batch, shape) => ({
  mix: { shape: [batch, ...shape.map(() => 1)], distribution: 'uniform' },
});

export const PENALTIES = {
  /** (‖∇D‖ − 1)² at ε x + (1 − ε) G(z), ε ~ U(0, 1) for each pair (Gulrajani et al. 2017, Eq. 3). */
  'wgan-gp': {
    noise: share,
    of: (score, real, fake, { mix }) => gradientPenalty(score, add(fake, mul(mix!, sub(real, fake)))),
  },
  /** The same at real images with noise of up to half their deviation (Kodali et al. 2017, Algorithm 1). */
  dragan: {
    noise: (batch, shape) => ({
      ...share(batch, shape),
      shake: { shape: [batch, ...shape], distribution: 'uniform' },
    }),
    of(score, real, _fake, { mix, shake }) {
      const deviation = sqrt(moments(real).variance);
      return gradientPenalty(score, add(real, mul(mul(mix!, shake!), mul(deviation, 0.5))));
    },
  },
  /** ½ ‖∇D‖² at real images (Mescheder et al. 2018, Eq. 9). */
  r1: {
    noise: () => ({}),
    of(score, real) {
      const slope = reshape(inputGradient(score, real), [real.shape[0]!, -1]);
      return div(mean(sum(square(slope), 1)), 2) as Scalar;
    },
  },
} satisfies Record<string, Penalty>;

export type PenaltyName = keyof typeof PENALTIES;

/** Weights that stay within ±`limit` after every step (Arjovsky et al. 2017, Algorithm 1). */
export const withClipping = (optimiser: Optimiser, limit: number): Optimiser => ({
  init: optimiser.init,
  update(params, gradients, state, learningRate, schedule) {
    const moved = optimiser.update(params, gradients, state, learningRate, schedule);
    const clipped = Object.entries(moved.params).map(([name, w]) => [name, clipByValue(w, -limit, limit)]);
    return { params: Object.fromEntries(clipped), state: moved.state };
  },
});
