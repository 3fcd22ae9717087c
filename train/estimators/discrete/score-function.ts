// The score-function estimator (REINFORCE; Jang et al. 2017, Eqs. 5 to 7), plain or with NVIL's variance reduction.
import { add, div, mean, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Drawn } from '../../latents/layer.ts';
import type { LossResult, Tensors } from '../../model.ts';
import { divisorOf, initSignal, learningSignal, type SignalOptions } from './learning-signal.ts';
import {
  ancestralSample,
  type DiscreteEstimator,
  layerLogMass,
  type StochasticTask,
  straightThrough,
  uniformNoise,
} from './task.ts';

/**
 * The loss of a score-function estimator: the cost of a sample with its direct gradient, and for each layer
 * `rawSignal` [rows] · ∇ log p. `extra` is a further part of the gradient, whose value does not count.
 */
export function scoreLoss(
  task: StochasticTask,
  params: Tensors,
  state: Tensors,
  options: SignalOptions,
  drawn: Drawn,
  cost: Tensor,
  rawSignal: (layer: number) => Tensor,
  extra: Scalar[] = [],
): LossResult {
  const parts = task.layers.map((_, i) => {
    const {
      signal,
      baselineLoss,
      state: next,
    } = learningSignal(options, i, rawSignal(i), task.context, params, state);
    return { part: add(mean(mul(signal, layerLogMass(task, drawn, i))), baselineLoss), next };
  });
  const direct = mean(cost);
  const gradient = [...parts.map(({ part }) => part), ...extra].reduce((sum, part) => add(sum, part), direct);
  return {
    loss: straightThrough(direct, gradient) as Scalar,
    metrics: {},
    state: Object.assign({}, ...parts.map(({ next }) => next)),
  };
}

/**
 * (f(z) − baseline) ∇ log p(z) for each layer, unbiased but for the factor of `normalise`, by which the direct gradient of
 * the cost in the logits is divided as well: a KL term in closed form would outweigh the rest of the cost otherwise.
 */
export const scoreFunction = (options: SignalOptions): DiscreteEstimator => ({
  scheduled: [],
  samples: () => 1,
  noise: (layers, rows) => uniformNoise('uniform', layers, rows),
  init: (layers, contextUnits, stream) => initSignal(options, layers.length, contextUnits, stream),
  surrogate(task, params, state, noise) {
    const drawn = ancestralSample(task, params, noise);
    const logits = options.normalise
      ? drawn.logits.map((one, i) => straightThrough(one, div(one, divisorOf(i, state))))
      : drawn.logits;
    const cost = task.cost(params, drawn.values, logits);
    return scoreLoss(task, params, state, options, drawn, cost, () => cost);
  },
});
