// Convolutions on [batch, channels, height, width], with kernels laid out as ONNX wants them. The transpositions
// to TensorFlow.js's NHWC cancel when the function is recorded.
import {
  add,
  conv2d,
  conv2dTranspose,
  reshape,
  type Tensor,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { constant, glorot } from '../initialisers.ts';
import type { HostTensors, Tensors } from '../model.ts';

const toNhwc = (x: Tensor): Tensor4D => transpose(x as Tensor4D, [0, 2, 3, 1]);
const toNchw = (x: Tensor4D): Tensor4D => transpose(x, [0, 3, 1, 2]);
const withBias = (params: Tensors, name: string, y: Tensor): Tensor =>
  add(y, reshape(params[`${name}/bias`]!, [1, -1, 1, 1]));

/** Kernel [outputs, inputs, size, size] and bias [outputs]. */
export const initConv = (
  stream: Stream,
  name: string,
  inputs: number,
  outputs: number,
  size: number,
): HostTensors => ({
  [`${name}/kernel`]: glorot(stream, [outputs, inputs, size, size], inputs * size ** 2, outputs * size ** 2),
  [`${name}/bias`]: constant([outputs], 0),
});

/** Convolution with zero padding `same`: [batch, outputs, ⌈height / stride⌉, ⌈width / stride⌉]. */
export function conv(params: Tensors, name: string, x: Tensor, stride: number): Tensor {
  const kernel = transpose(params[`${name}/kernel`] as Tensor4D, [2, 3, 1, 0]);
  return withBias(params, name, toNchw(conv2d(toNhwc(x), kernel, stride, 'same')));
}

/** Kernel [inputs, outputs, size, size] and bias [outputs]. */
export const initTransposedConv = (
  stream: Stream,
  name: string,
  inputs: number,
  outputs: number,
  size: number,
): HostTensors => ({
  [`${name}/kernel`]: glorot(stream, [inputs, outputs, size, size], inputs * size ** 2, outputs * size ** 2),
  [`${name}/bias`]: constant([outputs], 0),
});

/** Transposed convolution, the adjoint of `conv`: [batch, outputs, height · stride, width · stride]. */
export function transposedConv(params: Tensors, name: string, x: Tensor, stride: number): Tensor {
  const kernel = transpose(params[`${name}/kernel`] as Tensor4D, [2, 3, 1, 0]);
  const [batch, , height, width] = x.shape as [number, number, number, number];
  const shape: [number, number, number, number] = [batch, height * stride, width * stride, kernel.shape[2]];
  return withBias(params, name, toNchw(conv2dTranspose(toNhwc(x), kernel, shape, stride, 'same')));
}
