// A VAE with one layer of discrete latents (Jang et al. 2017, Section 4.2): q(z|x) and p(z) factorise.
import { add, reshape, sub, sum, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { Drawn } from '../estimators/discrete/task.ts';
import { constant, logits } from '../initialisers.ts';
import { type DiscreteLayer, distributionOf, shapeOf } from '../latents/discrete.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { ImageShape, Likelihood, Tensors } from '../model.ts';
import { type ConvConfig, convNetwork } from '../networks/conv.ts';
import { type MlpConfig, mlp } from '../networks/mlp.ts';
import type { DiscreteModel } from './discrete.ts';
import { pixelDistribution } from './pixels.ts';

export type DiscreteVaeConfig = {
  image: ImageShape;
  layer: DiscreteLayer;
  /** Without batch normalisation, which would mix the rows of a task. */
  network: MlpConfig | ConvConfig;
  likelihood: Exclude<Likelihood, 'gaussian'>;
  /** All values alike, or with probabilities that are learned. */
  prior: 'uniform' | 'learned';
};

const PRIOR = 'prior/logits';

/** @throws Error when the network has batch normalisation. */
export function createDiscreteVae(config: DiscreteVaeConfig): DiscreteModel {
  const { image, layer, likelihood } = config;
  if (config.network.kind === 'conv' && config.network.batchNorm)
    throw new Error(
      'discrete-vae: the network must not have batchNorm, which makes rows depend on one another',
    );
  const shape = shapeOf(layer);
  const units = shape.reduce((product, d) => product * d, 1);
  const size = { ...image, latentDimensions: units, outputChannels: image.channels };
  const network =
    config.network.kind === 'mlp' ? mlp(config.network, size) : convNetwork(config.network, size);
  const distribution = distributionOf(layer);
  const priorLogits = (params: Tensors) => params[PRIOR] ?? zeros(shape);

  const pixels = (params: Tensors, z: Tensor) =>
    pixelDistribution(
      likelihood,
      image.channels,
      network.pixels(params, {}, reshape(z, [z.shape[0]!, units]), false).y,
    );
  const logMass = (z: Tensor, a: Tensor) => sum(distribution.logMass(z, a), -1);

  return {
    image,
    layers: [layer],
    contextUnits: image.channels * image.height * image.width,

    init(stream, pixelMeans) {
      const { params } = network.init(stream);
      Object.assign(params, initDense(stream, 'encoder/logits', network.featureUnits, units));
      if (config.prior === 'learned') params[PRIOR] = constant(shape, 0);
      const bias = params['decoder/pixels/bias'];
      if (bias) bias.data.set(logits(pixelMeans));
      return params;
    },

    task: (x) => ({
      layers: [layer],
      context: reshape(x, [x.shape[0]!, -1]),
      logits(params) {
        const features = network.features(params, {}, x, false).y;
        return reshape(dense(params, 'encoder/logits', features), [x.shape[0]!, ...shape]);
      },
      // KL(q ‖ p) in closed form, at relaxed samples too (the notebook of Jang et al.; the paper does not say).
      cost: (params, [z], [q]) =>
        sub(distribution.kl(q!, priorLogits(params)), pixels(params, z!).logDensity(x)),
    }),

    logWeight(params, x, { values: [z], logits: [q] }: Drawn) {
      const logPrior = logMass(z!, add(zeros(q!.shape), priorLogits(params)));
      return add(pixels(params, z!).logDensity(x), sub(logPrior, logMass(z!, q!)));
    },
  };
}
