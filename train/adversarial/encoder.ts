// Encoders that learn beside a generator: from images to Gaussians over latents (Dumoulin et al. 2017, Section 2.2).
import { leakyRelu, mul, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { conv, initConv } from '../layers/convolution.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import type { HostTensors, ImageShape, Posterior, Tensors } from '../model.ts';

/** It plays on the side of the generator, and moves and is averaged with it: its parameters are under `generator/encoder/`. */
export type Encoder = {
  init(stream: Stream): HostTensors;
  /** Of images 0…1 [batch, channels, height, width]. */
  encode(params: Tensors, x: Tensor): Posterior;
};

type Config = { image: ImageShape; latent: number };

const KERNEL_SIZE = 4;
const SLOPE = 0.2;
/** Log-variances begin near this, so that latents say something of their images from the start. */
const FIRST_LOG_VARIANCE = -2;

const centred = (x: Tensor): Tensor => sub(mul(x, 2), 1);

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

/** Convolutions, each of which halves height and width; `channels` from the image inwards. */
export function convEncoder({ image, latent, channels }: Config & { channels: readonly number[] }): Encoder {
  const factor = 2 ** channels.length;
  const flat = channels.at(-1)! * Math.ceil(image.height / factor) * Math.ceil(image.width / factor);
  const last = heads(latent, flat);
  const name = (i: number) => `generator/encoder/conv-${i}`;
  return {
    init: (stream) => ({
      ...Object.assign(
        {},
        ...channels.map((count, i) =>
          initConv(stream, name(i), channels[i - 1] ?? image.channels, count, KERNEL_SIZE),
        ),
      ),
      ...last.init(stream),
    }),
    encode(params, x) {
      const features = channels.reduce(
        (y, _, i) => leakyRelu(conv(params, name(i), y, 2), SLOPE),
        centred(x),
      );
      return last.of(params, reshape(features, [x.shape[0]!, flat]));
    },
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
