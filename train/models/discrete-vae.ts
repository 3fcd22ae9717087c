// A VAE with one layer of discrete latents (Jang et al. 2017, Section 4.2); q(z|x) factorises, p(z) need not.
import { add, mul, reshape, sub, sum, type Tensor, zeros } from '@tensorflow/tfjs-core';
import { logits } from '../initialisers.ts';
import { distributionOf } from '../latents/discrete.ts';
import { type DiscreteLayer, shapeOf } from '../latents/layer.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { ImageShape, Likelihood, Tensors } from '../model.ts';
import { createNetwork, type NetworkConfig } from '../networks/create.ts';
import { type CodePriorKind, codePrior } from './code-prior.ts';
import type { DiscreteModel } from './discrete.ts';
import { type Pixels, pixelDistribution } from './pixels.ts';

export type DiscreteVaeConfig = {
  image: ImageShape;
  layer: DiscreteLayer;
  /** Without batch normalisation, which would mix the rows of a task. */
  network: NetworkConfig;
  likelihood: Exclude<Likelihood, 'gaussian'>;
  prior: CodePriorKind;
  /** Width of an autoregressive prior. */
  priorHidden?: number;
};

export type DiscreteVae = DiscreteModel & {
  /** p(x|z) at values or relaxed values [rows, …`shapeOf`]. */
  pixels(params: Tensors, z: Tensor): Pixels;
  /** Logits of p(z), each variable given those before it in `z` [rows, …`shapeOf`]; without rows where none matters. */
  priorLogits(params: Tensors, z: Tensor): Tensor;
};

/** @throws Error when the network has batch normalisation. */
export function createDiscreteVae(config: DiscreteVaeConfig): DiscreteVae {
  const { image, layer, likelihood } = config;
  if (config.network.kind === 'conv' && config.network.batchNorm)
    throw new Error(
      'discrete-vae: the network must not have batchNorm, which makes rows depend on one another',
    );
  const shape = shapeOf(layer);
  const units = shape.reduce((product, d) => product * d, 1);
  const size = { ...image, latentDimensions: units, outputChannels: image.channels };
  const network = createNetwork(config.network, size);
  const distribution = distributionOf(layer);
  const prior = codePrior(config.prior, layer, config.priorHidden ?? 0);
  const logMass = (z: Tensor, a: Tensor) => sum(distribution.logMass(z, a), -1);
  const uniformEntropy = layer.variables * Math.log(layer.kind === 'bernoulli' ? 2 : layer.classes);

  const pixels = (params: Tensors, z: Tensor) => {
    const { y } = network.pixels(params, {}, reshape(z, [z.shape[0]!, units]), false);
    return pixelDistribution(likelihood, image.channels, y);
  };

  /**
   * KL(q ‖ p), [rows]: in closed form, at relaxed samples too (the notebook of Jang et al.; the paper does not say), but
   * for log p(z) of an autoregressive prior, which is taken at the sample.
   */
  const kl = (params: Tensors, z: Tensor, q: Tensor): Tensor => {
    const p = prior.logits(params, z);
    if (config.prior !== 'autoregressive') return distribution.kl(q, p);
    const negativeEntropy = sub(distribution.kl(q, zeros(shape)), uniformEntropy);
    return sub(negativeEntropy, logMass(z, p));
  };

  return {
    image,
    layers: [layer],
    likelihood,
    pixels,
    priorLogits: prior.logits,

    init(stream, pixelMeans) {
      const { params } = network.init(stream);
      Object.assign(
        params,
        initDense(stream, 'encoder/logits', network.featureUnits, units),
        prior.init(stream),
      );
      const bias = params['decoder/pixels/bias'];
      if (bias) bias.data.set(logits(pixelMeans));
      return params;
    },

    logits(params, x) {
      const features = network.features(params, {}, x, false).y;
      return reshape(dense(params, 'encoder/logits', features), [x.shape[0]!, ...shape]);
    },

    cost(params, x, [z], [q], klWeight) {
      const charged = kl(params, z!, q!);
      return sub(klWeight ? mul(charged, klWeight) : charged, pixels(params, z!).logDensity(x));
    },

    logWeight(params, x, { values: [z], logits: [q] }) {
      const logPrior = logMass(z!, prior.logits(params, z!));
      return add(pixels(params, z!).logDensity(x), sub(logPrior, logMass(z!, q!)));
    },
  };
}
