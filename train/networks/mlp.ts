// Fully connected networks, the decoder the mirror of the encoder (Kingma & Welling 2013, Appendix C).
import { reshape } from '@tensorflow/tfjs-core';
import type { Activation } from '../layers/activations.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import type { Network, NetworkSize } from './network.ts';

export type MlpConfig = { kind: 'mlp'; hidden: readonly number[]; activation: Activation };

export function mlp({ hidden, activation }: MlpConfig, size: NetworkSize): Network {
  const { height, width, channels, latentDimensions, outputChannels } = size;
  const mirrored = hidden.toReversed();
  const inputs = channels * height * width;
  return {
    featureUnits: hidden.at(-1) ?? inputs,
    init: (stream) => ({
      params: {
        ...initStack(stream, 'encoder/hidden', inputs, hidden),
        ...initStack(stream, 'decoder/hidden', latentDimensions, mirrored),
        ...initDense(
          stream,
          'decoder/pixels',
          mirrored.at(-1) ?? latentDimensions,
          outputChannels * height * width,
        ),
      },
      state: {},
    }),
    features: (params, _, x) => ({
      y: stack(params, 'encoder/hidden', reshape(x, [x.shape[0]!, inputs]), hidden, activation),
      state: {},
    }),
    pixels(params, _, z) {
      const h = stack(params, 'decoder/hidden', z, mirrored, activation);
      const y = dense(params, 'decoder/pixels', h);
      return { y: reshape(y, [z.shape[0]!, outputChannels, height, width]), state: {} };
    },
  };
}
