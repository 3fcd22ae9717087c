// Two stochastic layers (Kingma & Welling 2013, Section 7): z₂ ~ N(0, I), z₁ ~ N(μ(z₂), σ²(z₂)), x ~ p(x|z₁), with
// z₁ = μ + σ ε₁. The posterior of ε₁ sees the image and what z₂ became, so each layer says only what is new.
import { add, concat, exp, mul, type Tensor } from '@tensorflow/tfjs-core';
import { ACTIVATIONS } from '../layers/activations.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { Tensors, Vae } from '../model.ts';
import { createNetwork, type NetworkConfig } from '../networks/create.ts';
import { createStructuredVae, type StructuredConfig } from './structured.ts';

export type HierarchicalConfig = StructuredConfig & {
  network: NetworkConfig;
  /** Latents of the layer next to the pixels, and of the one above it. */
  latentDimensions: number;
  topLatentDimensions: number;
};

export function createHierarchicalVae(config: HierarchicalConfig): Vae {
  const { image, network: kind, latentDimensions, topLatentDimensions, likelihood } = config;
  const outputChannels = image.channels * (likelihood === 'gaussian' ? 2 : 1);
  const size = { ...image, latentDimensions, outputChannels };
  const network = createNetwork(kind, size);
  const units = network.featureUnits;
  const activate = ACTIVATIONS[kind.activation];
  const gaussian = (params: Tensors, name: string, h: Tensor) => ({
    mean: dense(params, `${name}/mean`, h),
    logVariance: dense(params, `${name}/log-variance`, h),
  });

  return createStructuredVae(config, {
    groups: [topLatentDimensions, latentDimensions],

    init(stream) {
      const { params, state } = network.init(stream);
      Object.assign(
        params,
        initDense(stream, 'encoder/top/mean', units, topLatentDimensions),
        initDense(stream, 'encoder/top/log-variance', units, topLatentDimensions),
        initDense(stream, 'encoder/merge', 2 * units, units),
        initDense(stream, 'encoder/mean', units, latentDimensions),
        initDense(stream, 'encoder/log-variance', units, latentDimensions),
        initDense(stream, 'decoder/top', topLatentDimensions, units),
        initDense(stream, 'decoder/prior/mean', units, latentDimensions),
        initDense(stream, 'decoder/prior/log-variance', units, latentDimensions),
      );
      return { params, state };
    },

    features(params, state, x, training) {
      const { y, state: next } = network.features(params, state, x, training);
      return { ofGroups: [y, y], state: next };
    },

    // Nothing comes before the top layer.
    start: (params) => params['decoder/top/bias']!,

    posterior(params, features, before, g) {
      if (g === 0) return gaussian(params, 'encoder/top', features);
      const merged = activate(dense(params, 'encoder/merge', concat([features, before], 1)));
      return gaussian(params, 'encoder', merged);
    },

    advance(params, before, epsilon, g) {
      if (g === 0) return activate(dense(params, 'decoder/top', epsilon));
      const prior = gaussian(params, 'decoder/prior', before);
      return add(prior.mean, mul(exp(mul(prior.logVariance, 0.5)), epsilon));
    },

    pixels: (params, state, after, training) => network.pixels(params, state, after[1]!, training),
  });
}
