// What models with discrete latents have in common, so that every gradient estimator and the multi-sample bound work
// on each of them.
import { reshape, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { StochasticTask } from '../estimators/discrete/task.ts';
import type { DiscreteInference, GraphSpec, HostTensors, Tensors } from '../model.ts';

export type DiscreteModel = DiscreteInference & {
  /** Initial parameters; `pixelMeans` [channels · height · width] is the mean training image, 0…1. */
  init(stream: Stream, pixelMeans: Float32Array): HostTensors;
  /**
   * What it costs to explain `x` by the values of the layers, nats, [rows]: its expectation is minimised. `klWeight`
   * weighs what the latents cost, where a model charges for them; 1 where it is left out.
   */
  cost(
    params: Tensors,
    x: Tensor,
    values: readonly Tensor[],
    logits: readonly Tensor[],
    klWeight?: Scalar,
  ): Tensor;
};

/** One that explains the lower half of an image given its upper half, and draws such halves. */
export type Completer = DiscreteModel & { completer: GraphSpec };

/** Explaining `x` as a task for an estimator; baselines see all of it, as in Gu et al. 2016, Section 5.1. */
export const taskOf = (
  model: Omit<DiscreteModel, 'init' | 'logWeight'>,
  x: Tensor,
  klWeight?: Scalar,
): StochasticTask => ({
  layers: model.layers,
  context: reshape(x, [x.shape[0]!, -1]),
  logits: (params, layer, before) => model.logits(params, x, layer, before),
  cost: (params, values, logits) => model.cost(params, x, values, logits, klWeight),
});

/** Units of the context of such a task. */
export const contextUnits = ({ image }: Pick<DiscreteModel, 'image'>): number =>
  image.channels * image.height * image.width;
