// REBAR (Tucker et al. 2017): the score function with relaxed samples as control variate. Unbiased at any temperature.
import {
  add,
  div,
  grads,
  maximum,
  mean,
  mul,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { constant } from '../../initialisers.ts';
import { distributionOf } from '../../latents/discrete.ts';
import { relax } from '../../latents/gumbel-softmax.ts';
import type { Drawn } from '../../latents/layer.ts';
import { noGradient } from '../../layers/no-gradient.ts';
import type { Tensors } from '../../model.ts';
import {
  ancestralSample,
  type DiscreteEstimator,
  rollOut,
  type StochasticTask,
  straightThrough,
  uniformNoise,
} from './task.ts';

/** Of the running products that choose the weight of the control variate. */
const DECAY = 0.99;
const SLOTS = ['product', 'square'] as const;
const nameOf = (layer: number, slot: string): string => `estimator/${layer}/${slot}`;

/** x [rows] against logits of any rank. */
const besides = (x: Tensor, logits: Tensor): Tensor =>
  reshape(x, [x.shape[0]!, ...Array<number>(logits.rank - 1).fill(1)]);

/**
 * The score-function gradient in the logits of one layer, for each row (Eq. 5), and its control variate of mean zero,
 * f(σ(z̃)) ∇ log p(b) − ∇ f(σ(z)) + ∇ f(σ(z̃)), both of the shape of the logits. Later layers are relaxed in the
 * control variate, from the noise of the sample.
 */
function layerGradients(
  task: StochasticTask,
  params: Tensors,
  noise: Tensors,
  temperature: Scalar,
  drawn: Drawn,
  cost: Tensor,
  layer: number,
) {
  const distribution = distributionOf(task.layers[layer]!);
  const logits = noGradient(() => drawn.logits[layer]!);
  const value = drawn.values[layer]!;
  const before = { values: drawn.values.slice(0, layer), logits: drawn.logits.slice(0, layer) };
  const relaxedCost = (perturbed: Tensor): Tensor => {
    const values = [...before.values, relax(distribution, perturbed, temperature)];
    const rolled = rollOut(
      task,
      params,
      (d, a, i) => relax(d, d.perturb(a, noise[`uniform-${i}`]!), temperature),
      { values, logits: [...before.logits, logits] },
    );
    return task.cost(params, rolled.values, rolled.logits);
  };
  const free = (a: Tensor) => relaxedCost(distribution.perturb(a, noise[`uniform-${layer}`]!));
  const given = (a: Tensor) =>
    relaxedCost(distribution.perturbGiven(value, a, noise[`conditional-${layer}`]!));
  const slope = (of: (a: Tensor) => Tensor): Tensor => grads((a: Tensor) => sum(of(a)))([logits])[0]!;
  const [freeSlope, givenSlope, givenCost] = [slope(free), slope(given), given(logits)];
  // ∇ log p(b) in the logits.
  const score = noGradient(() => sub(value, distribution.mean(logits)));
  return {
    plain: noGradient(() => mul(besides(cost, logits), score)),
    control: noGradient(() => add(mul(besides(givenCost, logits), score), sub(givenSlope, freeSlope))),
  };
}

/**
 * (f(b) ∇ log p(b)) − η · control, with one η for each layer that minimises the variance in its logits:
 * ⟨plain, control⟩ / ⟨control, control⟩, of running averages over the batches before, which keeps it unbiased. The
 * first batch has none, and takes η = 1. `temperature` is that of the relaxed samples.
 */
export const rebar: DiscreteEstimator = {
  scheduled: ['temperature'],
  samples: () => 1,
  noise: (layers, rows) => ({
    ...uniformNoise('uniform', layers, rows),
    ...uniformNoise('conditional', layers, rows),
  }),
  // Begun as if both products had been equal and tiny.
  init: (layers) => ({
    params: {},
    state: Object.fromEntries(
      layers.flatMap((_, i) => SLOTS.map((slot) => [nameOf(i, slot), constant([], 1e-12)] as const)),
    ),
  }),
  surrogate(task, params, state, noise, { temperature }) {
    const drawn = ancestralSample(task, params, noise);
    const cost = task.cost(params, drawn.values, drawn.logits);
    const layers = task.layers.map((_, i) => {
      const { plain, control } = layerGradients(task, params, noise, temperature!, drawn, cost, i);
      const [product, square] = SLOTS.map((slot) => state[nameOf(i, slot)]!) as [Tensor, Tensor];
      const gradient = noGradient(() => {
        const weight = div(product, maximum(square, 1e-30));
        return sub(plain, mul(weight, control));
      });
      const follow = (average: Tensor, value: Tensor) =>
        noGradient(() => add(mul(average, DECAY), mul(sum(value), 1 - DECAY)));
      return {
        part: mean(sum(reshape(mul(gradient, drawn.logits[i]!), [cost.shape[0]!, -1]), -1)),
        next: {
          [nameOf(i, 'product')]: follow(product, mul(plain, control)),
          [nameOf(i, 'square')]: follow(square, mul(control, control)),
        },
      };
    });
    const direct = mean(cost);
    const gradient = layers.reduce((total, { part }) => add(total, part), direct);
    return {
      loss: straightThrough(direct, gradient) as Scalar,
      metrics: {},
      state: Object.assign({}, ...layers.map(({ next }) => next)),
    };
  },
};
