// Gradients of a loss in named parameters.
import { keep, type Scalar, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import type { LossResult, Tensors } from './model.ts';

export type Gradients = LossResult & {
  /** Of the loss, by the names of the parameters. */
  gradients: Tensors;
};

/** What `fn` gives at `params`, with the gradient of its loss in each of them. Metrics and state are no part of it. */
export function differentiate(params: Tensors, fn: (params: Tensors) => LossResult): Gradients {
  const names = Object.keys(params);
  let result!: LossResult;
  const loss = (...values: Tensor[]): Scalar => {
    result = fn(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
    for (const t of [...Object.values(result.metrics), ...Object.values(result.state)]) keep(t);
    return result.loss;
  };
  const { value, grads } = valueAndGrads(loss)(Object.values(params));
  return {
    ...result,
    loss: value as Scalar,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
  };
}
