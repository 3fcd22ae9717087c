// A gated recurrent unit (Cho et al. 2014), in the form that resets after the product (as cuDNN and ONNX's
// linear_before_reset do).
import { add, mul, sigmoid, split, sub, type Tensor, tanh } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { HostTensors, Tensors } from '../model.ts';
import { dense, initDense } from './dense.ts';

export const initGru = (stream: Stream, name: string, inputs: number, units: number): HostTensors => ({
  ...initDense(stream, `${name}/input`, inputs, 3 * units),
  ...initDense(stream, `${name}/hidden`, units, 3 * units),
});

/** One step: x [batch, inputs], h [batch, units] → the next h. h' = (1 − u) n + u h, n = tanh(x_n + r h_n). */
export function gru(params: Tensors, name: string, x: Tensor, h: Tensor): Tensor {
  const [xr, xu, xn] = split(dense(params, `${name}/input`, x), 3, 1) as [Tensor, Tensor, Tensor];
  const [hr, hu, hn] = split(dense(params, `${name}/hidden`, h), 3, 1) as [Tensor, Tensor, Tensor];
  const reset = sigmoid(add(xr, hr));
  const update = sigmoid(add(xu, hu));
  const candidate = tanh(add(xn, mul(reset, hn)));
  return add(candidate, mul(update, sub(h, candidate)));
}
