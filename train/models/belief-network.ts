// Sigmoid belief networks for structured prediction (Raiko et al. 2015; Jang et al. 2017, Section 4.1): the lower half of
// an image from its upper half, through one or several layers of discrete units.
import { neg, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import { logits } from '../initialisers.ts';
import { type DiscreteLayer, shapeOf } from '../latents/discrete.ts';
import { dense, initDense } from '../layers/dense.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { ImageShape, Tensors } from '../model.ts';
import type { DiscreteModel } from './discrete.ts';

const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, -1]);
const unitsOf = (layer: DiscreteLayer): number => shapeOf(layer).reduce((product, d) => product * d, 1);

/** Affine maps from one layer to the next, as in 392-200-200-392. Images have one channel and an even height. */
export function createBeliefNetwork(config: {
  image: ImageShape;
  layers: readonly DiscreteLayer[];
}): DiscreteModel {
  const { image, layers } = config;
  const half = (image.width * image.height) / 2;
  const upper = (x: Tensor) => slice(flat(x), [0, 0], [-1, half]);
  const lower = (x: Tensor) => slice(flat(x), [0, half], [-1, half]);
  const logLikelihood = (params: Tensors, x: Tensor, values: readonly Tensor[]) =>
    bernoulliLogDensity(lower(x), dense(params, 'predictor/pixels', flat(values.at(-1)!)));

  return {
    image,
    layers,
    init(stream, pixelMeans) {
      const units = [half, ...layers.map(unitsOf)];
      const params = Object.assign(
        {},
        ...layers.map((_, i) => initDense(stream, `predictor/layer-${i}`, units[i]!, units[i + 1]!)),
        initDense(stream, 'predictor/pixels', units.at(-1)!, half),
      );
      params['predictor/pixels/bias'].data.set(logits(pixelMeans.subarray(half)));
      return params;
    },

    logits(params, x, i, before) {
      const h = i === 0 ? upper(x) : flat(before[i - 1]!);
      return reshape(dense(params, `predictor/layer-${i}`, h), [h.shape[0]!, ...shapeOf(layers[i]!)]);
    },

    cost: (params, x, values) => neg(logLikelihood(params, x, values)),

    logWeight: (params, x, { values }) => logLikelihood(params, x, values),
  };
}
