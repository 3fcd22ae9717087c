// The variational auto-encoder (Kingma & Welling 2013): Gaussian posterior, standard normal prior.
import {
  add,
  exp,
  mean,
  mul,
  neg,
  type Scalar,
  sigmoid,
  slice,
  softplus,
  sub,
  type Tensor,
  tile,
} from '@tensorflow/tfjs-core';
import { bySample, ESTIMATORS, type Estimator } from '../estimators.ts';
import { logits } from '../initialisers.ts';
import { dense, initDense } from '../layers/dense.ts';
import {
  bernoulliLogDensity,
  continuousBernoulliLogDensity,
  continuousBernoulliMean,
  gaussianKl,
  gaussianLogDensity,
  standardNormalLogDensity,
} from '../likelihoods.ts';
import type { ImageShape, Likelihood, Tensors, Vae } from '../model.ts';
import { type ConvConfig, convNetwork } from './conv.ts';
import { type MlpConfig, mlp } from './mlp.ts';

export type VaeConfig = {
  image: ImageShape;
  latentDimensions: number;
  network: MlpConfig | ConvConfig;
  likelihood: Likelihood;
  estimator: Estimator;
  /** Posterior samples of each image in one estimate: L of Eqs. 6 and 7, k of the importance-weighted bound. */
  samples: number;
};

/** What the decoder's output channels mean: logits, or mean (through a sigmoid) and log-variance. */
type Pixels = { mean: Tensor; logDensity(x: Tensor): Tensor };

/** Smallest log-variance of a Gaussian pixel: half a grey level. A flat pixel would drive it to −∞. */
const LOG_VARIANCE_FLOOR = 2 * Math.log(0.5 / 255);

function pixelDistribution(likelihood: Likelihood, channels: number, y: Tensor): Pixels {
  if (likelihood !== 'gaussian')
    return {
      mean: likelihood === 'bernoulli' ? sigmoid(y) : continuousBernoulliMean(y),
      logDensity: (x) =>
        (likelihood === 'bernoulli' ? bernoulliLogDensity : continuousBernoulliLogDensity)(x, y),
    };
  const half = (first: number) => slice(y, [0, first, 0, 0], [-1, channels, -1, -1]);
  const pixelMean = sigmoid(half(0));
  const logVariance = add(softplus(sub(half(channels), LOG_VARIANCE_FLOOR)), LOG_VARIANCE_FLOOR);
  return { mean: pixelMean, logDensity: (x) => gaussianLogDensity(x, pixelMean, logVariance) };
}

export function createVae(config: VaeConfig): Vae {
  const { image, latentDimensions, likelihood, estimator, samples } = config;
  const outputChannels = image.channels * (likelihood === 'gaussian' ? 2 : 1);
  const size = { ...image, latentDimensions, outputChannels };
  const network =
    config.network.kind === 'mlp' ? mlp(config.network, size) : convNetwork(config.network, size);

  const posterior = (params: Tensors, state: Tensors, x: Tensor, training: boolean) => {
    const features = network.features(params, state, x, training);
    return {
      mean: dense(params, 'encoder/mean', features.y),
      logVariance: dense(params, 'encoder/log-variance', features.y),
      state: features.state,
    };
  };
  const decodeWith = (params: Tensors, state: Tensors, z: Tensor, training: boolean) => {
    const { y, state: next } = network.pixels(params, state, z, training);
    return { pixels: pixelDistribution(likelihood, image.channels, y), state: next };
  };

  return {
    image,
    latentDimensions,
    likelihood,

    init(stream, pixelMeans) {
      const { params, state } = network.init(stream);
      Object.assign(
        params,
        initDense(stream, 'encoder/mean', network.featureUnits, latentDimensions),
        initDense(stream, 'encoder/log-variance', network.featureUnits, latentDimensions),
      );
      // The decoder starts from the mean image, so that the first epochs are not spent on finding it.
      const bias = params['decoder/pixels/bias'];
      if (bias) bias.data.set(logits(pixelMeans));
      return { params, state };
    },

    lossNoise: (batch) => ({
      epsilon: { shape: [samples * batch, latentDimensions], distribution: 'normal' },
    }),

    loss(params, state, x, noise, { klWeight }) {
      const repeat = (t: Tensor) =>
        samples === 1 ? t : tile(t, [samples, ...Array<number>(t.rank - 1).fill(1)]);
      const q = posterior(params, state, x, true);
      const [qMean, qLogVariance] = [repeat(q.mean), repeat(q.logVariance)];
      // z = μ + σ ε (Eq. 4)
      const z = add(qMean, mul(exp(mul(qLogVariance, 0.5)), noise.epsilon!));
      const decoded = decodeWith(params, state, z, true);
      const terms = {
        logLikelihood: bySample(decoded.pixels.logDensity(repeat(x)), samples),
        logPrior: bySample(standardNormalLogDensity(z), samples),
        logPosterior: bySample(gaussianLogDensity(z, qMean, qLogVariance), samples),
        kl: gaussianKl(q.mean, q.logVariance),
      };
      const reconstruction = mean(terms.logLikelihood) as Scalar;
      const kl = mean(terms.kl) as Scalar;
      return {
        loss: neg(mean(ESTIMATORS[estimator](terms, klWeight))) as Scalar,
        metrics: { elbo: sub(reconstruction, kl) as Scalar, reconstruction, kl },
        state: { ...state, ...q.state, ...decoded.state },
      };
    },

    encode(params, state, x) {
      const { mean: qMean, logVariance } = posterior(params, state, x, false);
      return { mean: qMean, logVariance };
    },

    decode: (params, state, z) => decodeWith(params, state, z, false).pixels.mean,

    logLikelihood: (params, state, x, z) => decodeWith(params, state, z, false).pixels.logDensity(x),
  };
}
