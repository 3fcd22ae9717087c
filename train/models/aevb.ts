// The model of Auto-Encoding Variational Bayes exactly as in its Appendix C: one hidden tanh layer on either side, a
// Bernoulli MLP (Eq. 11) or a Gaussian one (Eq. 12, mean through a sigmoid) as decoder.
import { normal } from '../initialisers.ts';
import type { ImageShape } from '../model.ts';
import { createVae, type SamplingVae, type VaeConfig } from './vae.ts';

export type AevbConfig = {
  image: ImageShape;
  latentDimensions: number;
  /** Units of the hidden layer, alike in encoder and decoder. */
  hidden: number;
  likelihood: 'bernoulli' | 'gaussian';
  estimator?: VaeConfig['estimator'];
  /** L of Eqs. 6 and 7. */
  samples?: number;
  freeNats?: number;
};

/** Every parameter is drawn from N(0, 0.01); the authors' code reads it as a deviation, not a variance. */
export const INITIAL_DEVIATION = 0.01;

export function createAevb({ hidden, estimator = 'B', samples = 1, ...config }: AevbConfig): SamplingVae {
  const vae = createVae({
    ...config,
    estimator,
    samples,
    network: { kind: 'mlp', hidden: [hidden], activation: 'tanh' },
    logVarianceFloor: Number.NEGATIVE_INFINITY,
  });
  return {
    ...vae,
    init(stream, pixelMeans) {
      const { params, state } = vae.init(stream, pixelMeans);
      const drawn = Object.entries(params).map(([name, { shape }]) => [
        name,
        normal(stream, shape, INITIAL_DEVIATION),
      ]);
      return { params: Object.fromEntries(drawn), state };
    },
  };
}
