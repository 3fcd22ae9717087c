// Activation functions by name.
import { elu, leakyRelu, relu, type Tensor, tanh } from '@tensorflow/tfjs-core';

export const ACTIVATIONS = {
  tanh,
  relu,
  'leaky-relu': (x: Tensor) => leakyRelu(x, 0.1),
  elu,
} satisfies Record<string, (x: Tensor) => Tensor>;

export type Activation = keyof typeof ACTIVATIONS;
