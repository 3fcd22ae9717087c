// The variational auto-encoder (Kingma & Welling 2013): Gaussian posterior, standard normal prior.
import { concat, type Tensor } from '@tensorflow/tfjs-core';
import { bySample, type Estimator } from '../estimators/bounds.ts';
import { constant, logits } from '../initialisers.ts';
import { dense, initDense } from '../layers/dense.ts';
import { freeBitsKl, gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { ImageShape, Likelihood, NoiseSpec, Tensors, Vae } from '../model.ts';
import { createNetwork, type NetworkConfig } from '../networks/create.ts';
import { pixelDistribution } from './pixels.ts';
import { boundLoss, reparameterise, repeat } from './posterior.ts';

const SHARED_VARIANCE = 'decoder/log-variance';
/** About that of the pixels of a photograph. */
const FIRST_VARIANCE = 0.05;

export type VaeConfig = {
  image: ImageShape;
  latentDimensions: number;
  network: NetworkConfig;
  likelihood: Likelihood;
  estimator: Estimator;
  /** Posterior samples of each image in one estimate: L of Eqs. 6 and 7, k of the importance-weighted bound. */
  samples: number;
  /** Least log-variance of a Gaussian pixel, default half a grey level; −Infinity for none. */
  logVarianceFloor?: number;
  /** All Gaussian pixels have one variance, which is learned (Rybkin et al. 2021); default one each. */
  sharedVariance?: boolean;
  /** Nats of KL that each latent dimension has free, estimator B alone; default 0. */
  freeNats?: number;
  /** Classes of the labels that the model is conditional on (Sohn et al. 2015); default none. */
  classes?: number;
};

/** A VAE whose p(x|z) can also be drawn from. */
export type SamplingVae = Vae & {
  /** As of any VAE; `labels` may have k · batch rows, all images k times over, and so has the posterior. */
  encode: Vae['encode'];
  /** Noise that `sample` takes for `batch` images. */
  pixelNoise(batch: number): NoiseSpec;
  /** Images drawn from p(x|z), [batch, channels, height, width], inference mode. */
  sample(params: Tensors, state: Tensors, z: Tensor, noise: Tensor, labels?: Tensor): Tensor;
};

/** @throws Error naming the rule, when a conditional model is given no labels, or another one some. */
function withLabels(t: Tensor, classes: number | undefined, labels: Tensor | undefined): Tensor {
  if (classes !== labels?.shape[1])
    throw new Error(
      classes === undefined
        ? `vae: the model is not conditional, but got labels [${labels?.shape}]`
        : `vae: the model needs one-hot labels [${t.shape[0]}, ${classes}], got ${labels ? `[${labels.shape}]` : 'none'}`,
    );
  return labels ? concat([t, labels], 1) : t;
}

export function createVae(config: VaeConfig): SamplingVae {
  const { image, latentDimensions, likelihood, estimator, samples, freeNats = 0, classes } = config;
  if (freeNats > 0 && estimator !== 'B')
    throw new Error(`vae: freeNats ${freeNats} needs the KL term of estimator B, got estimator ${estimator}`);
  const { sharedVariance = false } = config;
  if (sharedVariance && likelihood !== 'gaussian')
    throw new Error(`vae: sharedVariance needs Gaussian pixels, got ${likelihood}`);
  const outputChannels = image.channels * (likelihood === 'gaussian' && !sharedVariance ? 2 : 1);
  const labelUnits = classes ?? 0;
  // A label comes to the networks beside the features and beside the latents.
  const size = { ...image, latentDimensions: latentDimensions + labelUnits, outputChannels };
  const network = createNetwork(config.network, size);

  const posterior = (params: Tensors, state: Tensors, x: Tensor, training: boolean, labels?: Tensor) => {
    const features = network.features(params, state, x, training);
    // What each image has of its own is computed once, however many labels it is taken with.
    const times = labels ? labels.shape[0]! / features.y.shape[0]! : 1;
    const h = withLabels(repeat(features.y, times), classes, labels);
    return {
      mean: dense(params, 'encoder/mean', h),
      logVariance: dense(params, 'encoder/log-variance', h),
      state: features.state,
    };
  };
  const decodeWith = (params: Tensors, state: Tensors, z: Tensor, training: boolean, labels?: Tensor) => {
    const { y, state: next } = network.pixels(params, state, withLabels(z, classes, labels), training);
    const pixels = pixelDistribution(likelihood, image.channels, y, {
      floor: config.logVarianceFloor,
      shared: params[SHARED_VARIANCE],
    });
    return { pixels, state: next };
  };

  return {
    image,
    latentDimensions,
    likelihood,
    ...(classes === undefined ? {} : { classes }),

    init(stream, pixelMeans) {
      const { params, state } = network.init(stream);
      const features = network.featureUnits + labelUnits;
      Object.assign(
        params,
        initDense(stream, 'encoder/mean', features, latentDimensions),
        initDense(stream, 'encoder/log-variance', features, latentDimensions),
        sharedVariance ? { [SHARED_VARIANCE]: constant([1], Math.log(FIRST_VARIANCE)) } : {},
      );
      // The decoder starts from the mean image, so that the first epochs are not spent on finding it.
      const bias = params['decoder/pixels/bias'];
      if (bias) bias.data.set(logits(pixelMeans));
      return { params, state };
    },

    lossNoise: (batch) => ({
      epsilon: { shape: [samples * batch, latentDimensions], distribution: 'normal' },
    }),

    loss(params, state, x, noise, { klWeight }, labels) {
      const q = posterior(params, state, x, true, labels);
      const [qMean, qLogVariance] = [repeat(q.mean, samples), repeat(q.logVariance, samples)];
      const z = reparameterise(qMean, qLogVariance, noise.epsilon!);
      const decoded = decodeWith(params, state, z, true, labels && repeat(labels, samples));
      const terms = {
        logLikelihood: bySample(decoded.pixels.logDensity(repeat(x, samples)), samples),
        logPrior: bySample(standardNormalLogDensity(z), samples),
        logPosterior: bySample(gaussianLogDensity(z, qMean, qLogVariance), samples),
        kl: gaussianKl(q.mean, q.logVariance),
      };
      const charged = freeNats > 0 ? freeBitsKl(q.mean, q.logVariance, freeNats) : terms.kl;
      return {
        ...boundLoss(terms, estimator, klWeight!, charged),
        state: { ...state, ...q.state, ...decoded.state },
      };
    },

    encode(params, state, x, labels) {
      const { mean, logVariance } = posterior(params, state, x, false, labels);
      return { mean, logVariance };
    },

    decode: (params, state, z, labels) => decodeWith(params, state, z, false, labels).pixels.mean,

    pixelParameters: (params, state, z, labels) =>
      decodeWith(params, state, z, false, labels).pixels.parameters,

    logLikelihood: (params, state, x, z, labels) =>
      decodeWith(params, state, z, false, labels).pixels.logDensity(x),

    pixelNoise: (batch) => ({
      shape: [batch, image.channels, image.height, image.width],
      distribution: likelihood === 'gaussian' ? 'normal' : 'uniform',
    }),

    sample: (params, state, z, noise, labels) =>
      decodeWith(params, state, z, false, labels).pixels.sample(noise),
  };
}
