// Conditional VAEs with discrete latents (Sohn, Lee & Yan 2015) for structured prediction: codes that the upper half of an
// image makes likely, p(z|upper), say its lower half; while it learns, q(z|x) sees both halves.
import { add, concat, mul, reshape, sigmoid, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { ancestralSample } from '../estimators/discrete/task.ts';
import { logits } from '../initialisers.ts';
import { distributionOf } from '../latents/discrete.ts';
import { shapeOf } from '../latents/layer.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { Tensors } from '../model.ts';
import type { BeliefNetworkConfig } from './belief-network.ts';
import { completerGraph, flat, halvesOf, unitsOf } from './completer.ts';
import type { Completer } from './discrete.ts';

/** @throws Error when an image has no two equal halves, or more than one channel. */
export function createConditionalCodes(config: BeliefNetworkConfig): Completer {
  const { image, layers, hidden = [], activation = 'relu' } = config;
  const { half, upper, lower } = halvesOf(image);
  const map = (params: Tensors, name: string, x: Tensor): Tensor =>
    dense(params, name, stack(params, `${name}/hidden`, x, hidden, activation));
  const beside = (seen: Tensor, values: readonly Tensor[]) => concat([seen, ...values.map(flat)], 1);
  const layerLogits = (name: string, params: Tensors, seen: Tensor, i: number, before: readonly Tensor[]) =>
    reshape(map(params, `predictor/${name}-${i}`, beside(seen, before)), [
      seen.shape[0]!,
      ...shapeOf(layers[i]!),
    ]);
  const prior = (params: Tensors, x: Tensor, i: number, before: readonly Tensor[]) =>
    layerLogits('prior', params, upper(x), i, before);
  const pixelLogits = (params: Tensors, x: Tensor, values: readonly Tensor[]) =>
    map(params, 'predictor/pixels', beside(upper(x), values));
  const logLikelihood = (params: Tensors, x: Tensor, values: readonly Tensor[]) =>
    bernoulliLogDensity(lower(x), pixelLogits(params, x, values));
  /** Units of the layers before number `i`. */
  const before = (i: number) => layers.slice(0, i).reduce((total, layer) => total + unitsOf(layer), 0);

  return {
    image,
    likelihood: 'bernoulli',
    layers,

    init(stream, pixelMeans) {
      const initMap = (name: string, inputs: number, outputs: number) => ({
        ...initStack(stream, `predictor/${name}/hidden`, inputs, hidden),
        ...initDense(stream, `predictor/${name}`, hidden.at(-1) ?? inputs, outputs),
      });
      const params = Object.assign(
        {},
        ...layers.flatMap((layer, i) => [
          initMap(`prior-${i}`, half + before(i), unitsOf(layer)),
          initMap(`posterior-${i}`, 2 * half + before(i), unitsOf(layer)),
        ]),
        initMap('pixels', half + before(layers.length), half),
      );
      params['predictor/pixels/bias'].data.set(logits(pixelMeans.subarray(half)));
      return params;
    },

    logits: (params, x, i, values) => layerLogits('posterior', params, flat(x), i, values),

    cost(params, x, values, q, klWeight) {
      const kl = layers
        .map((layer, i) => distributionOf(layer).kl(q[i]!, prior(params, x, i, values.slice(0, i))))
        .reduce((total, one) => add(total, one));
      return sub(klWeight ? mul(kl, klWeight) : kl, logLikelihood(params, x, values));
    },

    logWeight(params, x, { values, logits: q }) {
      const ratios = layers.map((layer, i) => {
        const { logMass } = distributionOf(layer);
        return sum(
          sub(logMass(values[i]!, prior(params, x, i, values.slice(0, i))), logMass(values[i]!, q[i]!)),
          -1,
        );
      });
      return ratios.reduce((total, one) => add(total, one), logLikelihood(params, x, values));
    },

    completer: completerGraph(image, layers, (params, x, noise) => {
      const task = {
        layers,
        logits: (at: Tensors, i: number, values: readonly Tensor[]) => prior(at, x, i, values),
      };
      return sigmoid(pixelLogits(params, x, ancestralSample(task, params, noise).values));
    }),
  };
}
