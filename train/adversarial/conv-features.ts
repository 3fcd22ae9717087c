// What critics and encoders look at images with: convolutions of leaky rectifiers, each of which halves height and width
// (Radford et al. 2016).
import { leakyRelu, mul, reshape, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { conv, initConv } from '../layers/convolution.ts';
import type { HostTensors, ImageShape, Tensors } from '../model.ts';

const KERNEL_SIZE = 4;
export const SLOPE = 0.2;

/** Pixels 0…1 as −1…1. */
export const centred = (x: Tensor): Tensor => sub(mul(x, 2), 1);

/** `channels` from the image inwards; parameters are under `prefix`. */
export function convFeatures(
  image: Omit<ImageShape, 'channels'> & { channels: number },
  channels: readonly number[],
  prefix: string,
) {
  const factor = 2 ** channels.length;
  const units = channels.at(-1)! * Math.ceil(image.height / factor) * Math.ceil(image.width / factor);
  const name = (i: number) => `${prefix}/conv-${i}`;
  return {
    units,
    kernels: channels.map((_, i) => `${name(i)}/kernel`),
    init: (stream: Stream): HostTensors =>
      Object.assign(
        {},
        ...channels.map((count, i) =>
          initConv(stream, name(i), channels[i - 1] ?? image.channels, count, KERNEL_SIZE),
        ),
      ),
    /** [batch, units] of images 0…1 [batch, channels, height, width]. */
    of: (params: Tensors, x: Tensor): Tensor => {
      const y = channels.reduce((h, _, i) => leakyRelu(conv(params, name(i), h, 2), SLOPE), centred(x));
      return reshape(y, [x.shape[0]!, units]);
    },
  };
}
