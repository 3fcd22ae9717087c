// What a gradient estimator for discrete latents is given, and what it gives: one signature for one or several
// stochastic layers, and for every model that has them.
import { add, mean, type Scalar, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../../core/sampling/stream.ts';
import { distributionOf } from '../../latents/discrete.ts';
import type { DiscreteDistribution } from '../../latents/distribution.ts';
import { type DiscreteLayer, type Drawn, shapeOf } from '../../latents/layer.ts';
import { noGradient } from '../../layers/no-gradient.ts';
import type { LossResult, NoiseSpec, Schedule, Tensors, Weights } from '../../model.ts';

/**
 * A cost to be minimised in expectation over discrete layers, each drawn given those before it. Rows are examples, or
 * samples of examples: an estimator says how many of each it needs (`DiscreteEstimator.samples`). No row may depend on
 * another one.
 */
export type StochasticTask = {
  layers: readonly DiscreteLayer[];
  /** What an input-dependent baseline sees, [rows, units]. */
  context: Tensor;
  /** Logits of layer number `layer`, [rows, …`shapeOf`], from the values of the layers before it. */
  logits(params: Tensors, layer: number, before: readonly Tensor[]): Tensor;
  /**
   * The cost of each row, [rows], nats. Values are discrete, or the continuous ones that an estimator puts in their place
   * (relaxed samples, means); the direct dependence on parameters and logits counts in the gradient too.
   */
  cost(params: Tensors, values: readonly Tensor[], logits: readonly Tensor[]): Tensor;
};

export type DiscreteEstimator = {
  /** Scalars that `surrogate` reads of its schedule. */
  scheduled: readonly string[];
  /** Rows that the task must hold of each example, sample by sample: [samples · batch]. */
  samples(layers: readonly DiscreteLayer[]): number;
  /** Noise of one call on a task of `rows` rows. */
  noise(layers: readonly DiscreteLayer[], rows: number): Record<string, NoiseSpec>;
  /** Parameters (baselines) and state (running averages) of its own; their names begin with `estimator/`. */
  init(layers: readonly DiscreteLayer[], contextUnits: number, stream: Stream): Weights;
  /**
   * `loss` is what the sample cost, mean over examples, and its gradient in `params` the estimate of the gradient of the
   * expected cost; `state` is the estimator's own, one step on. `params` holds its parameters beside the model's.
   * @throws Error when the estimator does not exist for a kind of layer.
   */
  surrogate(
    task: StochasticTask,
    params: Tensors,
    state: Tensors,
    noise: Tensors,
    schedule: Schedule,
  ): LossResult;
};

/** The part of a task that draws. */
type Layers = Pick<StochasticTask, 'layers' | 'logits'>;

/** Draws layer after layer; `before` holds the first ones, where they are given. */
export function rollOut(
  task: Layers,
  params: Tensors,
  draw: (distribution: DiscreteDistribution, logits: Tensor, layer: number) => Tensor,
  before: Drawn = { values: [], logits: [] },
): Drawn {
  const [values, logits] = [[...before.values], [...before.logits]];
  for (let i = values.length; i < task.layers.length; i++) {
    logits.push(task.logits(params, i, values));
    values.push(draw(distributionOf(task.layers[i]!), logits[i]!, i));
  }
  return { values, logits };
}

/** Uniform noise for every layer, named `name-0`, `name-1`, …; with `samples`, that many for every row. */
export const uniformNoise = (
  name: string,
  layers: readonly DiscreteLayer[],
  rows: number,
  samples?: number,
): Record<string, NoiseSpec> =>
  Object.fromEntries(
    layers.map((layer, i) => {
      const shape = [...(samples === undefined ? [] : [samples]), rows, ...shapeOf(layer)];
      return [`${name}-${i}`, { shape, distribution: 'uniform' as const }];
    }),
  );

/** The value of one tensor with the gradient of another one of its shape. */
export const straightThrough = (value: Tensor, gradient: Tensor): Tensor =>
  add(
    noGradient(() => sub(value, gradient)),
    gradient,
  );

/** log p of the values of a layer, summed over its variables, [rows]. */
export const layerLogMass = (task: StochasticTask, { values, logits }: Drawn, layer: number): Tensor =>
  sum(distributionOf(task.layers[layer]!).logMass(values[layer]!, logits[layer]!), -1);

/** A sample of every layer that no gradient passes through, from the noise `uniform-0`, `uniform-1`, … */
export const ancestralSample = (task: Layers, params: Tensors, noise: Tensors): Drawn =>
  rollOut(task, params, (distribution, logits, i) => distribution.draw(logits, noise[`uniform-${i}`]!));

type Own = Pick<DiscreteEstimator, 'scheduled'> & Partial<Pick<DiscreteEstimator, 'noise'>>;

/**
 * An estimator by backpropagation alone: `draw` gives the value of a layer, whose gradient in the logits is the
 * estimator's choice.
 */
export const pathwise = (
  { scheduled, noise }: Own,
  draw: (
    distribution: DiscreteDistribution,
    logits: Tensor,
    noise: (name: string) => Tensor,
    schedule: Schedule,
    layer: DiscreteLayer,
  ) => Tensor,
): DiscreteEstimator => ({
  scheduled,
  samples: () => 1,
  noise: noise ?? ((layers, rows) => uniformNoise('uniform', layers, rows)),
  init: () => ({ params: {}, state: {} }),
  surrogate(task, params, _, given, schedule) {
    const { values, logits } = rollOut(task, params, (distribution, a, i) =>
      draw(distribution, a, (name) => given[`${name}-${i}`]!, schedule, task.layers[i]!),
    );
    return { loss: mean(task.cost(params, values, logits)) as Scalar, metrics: {}, state: {} };
  },
});
