// A generator and a critic of points on a line, as images of one pixel: small, smooth, and free of batch statistics.
import { reshape } from '@tensorflow/tfjs-core';
import type { Critic } from '../../adversarial/critic.ts';
import type { Generator } from '../../adversarial/generator.ts';
import { dense, initDense, initStack, stack } from '../../layers/dense.ts';

export const POINT = { channels: 1, height: 1, width: 1 } as const;

/** From one latent to one number, anywhere on the line. */
export function pointGenerator(hidden: readonly number[]): Generator {
  return {
    init: (stream) => ({
      params: {
        ...initStack(stream, 'generator/hidden', 1, hidden),
        ...initDense(stream, 'generator/point', hidden.at(-1)!, 1),
      },
      state: {},
    }),
    generate(params, _state, z) {
      const features = stack(params, 'generator/hidden', z, hidden, 'tanh');
      const points = dense(params, 'generator/point', features);
      return { images: reshape(points, [z.shape[0]!, 1, 1, 1]), state: {} };
    },
  };
}

export function pointCritic(hidden: readonly number[]): Critic {
  return {
    kernels: [],
    init: (stream) => ({
      ...initStack(stream, 'critic/hidden', 1, hidden),
      ...initDense(stream, 'critic/score', hidden.at(-1)!, 1),
    }),
    noise: () => ({}),
    score(params, { x }) {
      const features = stack(params, 'critic/hidden', reshape(x, [-1, 1]), hidden, 'tanh');
      return { score: reshape(dense(params, 'critic/score', features), [-1]) };
    },
  };
}
