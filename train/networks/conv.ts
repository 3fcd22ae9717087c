// Convolutional networks: each stage halves (encoder) or doubles (decoder) height and width.
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { batchNormInference, batchNormTraining, initBatchNorm } from '../layers/batch-norm.ts';
import { conv, initConv, initTransposedConv, transposedConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, Tensors } from '../model.ts';
import type { Network, NetworkSize } from './network.ts';

export type ConvConfig = {
  kind: 'conv';
  /** Channels of each stage, from the image inwards. */
  channels: readonly number[];
  /** Units of the dense layer between convolutions and latents. */
  dense: number;
  activation: Activation;
  batchNorm: boolean;
};

const KERNEL_SIZE = 4;

/** @throws Error when height or width cannot be halved once a stage. */
export function convNetwork(config: ConvConfig, size: NetworkSize): Network {
  const { channels, dense: units, batchNorm } = config;
  const activate = ACTIVATIONS[config.activation];
  const factor = 2 ** channels.length;
  if (size.height % factor || size.width % factor)
    throw new Error(
      `conv: ${channels.length} stages halve ${channels.length} times, so height and width must be multiples of ${factor}, got ${size.height}×${size.width}`,
    );
  const [rows, columns] = [size.height / factor, size.width / factor];
  const inner = channels.at(-1)!;
  const flat = inner * rows * columns;
  /** Output channels of each decoder stage; the last makes the pixels. */
  const upwards = [...channels.toReversed().slice(1), size.outputChannels];

  const normalised = (params: Tensors, state: Tensors, name: string, x: Tensor, training: boolean) => {
    if (!batchNorm) return { y: activate(x), state: {} };
    if (!training) return { y: activate(batchNormInference(params, state, name, x)), state: {} };
    const normal = batchNormTraining(params, state, name, x);
    return { y: activate(normal.y), state: normal.state };
  };

  return {
    featureUnits: units,
    init(stream) {
      const params: HostTensors = {};
      const state: HostTensors = {};
      const addNorm = (name: string, count: number) => {
        if (!batchNorm) return;
        const norm = initBatchNorm(name, count);
        Object.assign(params, norm.params);
        Object.assign(state, norm.state);
      };
      channels.forEach((count, i) => {
        Object.assign(
          params,
          initConv(stream, `encoder/conv-${i}`, channels[i - 1] ?? size.channels, count, KERNEL_SIZE),
        );
        addNorm(`encoder/norm-${i}`, count);
      });
      Object.assign(
        params,
        initDense(stream, 'encoder/dense', flat, units),
        initDense(stream, 'decoder/dense', size.latentDimensions, units),
        initDense(stream, 'decoder/spread', units, flat),
      );
      upwards.forEach((count, i) => {
        Object.assign(
          params,
          initTransposedConv(stream, `decoder/conv-${i}`, upwards[i - 1] ?? inner, count, KERNEL_SIZE),
        );
        if (i < upwards.length - 1) addNorm(`decoder/norm-${i}`, count);
      });
      return { params, state };
    },

    features(params, state, x, training) {
      let y = x;
      const next: Tensors = {};
      channels.forEach((_, i) => {
        const stage = normalised(
          params,
          state,
          `encoder/norm-${i}`,
          conv(params, `encoder/conv-${i}`, y, 2),
          training,
        );
        y = stage.y;
        Object.assign(next, stage.state);
      });
      return { y: activate(dense(params, 'encoder/dense', reshape(y, [x.shape[0]!, flat]))), state: next };
    },

    pixels(params, state, z, training) {
      const hidden = activate(dense(params, 'decoder/dense', z));
      const spread = activate(dense(params, 'decoder/spread', hidden));
      let y: Tensor = reshape(spread, [z.shape[0]!, inner, rows, columns]);
      const next: Tensors = {};
      upwards.forEach((_, i) => {
        y = transposedConv(params, `decoder/conv-${i}`, y, 2);
        if (i === upwards.length - 1) return;
        const stage = normalised(params, state, `decoder/norm-${i}`, y, training);
        y = stage.y;
        Object.assign(next, stage.state);
      });
      return { y, state: next };
    },
  };
}
