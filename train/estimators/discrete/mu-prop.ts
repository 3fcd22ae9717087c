// MuProp (Gu et al. 2016, Eq. 3 and Algorithm 1): the score function with a Taylor expansion of the cost around a
// deterministic mean-field pass as control variate. Unbiased without variance normalisation.
import { add, grads, mean, mul, type Scalar, sub, sum, type Tensor, zeros } from '@tensorflow/tfjs-core';
import { distributionOf } from '../../latents/discrete.ts';
import { shapeOf } from '../../latents/layer.ts';
import { noGradient } from '../../layers/no-gradient.ts';
import type { Tensors } from '../../model.ts';
import { initSignal, type SignalOptions } from './learning-signal.ts';
import { scoreLoss } from './score-function.ts';
import {
  ancestralSample,
  type DiscreteEstimator,
  rollOut,
  type StochasticTask,
  uniformNoise,
} from './task.ts';

/** Sum over all axes but the first. */
const perRow = (x: Tensor): Tensor => sum(x, [...Array(x.rank).keys()].slice(1));

/** Every layer outputs its mean: the means z̄, the cost there, [rows], and its total derivative in each of them. */
function meanField(task: StochasticTask, params: Tensors) {
  const rows = task.context.shape[0]!;
  const pass = (offsets: Tensor[]) => {
    const drawn = rollOut(task, params, ({ mean }, logits, i) => add(mean(logits), offsets[i]!));
    return { means: drawn.values, cost: task.cost(params, drawn.values, drawn.logits) };
  };
  const nowhere = task.layers.map((layer) => zeros([rows, ...shapeOf(layer)]));
  const slopes = grads((...offsets: Tensor[]) => sum(pass(offsets).cost))(nowhere);
  const { means, cost } = pass(nowhere);
  return { means, cost, slopes: slopes.map((slope) => noGradient(() => slope)) };
}

/** `options` are for what the expansion leaves: C centres it, VN normalises it, IDB predicts it (their Table 2). */
export const muProp = (options: SignalOptions): DiscreteEstimator => ({
  scheduled: [],
  samples: () => 1,
  noise: (layers, rows) => uniformNoise('uniform', layers, rows),
  init: (layers, contextUnits, stream) => initSignal(options, layers.length, contextUnits, stream),
  surrogate(task, params, state, noise) {
    const { means, cost: atMeans, slopes } = meanField(task, params);
    const drawn = ancestralSample(task, params, noise);
    const cost = task.cost(params, drawn.values, drawn.logits);
    const residual = (i: number) =>
      sub(sub(cost, atMeans), perRow(mul(slopes[i]!, sub(drawn.values[i]!, means[i]!))));
    // f'(z̄)ᵀ ∇ mean, the mean of what was subtracted; the means here are those given the samples before them.
    const expected = task.layers.map(
      (layer, i) => mean(perRow(mul(slopes[i]!, distributionOf(layer).mean(drawn.logits[i]!)))) as Scalar,
    );
    return scoreLoss(task, params, state, options, drawn, cost, residual, expected);
  },
});
