// Sigmoid belief networks for structured prediction (Raiko et al. 2015; Jang et al. 2017, Section 4.1): the lower half of
// an image from its upper half, through one or several layers of discrete units.
import { neg, reshape, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import { ancestralSample } from '../estimators/discrete/task.ts';
import { logits } from '../initialisers.ts';
import { type DiscreteLayer, shapeOf } from '../latents/layer.ts';
import type { Activation } from '../layers/activations.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { ImageShape, Tensors } from '../model.ts';
import { completerGraph, flat, halvesOf, unitsOf } from './completer.ts';
import type { Completer, DiscreteModel } from './discrete.ts';

export type BeliefNetworkConfig = {
  /** Of one channel and an even height. */
  image: ImageShape;
  layers: readonly DiscreteLayer[];
  /** Units of deterministic layers before each stochastic layer and before the pixels; none in 392-200-200-392. */
  hidden?: readonly number[];
  activation?: Activation;
};

/** @throws Error when an image has no two equal halves, or more than one channel. */
export function createBeliefNetwork(config: BeliefNetworkConfig): Completer {
  const { image, layers, hidden = [], activation = 'relu' } = config;
  const { half, upper, lower } = halvesOf(image);
  /** One map, through the deterministic layers. */
  const map = (params: Tensors, name: string, x: Tensor): Tensor =>
    dense(params, name, stack(params, `${name}/hidden`, x, hidden, activation));
  const pixelLogits = (params: Tensors, values: readonly Tensor[]) =>
    map(params, 'predictor/pixels', flat(values.at(-1)!));
  const logLikelihood = (params: Tensors, x: Tensor, values: readonly Tensor[]) =>
    bernoulliLogDensity(lower(x), pixelLogits(params, values));
  const layerLogits: DiscreteModel['logits'] = (params, x, i, before) => {
    const h = i === 0 ? upper(x) : flat(before[i - 1]!);
    return reshape(map(params, `predictor/layer-${i}`, h), [h.shape[0]!, ...shapeOf(layers[i]!)]);
  };
  const units = layers.map(unitsOf);

  return {
    image,
    likelihood: 'bernoulli',
    layers,

    init(stream, pixelMeans) {
      const names = [...layers.map((_, i) => `predictor/layer-${i}`), 'predictor/pixels'];
      const [ins, outs] = [
        [half, ...units],
        [...units, half],
      ];
      const params = Object.assign(
        {},
        ...names.map((name, i) => ({
          ...initStack(stream, `${name}/hidden`, ins[i]!, hidden),
          ...initDense(stream, name, hidden.at(-1) ?? ins[i]!, outs[i]!),
        })),
      );
      params['predictor/pixels/bias'].data.set(logits(pixelMeans.subarray(half)));
      return params;
    },

    logits: layerLogits,
    cost: (params, x, values) => neg(logLikelihood(params, x, values)),
    logWeight: (params, x, { values }) => logLikelihood(params, x, values),

    completer: completerGraph(image, layers, (params, x, noise) => {
      const task = {
        layers,
        logits: (at: Tensors, layer: number, before: readonly Tensor[]) => layerLogits(at, x, layer, before),
      };
      return sigmoid(pixelLogits(params, ancestralSample(task, params, noise).values));
    }),
  };
}
