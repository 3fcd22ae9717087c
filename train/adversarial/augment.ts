// Differentiable augmentation (Zhao et al. 2020): real and generated images alike are changed at random before the critic
// sees them, so that it cannot learn a small set by heart, and generators do not learn the changes.
import {
  abs,
  add,
  clipByValue,
  div,
  floor,
  matMul,
  mean,
  mul,
  range,
  reshape,
  slice,
  step,
  sub,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import type { NoiseSpec, Tensors } from '../model.ts';
import type { Critic } from './critic.ts';

type Change = {
  /** Numbers in 0…1 that one image takes. */
  draws: number;
  /** Images 0…1 [batch, channels, height, width]; `draw(i)` is the i-th number of each image, [batch, 1]. */
  of(x: Tensor, draw: (index: number) => Tensor): Tensor;
};

const perImage = (v: Tensor): Tensor => reshape(v, [-1, 1, 1, 1]);
/** An integer of 0 … count − 1. */
const oneOf = (u: Tensor, count: number): Tensor => clipByValue(floor(mul(u, count)), 0, count - 1);
/** Where a ≠ b for integers: 1, else 0. */
const differ = (a: Tensor, b: Tensor): Tensor => step(sub(abs(sub(a, b)), 0.5));

/** [batch, size, size], row i: one-hot of the place that comes to i when all move by −shift; the border repeats. */
function shiftMatrix(u: Tensor, size: number): Tensor {
  const reach = Math.round(size / 8);
  const places = reshape(range(0, size), [1, size]);
  const from = clipByValue(add(places, sub(oneOf(u, 2 * reach + 1), reach)), 0, size - 1);
  return sub(1, differ(reshape(from, [-1, size, 1]), reshape(places, [1, 1, size])));
}

/** [batch, size]: 1 on the half of a side around a place of it, cut off at the border. */
function half(u: Tensor, size: number): Tensor {
  const distance = abs(sub(reshape(range(0, size), [1, size]), oneOf(u, size + 1)));
  return sub(1, step(sub(distance, size / 4)));
}

const CHANGES = {
  /** Brightness, saturation and contrast. */
  colour: {
    draws: 3,
    of(x, draw) {
      const brighter = add(x, perImage(div(sub(draw(0), 0.5), 2)));
      const grey = mean(brighter, 1, true);
      const saturated = add(mul(sub(brighter, grey), perImage(mul(draw(1), 2))), grey);
      const level = mean(saturated, [1, 2, 3], true);
      return add(mul(sub(saturated, level), perImage(add(draw(2), 0.5))), level);
    },
  },
  /** By up to an eighth of a side; where the paper fills with grey, the border repeats. */
  translation: {
    draws: 2,
    of(x, draw) {
      const [batch, channels, height, width] = x.shape as [number, number, number, number];
      const along = matMul(
        reshape(x, [batch, channels * height, width]),
        shiftMatrix(draw(0), width),
        false,
        true,
      );
      const rows = reshape(transpose(reshape(along, x.shape), [0, 2, 1, 3]), [
        batch,
        height,
        channels * width,
      ]);
      const moved = matMul(shiftMatrix(draw(1), height), rows);
      return transpose(reshape(moved, [batch, height, channels, width]), [0, 2, 1, 3]);
    },
  },
  /** A square of half a side becomes grey. */
  cutout: {
    draws: 2,
    of(x, draw) {
      const [, , height, width] = x.shape as [number, number, number, number];
      const [across, down] = [half(draw(0), width), half(draw(1), height)];
      const hole = mul(reshape(down, [-1, 1, height, 1]), reshape(across, [-1, 1, 1, width]));
      return add(mul(sub(x, 0.5), sub(1, hole)), 0.5);
    },
  },
} satisfies Record<string, Change>;

export type AugmentationName = keyof typeof CHANGES;

/** What a recipe may name: changes that follow one another. */
export const AUGMENTATIONS = {
  none: [],
  translation: ['translation'],
  colour: ['colour', 'translation'],
  all: ['colour', 'translation', 'cutout'],
} satisfies Record<string, AugmentationName[]>;

/** `critic`, which sees every image changed. */
export function augmented(critic: Critic, names: readonly AugmentationName[]): Critic {
  if (names.length === 0) return critic;
  return {
    ...critic,
    noise: (batch) => ({
      ...critic.noise(batch),
      ...Object.fromEntries(
        names.map((name): [string, NoiseSpec] => [
          name,
          { shape: [CHANGES[name].draws, batch], distribution: 'uniform' },
        ]),
      ),
    }),
    score(params, judged, noise) {
      const x = names.reduce((y, name) => changeImages(name, y, noise), judged.x);
      return critic.score(params, { ...judged, x }, noise);
    },
  };
}

/** One change of `x`, by the numbers `noise[name]` [draws, batch]. */
export function changeImages(name: AugmentationName, x: Tensor, noise: Tensors): Tensor {
  const draws = noise[name]!;
  return CHANGES[name].of(x, (index) => {
    return reshape(slice(draws, [index, 0], [1, draws.shape[1]!]), [-1, 1]);
  });
}
