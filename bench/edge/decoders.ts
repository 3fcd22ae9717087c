// Decoders of the usual kinds and sizes, with random weights: the same pure function for TensorFlow.js and as ONNX.
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { createStream } from '../../core/sampling/stream.ts';
import { recordGraph } from '../../export/graphs.ts';
import type { HostTensors, ImageShape, Tensors } from '../../train/model.ts';
import { gaussianModel } from '../../train/models/gaussian-model.ts';
import { createVae, type VaeConfig } from '../../train/models/vae.ts';

export type Decoder = {
  name: string;
  file: string;
  latents: number;
  onnx: Uint8Array<ArrayBuffer>;
  /** Floating-point operations for one image. */
  operations: number;
  /** The TensorFlow.js function; `params` are made on the backend that is set. */
  decode(params: Tensors, z: Tensor): Tensor;
  params(): Tensors;
};

const LATENTS = 20;

function decoder(name: string, file: string, image: ImageShape, network: VaeConfig['network']): Decoder {
  const vae = createVae({
    image,
    latentDimensions: LATENTS,
    network,
    likelihood: 'bernoulli',
    estimator: 'B',
    samples: 1,
  });
  const pixels = image.width * image.height * image.channels;
  const weights = vae.init(createStream('bench', name), new Float32Array(pixels).fill(0.3));
  const graph = recordGraph('decoder', gaussianModel(vae).graphs.decoder!, weights, false);
  const toTensors = (host: HostTensors): Tensors =>
    Object.fromEntries(Object.entries(host).map(([key, { shape, data }]) => [key, tensor(data, shape)]));
  return {
    name,
    file,
    latents: LATENTS,
    onnx: graph.bytes,
    operations: graph.operations,
    decode: (values, z) => vae.decode(values, toTensors(weights.state), z),
    params: () => toTensors(weights.params),
  };
}

export const createDecoders = (): Decoder[] => [
  decoder(
    'dense 20–500–784',
    'dense.onnx',
    { width: 28, height: 28, channels: 1 },
    {
      kind: 'mlp',
      hidden: [500],
      activation: 'relu',
    },
  ),
  decoder(
    'convolutional 28×28',
    'conv-28.onnx',
    { width: 28, height: 28, channels: 1 },
    {
      kind: 'conv',
      channels: [64, 128],
      dense: 256,
      activation: 'relu',
      batchNorm: false,
    },
  ),
  decoder(
    'convolutional 32×32×3',
    'conv-32.onnx',
    { width: 32, height: 32, channels: 3 },
    {
      kind: 'conv',
      channels: [64, 128, 256],
      dense: 256,
      activation: 'relu',
      batchNorm: false,
    },
  ),
  decoder(
    'convolutional 32×32×3, leaky ReLU',
    'conv-32-leaky.onnx',
    { width: 32, height: 32, channels: 3 },
    {
      kind: 'conv',
      channels: [64, 128, 256],
      dense: 256,
      activation: 'leaky-relu',
      batchNorm: false,
    },
  ),
];
