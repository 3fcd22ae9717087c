// What a VAE needs of its networks: from images to features, and from latents to pixels.
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { HostTensors, Tensors } from '../model.ts';

/** `state` holds what `apply` changed, and is empty at inference. */
export type Applied = { y: Tensor; state: Tensors };

export type Network = {
  /** Size of the features that `features` makes. */
  featureUnits: number;
  init(stream: Stream): { params: HostTensors; state: HostTensors };
  /** Images [batch, channels, height, width] → [batch, featureUnits]. */
  features(params: Tensors, state: Tensors, x: Tensor, training: boolean): Applied;
  /** Latents [batch, latentDimensions] → [batch, outputChannels, height, width], unbounded. */
  pixels(params: Tensors, state: Tensors, z: Tensor, training: boolean): Applied;
};

export type NetworkSize = {
  height: number;
  width: number;
  /** Channels of the images that come in. */
  channels: number;
  latentDimensions: number;
  /** Channels that go out: one for each parameter of a pixel's distribution. */
  outputChannels: number;
};
