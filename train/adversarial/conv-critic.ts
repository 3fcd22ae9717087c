// A critic of strided convolutions under spectral normalisation; of a conditional model with Miyato & Koyama's
// projection (2018, Eq. 3): the score is linear in the features, plus the inner product of features and label.
import {
  add,
  leakyRelu,
  matMul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { normal } from '../initialisers.ts';
import { conv, initConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, ImageShape, Tensors } from '../model.ts';

export type Critic = {
  /** Kernels under spectral normalisation. */
  kernels: string[];
  init(stream: Stream): HostTensors;
  /** [batch]; above 0 for images that look real. */
  score(params: Tensors, x: Tensor, labels: Tensor | undefined): Tensor;
};

const KERNEL_SIZE = 4;
const SLOPE = 0.2;

export function convCritic(config: {
  image: ImageShape;
  classes?: number;
  /** Channels of each stage, from the image inwards; each halves height and width. */
  channels: readonly number[];
}): Critic {
  const { image, classes, channels } = config;
  const factor = 2 ** channels.length;
  const flat = channels.at(-1)! * Math.ceil(image.height / factor) * Math.ceil(image.width / factor);
  const projection = classes ? ['critic/projection/kernel'] : [];
  return {
    kernels: [...channels.map((_, i) => `critic/conv-${i}/kernel`), 'critic/score/kernel', ...projection],
    init: (stream) =>
      Object.assign(
        {},
        ...channels.map((count, i) =>
          initConv(stream, `critic/conv-${i}`, channels[i - 1] ?? image.channels, count, KERNEL_SIZE),
        ),
        initDense(stream, 'critic/score', flat, 1),
        ...projection.map((name) => ({ [name]: normal(stream, [classes!, flat], 0.02) })),
      ),
    score(params, x, labels) {
      let y: Tensor = sub(mul(x, 2), 1);
      channels.forEach((_, i) => {
        y = leakyRelu(conv(params, `critic/conv-${i}`, y, 2), SLOPE);
      });
      const features = reshape(y, [x.shape[0]!, flat]);
      const score = reshape(dense(params, 'critic/score', features), [-1]);
      if (!labels) return score;
      const chosen = matMul(labels as Tensor2D, params['critic/projection/kernel'] as Tensor2D);
      return add(score, sum(mul(features, chosen), 1));
    },
  };
}
