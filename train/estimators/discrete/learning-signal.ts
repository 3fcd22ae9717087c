// What makes a score-function estimator learn: the cost less a baseline, centred, and scaled to unit variance (Mnih &
// Gregor 2014, NVIL, Section 2.3).
import {
  add,
  div,
  maximum,
  mean,
  mul,
  reshape,
  type Scalar,
  sqrt,
  square,
  step,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../../core/sampling/stream.ts';
import { constant } from '../../initialisers.ts';
import { dense, initDense, stack } from '../../layers/dense.ts';
import { noGradient } from '../../layers/no-gradient.ts';
import type { Tensors, Weights } from '../../model.ts';

/** Which parts of it are wanted; NVIL is all three. */
export type SignalOptions = {
  /** Subtract the running mean of the signal. */
  centre: boolean;
  /** Divide by its running deviation where that is above 1. */
  normalise: boolean;
  /** Subtract what a network of one hidden layer says of the context (Gu et al. 2016, Section 5.1). */
  baseline: boolean;
};

const HIDDEN = [100];
/** Of the running averages. */
const DECAY = 0.8;

const nameOf = (layer: number): string => `estimator/${layer}`;

export const initSignal = (
  { centre, normalise, baseline }: SignalOptions,
  layers: number,
  contextUnits: number,
  stream: Stream,
): Weights => {
  const names = Array.from({ length: layers }, (_, i) => nameOf(i));
  const networks = names.map((name) => ({
    ...initDense(stream, `${name}/hidden-0`, contextUnits, HIDDEN[0]!),
    ...initDense(stream, `${name}/baseline`, HIDDEN[0]!, 1),
  }));
  const averages = names.map((name) =>
    Object.fromEntries(
      ['weight', 'mean', 'variance'].map((slot) => [`${name}/${slot}`, constant([], 0)] as const),
    ),
  );
  return {
    params: baseline ? Object.assign({}, ...networks) : {},
    state: centre || normalise ? Object.assign({}, ...averages) : {},
  };
};

/** An average that starts at 0 is too small by the weight it has gathered (Kingma & Ba 2015, Section 3). */
const correct = (average: Tensor, weight: Tensor): Tensor => div(average, maximum(weight, 1 - DECAY));

/** What `normalise` divides the signal of a layer by: its running deviation before this batch, or 1 where that is less. */
export const divisorOf = (layer: number, state: Tensors): Tensor =>
  noGradient(() => {
    const [weight, variance] = ['weight', 'variance'].map((slot) => state[`${nameOf(layer)}/${slot}`]!);
    return maximum(sqrt(correct(variance!, weight!)), 1);
  });

export type Signal = {
  /** What multiplies ∇ log p of each row, [rows]; no gradient passes through it. */
  signal: Tensor;
  /** To be added to the loss: its gradient trains the baseline, along the signal. */
  baselineLoss: Scalar;
  state: Tensors;
};

/**
 * The signal of `raw` [rows] for layer number `layer`. The averages are those before this batch, so that the estimate
 * stays unbiased; the first batch of all has none, and only sets them.
 */
export function learningSignal(
  { centre, normalise, baseline }: SignalOptions,
  layer: number,
  raw: Tensor,
  context: Tensor,
  params: Tensors,
  state: Tensors,
): Signal {
  const name = nameOf(layer);
  const predicted = baseline
    ? reshape(
        dense(params, `${name}/baseline`, stack(params, `${name}/hidden`, context, HIDDEN, 'tanh')),
        [-1],
      )
    : undefined;
  const left = noGradient(() => (predicted ? sub(raw, predicted) : raw));
  const finish = (signal: Tensor, next: Tensors): Signal => ({
    signal,
    baselineLoss: mean(mul(predicted ?? 0, mul(signal, -1))) as Scalar,
    state: next,
  });
  if (!centre && !normalise) return finish(left, {});

  const [weight, before, variance] = ['weight', 'mean', 'variance'].map(
    (slot) => state[`${name}/${slot}`]!,
  ) as [Tensor, Tensor, Tensor];
  const signal = noGradient(() => {
    const centred = centre ? sub(left, correct(before, weight)) : left;
    const scaled = normalise ? div(centred, divisorOf(layer, state)) : centred;
    return mul(scaled, step(weight));
  });
  const follow = (average: Tensor, value: Tensor) => add(mul(average, DECAY), mul(value, 1 - DECAY));
  return finish(signal, {
    [`${name}/weight`]: noGradient(() => add(mul(weight, DECAY), 1 - DECAY)),
    [`${name}/mean`]: noGradient(() => follow(before, mean(left))),
    [`${name}/variance`]: noGradient(() => follow(variance, mean(square(sub(left, mean(left)))))),
  });
}
