// Sigmoid belief networks for structured prediction (Raiko et al. 2015; Jang et al. 2017, Section 4.1): the lower half of
// an image from its upper half, through one or several layers of discrete units.
import { concat, neg, reshape, sigmoid, slice, type Tensor } from '@tensorflow/tfjs-core';
import { ancestralSample } from '../estimators/discrete/task.ts';
import { logits } from '../initialisers.ts';
import { type DiscreteLayer, shapeOf } from '../latents/layer.ts';
import type { Activation } from '../layers/activations.ts';
import { dense, initDense, initStack, stack } from '../layers/dense.ts';
import { bernoulliLogDensity } from '../likelihoods.ts';
import type { ImageShape, Model, Tensors } from '../model.ts';
import { sizeOf } from '../runner/rows.ts';
import type { DiscreteModel } from './discrete.ts';

const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, -1]);
const unitsOf = (layer: DiscreteLayer): number => sizeOf(shapeOf(layer));

export type BeliefNetworkConfig = {
  /** Of one channel and an even height. */
  image: ImageShape;
  layers: readonly DiscreteLayer[];
  /** Units of deterministic layers before each stochastic layer and before the pixels; none in 392-200-200-392. */
  hidden?: readonly number[];
  activation?: Activation;
};

export type BeliefNetwork = DiscreteModel & { graphs: Model['graphs'] };

/** @throws Error when an image has no two equal halves, or more than one channel. */
export function createBeliefNetwork(config: BeliefNetworkConfig): BeliefNetwork {
  const { image, layers, hidden = [], activation = 'relu' } = config;
  if (image.height % 2 !== 0 || image.channels !== 1)
    throw new Error(
      `belief-network: images must have one channel and an even height, got ${image.channels} and ${image.height}`,
    );
  const half = (image.width * image.height) / 2;
  const upper = (x: Tensor) => slice(flat(x), [0, 0], [-1, half]);
  const lower = (x: Tensor) => slice(flat(x), [0, half], [-1, half]);
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
  const ofImage = [image.channels, image.height, image.width];

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

    graphs: {
      completer: {
        inputs: {
          x: { shape: ofImage, meaning: 'images, NCHW, with 0 for the lower half', range: [0, 1] },
          noise: {
            shape: [units.reduce((sum, n) => sum + n, 0)],
            meaning: 'uniform noise between 0 and 1, which draws one completion',
            range: [0, 1],
          },
        },
        outputs: {
          mean: {
            shape: ofImage,
            meaning: 'the upper half as it is, pixel means of the lower one, NCHW',
            range: [0, 1],
          },
        },
        run(params, _, { x, noise }) {
          const uniform: Tensors = {};
          let from = 0;
          layers.forEach((layer, i) => {
            const part = slice(noise!, [0, from], [-1, units[i]!]);
            uniform[`uniform-${i}`] = reshape(part, [x!.shape[0]!, ...shapeOf(layer)]);
            from += units[i]!;
          });
          const task = {
            layers,
            logits: (at: Tensors, layer: number, before: readonly Tensor[]) =>
              layerLogits(at, x!, layer, before),
          };
          const { values } = ancestralSample(task, params, uniform);
          const drawn = sigmoid(pixelLogits(params, values));
          return { mean: reshape(concat([upper(x!), drawn], 1), [x!.shape[0]!, ...ofImage]) };
        },
      },
    },
  };
}
