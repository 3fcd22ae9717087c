// VIMCO (Mnih & Rezende 2016): the multi-sample bound by the score function, each sample's baseline made of the others.
import {
  add,
  div,
  eye,
  logSumExp,
  mean,
  mul,
  neg,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { noGradient } from '../../layers/no-gradient.ts';
import {
  ancestralSample,
  type DiscreteEstimator,
  layerLogMass,
  straightThrough,
  uniformNoise,
} from './task.ts';

/**
 * log (1/m) Σ w_i with each log w_i in turn replaced by the mean of the others (Eq. 7; Jang et al. 2017 print 1/m where
 * it must be 1/(m − 1)), [m, batch] from log w of the same shape.
 */
function boundWithoutEach(logWeights: Tensor): Tensor {
  const samples = logWeights.shape[0]!;
  const others = div(sub(sum(logWeights, 0, true), logWeights), samples - 1);
  // [replaced, sample, batch]
  const all = reshape(logWeights, [1, samples, -1]);
  const own = reshape(eye(samples), [samples, samples, 1]);
  const replaced = add(all, mul(own, sub(reshape(others, [samples, 1, -1]), all)));
  return sub(logSumExp(replaced, 1), Math.log(samples));
}

/**
 * Minimises −log (1/m) Σ_i exp(−cost_i), m = `samples` ≥ 2, in place of the mean cost: the cost of a row must be
 * −log w, log w = log p(x, z) − log q(z|x), or −log p(x|z) with samples of the prior.
 */
export function vimco(samples: number): DiscreteEstimator {
  if (!(samples >= 2)) throw new Error(`vimco: needs 2 samples or more to make baselines of, got ${samples}`);
  return {
    scheduled: [],
    samples: () => samples,
    noise: (layers, rows) => uniformNoise('uniform', layers, rows),
    init: () => ({ params: {}, state: {} }),
    surrogate(task, params, _, noise) {
      const drawn = ancestralSample(task, params, noise);
      const bySample = (rows: Tensor) => reshape(rows, [samples, -1]);
      const logWeights = bySample(neg(task.cost(params, drawn.values, drawn.logits)));
      const bound = sub(logSumExp(logWeights, 0), Math.log(samples));
      const signal = noGradient(() => sub(bound, boundWithoutEach(logWeights)));
      const scores = task.layers.map((_, i) => sum(mul(signal, bySample(layerLogMass(task, drawn, i))), 0));
      const gradient = scores.reduce((total, score) => add(total, score), bound);
      return { loss: neg(mean(straightThrough(bound, gradient))) as Scalar, metrics: {}, state: {} };
    },
  };
}
