// Priors of codes. The learned autoregressive one is a masked network (Germain et al. 2015, MADE): p(c₁) p(c₂|c₁) … in one
// pass, each variable from those before it.
import {
  add,
  matMul,
  mul,
  relu,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { constant } from '../initialisers.ts';
import { type DiscreteLayer, shapeOf } from '../latents/layer.ts';
import { initDense } from '../layers/dense.ts';
import type { HostTensors, Tensors } from '../model.ts';

export type CodePrior = {
  init(stream: Stream): HostTensors;
  /** Logits of every variable given those before it in `codes` [rows, …shapeOf], of the same shape or without rows. */
  logits(params: Tensors, codes: Tensor): Tensor;
};

/** Whether every variable is independent of the others, so that the KL term has a closed form. */
export type CodePriorKind = 'uniform' | 'learned' | 'autoregressive';

const NAME = 'prior';

/** 1 where unit `to` may see unit `from`, [inputs, outputs]. */
function maskOf(
  from: readonly number[],
  to: readonly number[],
  may: (a: number, b: number) => boolean,
): Tensor2D {
  const values = from.flatMap((a) => to.map((b) => Number(may(a, b))));
  return tensor(values, [from.length, to.length]);
}

/**
 * Two hidden layers of `hidden` units, of which each stands at one of the variables and sees what stands before it or
 * beside it; the logits of a variable see what stands before it.
 */
function autoregressive(layer: DiscreteLayer, hidden: number): CodePrior {
  const width = layer.kind === 'bernoulli' ? 1 : layer.classes;
  const units = layer.variables * width;
  const own = Array.from({ length: units }, (_, i) => Math.floor(i / width));
  const places = Array.from({ length: hidden }, (_, i) => i % Math.max(1, layer.variables - 1));
  const notAfter = (a: number, b: number) => a <= b;
  const before = (a: number, b: number) => a < b;
  const masked = (params: Tensors, name: string, x: Tensor, mask: Tensor2D) =>
    add(
      matMul(x as Tensor2D, mul(params[`${NAME}/${name}/kernel`]!, mask) as Tensor2D),
      params[`${NAME}/${name}/bias`]!,
    );
  return {
    init: (stream) => ({
      ...initDense(stream, `${NAME}/hidden-0`, units, hidden),
      ...initDense(stream, `${NAME}/hidden-1`, hidden, hidden),
      ...initDense(stream, `${NAME}/logits`, hidden, units),
    }),
    logits(params, codes) {
      const flat = reshape(codes, [codes.shape[0]!, units]);
      const h0 = relu(masked(params, 'hidden-0', flat, maskOf(own, places, notAfter)));
      const h1 = relu(masked(params, 'hidden-1', h0, maskOf(places, places, notAfter)));
      return reshape(masked(params, 'logits', h1, maskOf(places, own, before)), codes.shape);
    },
  };
}

/** `hidden` is the width of an autoregressive prior. */
export function codePrior(kind: CodePriorKind, layer: DiscreteLayer, hidden: number): CodePrior {
  const shape = shapeOf(layer);
  if (kind === 'autoregressive') return autoregressive(layer, hidden);
  if (kind === 'uniform') return { init: () => ({}), logits: () => zeros(shape) };
  return {
    init: () => ({ [`${NAME}/logits`]: constant(shape, 0) }),
    logits: (params) => params[`${NAME}/logits`]!,
  };
}
