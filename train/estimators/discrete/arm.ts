// ARM, augment-REINFORCE-merge (Yin & Zhou 2019, Eq. 19): antithetic Bernoulli samples, unbiased and without baseline.
import { add, mean, mul, reshape, type Scalar, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { noGradient } from '../../layers/no-gradient.ts';
import { ancestralSample, type DiscreteEstimator, rollOut, straightThrough, uniformNoise } from './task.ts';

/**
 * For each layer (f(1[u > σ(−a)]) − f(1[u < σ(a)])) (u − ½), a its logits: one more cost for each layer, whose later
 * layers are drawn again with the same noise.
 */
export const arm: DiscreteEstimator = {
  scheduled: [],
  samples: () => 1,
  noise: (layers, rows) => uniformNoise('uniform', layers, rows),
  init: () => ({ params: {}, state: {} }),
  surrogate(task, params, _, noise) {
    const wrong = task.layers.findIndex(({ kind }) => kind !== 'bernoulli');
    if (wrong >= 0)
      throw new Error(`arm: layers must be Bernoulli, but layer ${wrong} is ${task.layers[wrong]!.kind}`);
    const drawn = ancestralSample(task, params, noise);
    const cost = task.cost(params, drawn.values, drawn.logits);
    const parts = task.layers.map((_, i): Tensor => {
      const before = { values: drawn.values.slice(0, i), logits: drawn.logits.slice(0, i) };
      const uniform = noise[`uniform-${i}`]!;
      const opposite = rollOut(
        task,
        params,
        (distribution, logits, layer) => {
          const u = noise[`uniform-${layer}`]!;
          return distribution.hard(distribution.perturb(logits, layer === i ? sub(1, u) : u));
        },
        before,
      );
      const otherCost = task.cost(params, opposite.values, opposite.logits);
      const slope = noGradient(() => mul(reshape(sub(cost, otherCost), [-1, 1]), sub(uniform, 0.5)));
      return mean(sum(mul(slope, drawn.logits[i]!), -1));
    });
    const direct = mean(cost);
    const gradient = parts.reduce((total, part) => add(total, part), direct);
    return { loss: straightThrough(direct, gradient) as Scalar, metrics: {}, state: {} };
  },
};
