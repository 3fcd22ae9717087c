// The variational auto-encoder (Kingma & Welling 2013): Gaussian posterior, standard normal prior.
import { add, exp, mean, mul, neg, type Scalar, sub, type Tensor, tile } from '@tensorflow/tfjs-core';
import { bySample, ESTIMATORS, type Estimator } from '../estimators.ts';
import { logits } from '../initialisers.ts';
import { dense, initDense } from '../layers/dense.ts';
import { freeBitsKl, gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { ImageShape, Likelihood, NoiseSpec, Tensors, Vae } from '../model.ts';
import { type ConvConfig, convNetwork } from './conv.ts';
import { type MlpConfig, mlp } from './mlp.ts';
import { pixelDistribution } from './pixels.ts';

export type VaeConfig = {
  image: ImageShape;
  latentDimensions: number;
  network: MlpConfig | ConvConfig;
  likelihood: Likelihood;
  estimator: Estimator;
  /** Posterior samples of each image in one estimate: L of Eqs. 6 and 7, k of the importance-weighted bound. */
  samples: number;
  /** Least log-variance of a Gaussian pixel, default half a grey level; −Infinity for none. */
  logVarianceFloor?: number;
  /** Nats of KL that each latent dimension has free, estimator B alone; default 0. */
  freeNats?: number;
};

/** A VAE whose p(x|z) can also be drawn from. */
export type SamplingVae = Vae & {
  /** Noise that `sample` takes for `batch` images. */
  pixelNoise(batch: number): NoiseSpec;
  /** Images drawn from p(x|z), [batch, channels, height, width], inference mode. */
  sample(params: Tensors, state: Tensors, z: Tensor, noise: Tensor): Tensor;
};

export function createVae(config: VaeConfig): SamplingVae {
  const { image, latentDimensions, likelihood, estimator, samples, freeNats = 0 } = config;
  if (freeNats > 0 && estimator !== 'B')
    throw new Error(`vae: freeNats ${freeNats} needs the KL term of estimator B, got estimator ${estimator}`);
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
    const pixels = pixelDistribution(likelihood, image.channels, y, config.logVarianceFloor);
    return { pixels, state: next };
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
        kl: freeNats > 0 ? freeBitsKl(q.mean, q.logVariance, freeNats) : gaussianKl(q.mean, q.logVariance),
      };
      const reconstruction = mean(terms.logLikelihood) as Scalar;
      const kl = mean(gaussianKl(q.mean, q.logVariance)) as Scalar;
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

    pixelNoise: (batch) => ({
      shape: [batch, image.channels, image.height, image.width],
      distribution: likelihood === 'gaussian' ? 'normal' : 'uniform',
    }),

    sample: (params, state, z, noise) => decodeWith(params, state, z, false).pixels.sample(noise),
  };
}
