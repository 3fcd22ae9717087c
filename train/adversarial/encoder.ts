// Encoders that learn beside a generator: from images to Gaussians over latents (Dumoulin et al. 2017).
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import type { HostTensors, ImageShape, Posterior, Tensors } from '../model.ts';
import { centred, convFeatures } from './conv-features.ts';

/** It plays on the side of the generator, and moves and is averaged with it: its parameters are under `generator/encoder/`. */
export type Encoder = {
  init(stream: Stream): HostTensors;
  /** Of images 0…1 [batch, channels, height, width]. */
  encode(params: Tensors, x: Tensor): Posterior;
};

type Config = { image: ImageShape; latent: number };

/** Log-variances begin near this, so that latents say something of their images from the start. */
const FIRST_LOG_VARIANCE = -2;

function heads(latent: number, units: number) {
  return {
    init: (stream: Stream): HostTensors => {
      const variance = initDense(stream, 'generator/encoder/log-variance', units, latent);
      variance['generator/encoder/log-variance/bias']!.data.fill(FIRST_LOG_VARIANCE);
      return { ...initDense(stream, 'generator/encoder/mean', units, latent), ...variance };
    },
    of: (params: Tensors, features: Tensor): Posterior => ({
      mean: dense(params, 'generator/encoder/mean', features),
      logVariance: dense(params, 'generator/encoder/log-variance', features),
    }),
  };
}

/** Convolutions; `channels` from the image inwards. */
export function convEncoder({ image, latent, channels }: Config & { channels: readonly number[] }): Encoder {
  const seen = convFeatures(image, channels, 'generator/encoder');
  const last = heads(latent, seen.units);
  return {
    init: (stream) => ({ ...seen.init(stream), ...last.init(stream) }),
    encode: (params, x) => last.of(params, seen.of(params, x)),
  };
}

/** Hidden layers of leaky rectifiers, from the image inwards. */
export function mlpEncoder({ image, latent, hidden }: Config & { hidden: readonly number[] }): Encoder {
  const pixels = image.channels * image.height * image.width;
  const last = heads(latent, hidden.at(-1)!);
  const layers = 'generator/encoder/layer';
  return {
    init: (stream) => ({ ...initStack(stream, layers, pixels, hidden), ...last.init(stream) }),
    encode: (params, x) =>
      last.of(params, stack(params, layers, reshape(centred(x), [-1, pixels]), hidden, 'leaky-relu')),
  };
}
