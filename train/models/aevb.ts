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
  /** Default 0.01. */
  initialisation?: Initialisation;
};

/**
 * How parameters start: from a normal distribution of that deviation, biases too, or 'fan-in', weights with deviation
 * 1/√fan-in and biases with 0.01. The paper draws all from N(0, 0.01) and does not say whether that is a deviation or a
 * variance; the authors' code has had the first and the last of these.
 */
export type Initialisation = number | 'fan-in';

/** Deviation of biases at the start, and of all parameters where nothing else is asked for. */
const SMALL_DEVIATION = 0.01;

function deviationOf(initialisation: Initialisation, shape: readonly number[]): number {
  if (initialisation !== 'fan-in') return initialisation;
  return shape.length === 2 ? 1 / Math.sqrt(shape[0]!) : SMALL_DEVIATION;
}

export function createAevb({
  hidden,
  estimator = 'B',
  samples = 1,
  initialisation = SMALL_DEVIATION,
  ...config
}: AevbConfig): SamplingVae {
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
        normal(stream, shape, deviationOf(initialisation, shape)),
      ]);
      return { params: Object.fromEntries(drawn), state };
    },
  };
}
