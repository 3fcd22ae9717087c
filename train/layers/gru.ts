// A gated recurrent unit (Cho et al. 2014), in the form that resets after the product (as cuDNN and ONNX's
// linear_before_reset do).
import { add, mul, sigmoid, slice, sub, type Tensor, tanh } from '@tensorflow/tfjs-core';
import type { Stream } from '../../worker/sampling/stream.ts';
import type { HostTensors, Tensors } from '../model.ts';
import { dense, initDense } from './dense.ts';

export const initGru = (stream: Stream, name: string, inputs: number, units: number): HostTensors => ({
  ...initDense(stream, `${name}/input`, inputs, 3 * units),
  ...initDense(stream, `${name}/hidden`, units, 3 * units),
});

/** One step: x [batch, inputs], h [batch, units] → the next h. h' = (1 − u) n + u h, n = tanh(x_n + r h_n). */
export function gru(params: Tensors, name: string, x: Tensor, h: Tensor): Tensor {
  const units = h.shape[1]!;
  const [a, b] = [dense(params, `${name}/input`, x), dense(params, `${name}/hidden`, h)];
  const gate = (t: Tensor, i: number) => slice(t, [0, i * units], [-1, units]);
  const reset = sigmoid(add(gate(a, 0), gate(b, 0)));
  const update = sigmoid(add(gate(a, 1), gate(b, 1)));
  const candidate = tanh(add(gate(a, 2), mul(reset, gate(b, 2))));
  return add(candidate, mul(update, sub(h, candidate)));
}
