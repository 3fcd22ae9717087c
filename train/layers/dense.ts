// Fully connected layers.
import { add, matMul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { constant, glorot } from '../initialisers.ts';
import type { HostTensors, Tensors } from '../model.ts';
import { ACTIVATIONS, type Activation } from './activations.ts';

/** `name/kernel` [inputs, outputs] and `name/bias` [outputs]. */
export const initDense = (stream: Stream, name: string, inputs: number, outputs: number): HostTensors => ({
  [`${name}/kernel`]: glorot(stream, [inputs, outputs], inputs, outputs),
  [`${name}/bias`]: constant([outputs], 0),
});

/** x · kernel + bias, [batch, outputs]. */
export const dense = (params: Tensors, name: string, x: Tensor): Tensor =>
  add(matMul(x as Tensor2D, params[`${name}/kernel`] as Tensor2D), params[`${name}/bias`]!);

/** Layers `name-0`, `name-1`, … from `inputs` units through each of `hidden`. */
export function initStack(
  stream: Stream,
  name: string,
  inputs: number,
  hidden: readonly number[],
): HostTensors {
  return Object.assign(
    {},
    ...hidden.map((units, i) => initDense(stream, `${name}-${i}`, i === 0 ? inputs : hidden[i - 1]!, units)),
  );
}

export const stack = (
  params: Tensors,
  name: string,
  x: Tensor,
  hidden: readonly number[],
  activation: Activation,
): Tensor => hidden.reduce((h, _, i) => ACTIVATIONS[activation](dense(params, `${name}-${i}`, h)), x);
