// Differentiable augmentation: what each change does to pixels, what flows back, and who sees it.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

import { beforeAll, expect, test } from 'vitest';
import '../../onnx/trace/register.ts';
import { augmented, changeImages } from '../../train/adversarial/augment.ts';
import type { Critic } from '../../train/adversarial/critic.ts';
import { differentiate } from '../../train/differentiate.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const round = (t: tf.Tensor) => [...t.dataSync()].map((v) => Math.round(1000 * v) / 1000);
/** One image of 8×8, whose pixel of row y and column x is 10 y + x. */
const grid = () =>
  tf.tensor(
    Array.from({ length: 64 }, (_, i) => 10 * (i >> 3) + (i % 8)),
    [1, 1, 8, 8],
  );
const row = (t: tf.Tensor, y: number) => round(tf.slice(t, [0, 0, y, 0], [1, 1, 1, 8]));

test('translation moves images by up to an eighth of a side, each its own way, and repeats the border', () => {
  const both = tf.concat([grid(), grid()], 0);
  // Thirds of 0…1 are −1, 0 and 1: the first image goes right and up, the second stays where it is.
  const noise = { translation: tf.tensor([0.1, 0.5, 0.9, 0.5], [2, 2]) };
  const moved = changeImages('translation', both, noise);
  expect(row(moved, 0)).toEqual([10, 10, 11, 12, 13, 14, 15, 16]);
  expect(row(moved, 7)).toEqual([70, 70, 71, 72, 73, 74, 75, 76]);
  expect(round(tf.slice(moved, [1, 0, 0, 0], [1, 1, 8, 8]))).toEqual(round(grid()));
  const last = changeImages('translation', grid(), { translation: tf.tensor([1, 0], [2, 1]) });
  expect(row(last, 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 7]);
});

test('colour changes brightness, saturation and contrast about the mean', () => {
  const red = () => tf.tensor([1, 0.4, 0.1], [1, 3, 1, 1]);
  const change = (...u: number[]) => round(changeImages('colour', red(), { colour: tf.tensor(u, [3, 1]) }));
  expect(change(0.5, 0.5, 0.5)).toEqual([1, 0.4, 0.1]);
  expect(change(1, 0.5, 0.5)).toEqual([1.25, 0.65, 0.35]);
  expect(change(0.5, 0, 0.5)).toEqual([0.5, 0.5, 0.5]);
  expect(change(0.5, 0.5, 1)).toEqual([1.25, 0.35, -0.1]);
});

test('cutout makes a square of half a side grey, less at the border', () => {
  const ones = tf.ones([1, 1, 8, 8]);
  const hole = (u: number, v: number) =>
    round(changeImages('cutout', ones, { cutout: tf.tensor([u, v], [2, 1]) })).filter((p) => p === 0.5)
      .length;
  expect(hole(0.5, 0.5)).toBe(25); // places 2 to 6 around 4
  expect(hole(0, 0)).toBe(9);
});

test('the critic sees changed images, and the gradient comes back to the pixels they came from', () => {
  const critic: Critic = {
    init: () => ({}),
    kernels: [],
    noise: () => ({ own: { shape: [1], distribution: 'normal' } }),
    score: (_params, { x }) => ({ score: tf.sum(tf.mul(x, grid()), [1, 2, 3]) }),
  };
  expect(augmented(critic, [])).toBe(critic);
  const seeing = augmented(critic, ['translation']);
  expect(seeing.noise(7)).toEqual({
    own: { shape: [1], distribution: 'normal' },
    translation: { shape: [2, 7], distribution: 'uniform' },
  });
  // One to the right: the pixel of column x is weighed as its place x + 1, and the first column twice.
  const noise = { translation: tf.tensor([0.1, 0.5], [2, 1]) };
  const { gradients } = differentiate({ x: grid() }, ({ x }) => {
    const { score } = seeing.score({}, { x: x! }, noise);
    return { loss: tf.sum(score) as tf.Scalar, metrics: {}, state: {} };
  });
  expect(row(gradients.x!, 0)).toEqual([0 + 1, 2, 3, 4, 5, 6, 7, 0]);
});
