// Models that see the upper half of a picture: its halves, and the graph that finishes it.
import { concat, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';
import { type DiscreteLayer, shapeOf } from '../latents/layer.ts';
import type { GraphSpec, ImageShape, Tensors } from '../model.ts';
import { sizeOf } from '../runner/rows.ts';

export const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, -1]);
export const unitsOf = (layer: DiscreteLayer): number => sizeOf(shapeOf(layer));

/** `half` is the number of pixels of either; `x` is [rows, 1, height, width], the halves are [rows, half]. */
export type Halves = { half: number; upper(x: Tensor): Tensor; lower(x: Tensor): Tensor };

/** @throws Error when an image has no two equal halves, or more than one channel. */
export function halvesOf({ width, height, channels }: ImageShape): Halves {
  if (height % 2 !== 0 || channels !== 1)
    throw new Error(
      `completer: images must have one channel and an even height, got ${channels} and ${height}`,
    );
  const half = (width * height) / 2;
  return {
    half,
    upper: (x) => slice(flat(x), [0, 0], [-1, half]),
    lower: (x) => slice(flat(x), [0, half], [-1, half]),
  };
}

/** `lower` gives the pixel means [rows, half] from images and the noise `uniform-0`, … of every layer. */
export function completerGraph(
  image: ImageShape,
  layers: readonly DiscreteLayer[],
  lower: (params: Tensors, x: Tensor, noise: Tensors) => Tensor,
): GraphSpec {
  const ofImage = [image.channels, image.height, image.width];
  const { upper } = halvesOf(image);
  const units = layers.map(unitsOf);
  return {
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
      const drawn = lower(params, x!, uniform);
      return { mean: reshape(concat([upper(x!), drawn], 1), [x!.shape[0]!, ...ofImage]) };
    },
  };
}
