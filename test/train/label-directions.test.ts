// Directions between labels, and what judges them, on pictures that are one grey level: dark ones are of class 0, light
// ones of class 1, and the one latent is the level.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from '../../train/data/data-set.ts';
import { accuracy, trainClassifier } from '../../train/evaluate/classify/train-classifier.ts';
import { greyError } from '../../train/evaluate/compression/grey-error.ts';
import { fitLabelDirections, labelDirectionsOf } from '../../train/evaluate/directions/label-directions.ts';
import { judge } from '../../train/experiments/faces/judge-edits.ts';
import type { Inference, Tensors } from '../../train/model.ts';
import { createClassifier } from '../../train/models/classifier.ts';
import { sgd } from '../../train/optimisers.ts';

const SIDE = 8;
const image = { width: SIDE, height: SIDE, channels: 1 } as const;
const options = { backend: 'cpu', threads: 1 } as const;

const vae: Inference = {
  image,
  latentDimensions: 2,
  likelihood: 'gaussian',
  encode(_params, _state, x) {
    const level = tf.mean(tf.reshape(x, [-1, SIDE * SIDE]), 1, true) as tf.Tensor2D;
    const mean = tf.concat([level, tf.mul(level, 0)], 1);
    return { mean, logVariance: mean };
  },
  pixelParameters: () => ({}),
  decode: (_params, _state, z) =>
    tf.tile(tf.reshape(tf.slice(z, [0, 0], [-1, 1]), [-1, 1, 1, 1]), [1, 1, SIDE, SIDE]),
  logLikelihood() {
    throw new Error('not asked for');
  },
};
const subject = { model: vae, params: {}, state: {} };

/** Pictures of the given grey levels, 0…255. */
const plain = (levels: number[], labels: number[], clear = levels.map(() => 1)): Images => ({
  ...image,
  count: levels.length,
  pixels: Uint8Array.from(levels.flatMap((level) => Array<number>(SIDE * SIDE).fill(level))),
  labels: Uint8Array.from(labels),
  clear: Uint8Array.from(clear),
});

test('a direction leads from the mean of one label to that of the other, unclear pictures aside', async () => {
  const labels = labelDirectionsOf('fer').flatMap(({ from, to }) => [from, to]);
  const train = plain(
    [...labels.map((label) => 51 + 20 * label), 255],
    [...labels, 1],
    [...labels.map(() => 1), 0],
  );
  const found = await fitLabelDirections(subject, { id: 'fer', train }, options);
  expect(found.map(({ name, vector }) => [name, ...vector])).toEqual(
    labelDirectionsOf('fer').map(({ name, to }) => [name, expect.closeTo((20 * to) / 255, 5), 0]),
  );
  const withoutAnger = { id: 'fer', train: plain([0, 20, 40, 60], [0, 1, 2, 3]) };
  await expect(
    fitLabelDirections(subject, { ...withoutAnger, labelNames: [...'0123456'] }, options),
  ).rejects.toThrow('directions: fer has no clear image of 4');
});

test('what makes pictures brighter within a label is no part of it', async () => {
  const encode: Inference['encode'] = (_params, _state, x) => {
    const halves = tf.mean(tf.reshape(x, [-1, 2, (SIDE * SIDE) / 2]), 2);
    const [top, bottom] = tf.split(halves, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
    const mean = tf.concat([tf.div(tf.add(top, bottom), 2), tf.sub(top, bottom)], 1);
    return { mean, logVariance: mean };
  };
  // Labels differ in light and in contrast; within a label the light alone varies.
  const places = Array.from({ length: 60 }, (_, i) => ({
    label: i % 5,
    light: 60 + 20 * (i % 5) + (i % 12),
  }));
  const train = {
    ...plain(
      places.map(({ light }) => light),
      places.map(({ label }) => label),
    ),
    pixels: Uint8Array.from(
      places.flatMap(({ label, light }) =>
        Array.from({ length: 64 }, (_, i) => light + (i < 32 ? 5 : -5) * label),
      ),
    ),
  };
  const found = await fitLabelDirections(
    { ...subject, model: { ...vae, encode } },
    { id: 'fer', train },
    options,
  );
  expect(found.map(({ vector }) => vector)).toEqual(
    labelDirectionsOf('fer').map(({ to }) => [expect.closeTo(0, 4), expect.closeTo((10 * to) / 255, 4)]),
  );
});

test('there are none for sets whose labels are people or digits, nor for models that take the label', async () => {
  const train = plain([0, 255], [0, 1]);
  expect(await fitLabelDirections(subject, { id: 'olivetti', train }, options)).toEqual([]);
  const conditional = { ...subject, model: { ...vae, classes: 8 } };
  expect(await fitLabelDirections(conditional, { id: 'fer', train }, options)).toEqual([]);
});

test('the error in grey levels is that of every pixel, and PSNR its image-wise logarithm', async () => {
  // Half of the pixels are black, half white: the reconstruction is ½ everywhere.
  const halves = { ...plain([0], [0]), pixels: Uint8Array.from({ length: 64 }, (_, i) => 255 * (i % 2)) };
  const [mse, psnr] = await greyError(subject, halves, options);
  expect([mse!.name, mse!.value, psnr!.name, psnr!.value]).toEqual([
    'mse',
    expect.closeTo(127.5 ** 2, 2),
    'psnr',
    expect.closeTo(6.0206, 3),
  ]);
});

const stream = createStream('classes');
const some = (count: number): Images => {
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  return plain(
    labels.map((label) => 140 * label + Math.floor(80 * stream.uniform())),
    labels,
  );
};
const config = { image, classes: 2, channels: [4], dense: 8, dropout: 0.25 };
const settings = { epochs: 30, batchSize: 20, learningRate: 0.02, weightDecay: 0, mirror: true, seed: 'c' };

test('a classifier learns light from dark; moved to the light, a dark picture is called light', async () => {
  const classifier = createClassifier(config);
  const said: string[] = [];
  const log = (line: string) => void said.push(line);
  const weights = await trainClassifier(classifier, some(200), some(60), settings, { ...options, log });
  expect(said).toHaveLength(30);
  const test = some(100);
  const known = await accuracy(classifier, weights, test, options);
  expect(known.of).toBe(test.count);
  expect(known.count / known.of).toBeGreaterThan(0.95);
  const swapped = { ...test, labels: test.labels!.map((label) => 1 - label) };
  expect((await accuracy(classifier, weights, swapped, options)).count / test.count).toBeLessThan(0.05);

  const dark = plain([20, 30, 40, 50, 230], [0, 0, 0, 0, 0]);
  const judged = await judge(
    { classifier, weights, vae, options },
    dark,
    [0, 1],
    [
      [0.6, 0],
      [0, 0.6],
    ],
  );
  const [right, other] = judged.moves;
  // The light one is not known for what it should be, and so is not asked again.
  expect([judged.faces, judged.known, right!.rate, other!.rate]).toEqual([
    5,
    4,
    { count: 4, of: 4 },
    { count: 0, of: 4 },
  ]);
  expect(right!.gain.value).toBeGreaterThan(60);
  expect(other!.gain.value).toBeCloseTo(0, 4);
});

test('the gradient of the classifier is that of finite differences', () => {
  const classifier = createClassifier(config);
  const { params, state } = classifier.init(createStream('fd'));
  const lift = (host: typeof params): Tensors =>
    Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]));
  const x = tf.tensor4d(
    Array.from({ length: 256 }, () => stream.uniform()),
    [4, 1, 8, 8],
  );
  const drop = tf.tensor2d(
    Array.from({ length: 32 }, () => stream.uniform()),
    [4, 8],
  );
  const labels = tf.cast(tf.oneHot([0, 1, 1, 0], 2), 'float32');
  const at = (p: Tensors) =>
    classifier.learner(sgd()).updates[0]!.gradients(p, lift(state), { x, drop, labels }, {});
  const h = 1e-2;
  for (const name of ['conv-0/kernel', 'norm-0/scale', 'hidden/kernel', 'logits/bias']) {
    const { shape, data } = params[name]!;
    const i = data.length >> 1;
    const loss = (by: number) => {
      const moved = data.slice();
      moved[i]! += by;
      return at({ ...lift(params), [name]: tf.tensor(moved, shape) }).loss.dataSync()[0]!;
    };
    const difference = (loss(h) - loss(-h)) / (2 * h);
    expect(at(lift(params)).gradients[name]!.dataSync()[i], name).toBeCloseTo(difference, 2);
  }
});
