// Latent directions: the attributes on shapes of known size, the regression on known weights, and both on a toy model
// whose one useful latent is the width of a bar.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import type { Images } from '../../train/data/data-set.ts';
import { attributesOf } from '../../train/evaluate/directions/attributes.ts';
import { fitDirections, measureDirections } from '../../train/evaluate/directions/directions.ts';
import { centreByClass, ridge } from '../../train/evaluate/directions/ridge.ts';
import type { Subject } from '../../train/evaluate/subject.ts';
import type { GraphSpec, Inference } from '../../train/model.ts';

const SIDE = 28;
const [thickness, slant] = attributesOf('mnist');

/** A bar of `width` pixels and 20 rows, `shear` pixels further right for each row further up. */
const bar = (width: number, shear = 0): Float32Array =>
  Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    const left = 14 - width / 2 + shear * (13.5 - y);
    return Number(y >= 4 && y < 24 && x >= Math.round(left) && x < Math.round(left) + width);
  });

test('thickness grows with the stroke, and not with its length or its ink', () => {
  // 2 · area / outline = 2 · 20 w / (2 · 20 + 2 w), but for the corners.
  for (const width of [2, 4, 6])
    expect(thickness!.of(bar(width), SIDE)).toBeCloseTo((40 * width) / (40 + 2 * width), 0);
  const half = bar(4).map((value, i) => (i < 14 * SIDE ? value : 0));
  expect(Math.abs(thickness!.of(half, SIDE) - thickness!.of(bar(4), SIDE))).toBeLessThan(0.8);
  const faint = bar(4).map((value) => value / 2);
  expect(thickness!.of(faint, SIDE)).toBeCloseTo(thickness!.of(bar(4), SIDE), 5);
  expect(thickness!.of(new Float32Array(SIDE * SIDE), SIDE)).toBe(0);
});

test('slant is the shear, positive to the right, and nothing of an empty image', () => {
  expect(slant!.of(bar(4), SIDE)).toBeCloseTo(0, 6);
  for (const shear of [0.5, -0.5, 0.25]) expect(slant!.of(bar(4, shear), SIDE)).toBeCloseTo(shear, 1);
  expect(slant!.of(new Float32Array(SIDE * SIDE), SIDE)).toBe(0);
});

test('ridge regression finds the weights, whatever the classes add, and leaves idle variables alone', () => {
  const stream = createStream('ridge');
  const n = 4000;
  const classes = Uint8Array.from({ length: n }, (_, i) => i % 3);
  const z = new Float64Array(3 * n);
  const a = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [p, q] = [stream.normal(), stream.normal()];
    // The third variable is as good as unused, but tells the class.
    z.set([p + classes[i]!, p + q, 1e-3 * stream.normal() + classes[i]!], 3 * i);
    a[i] = 2 * p - (p + q) + 10 * classes[i]!;
  }
  centreByClass(z, 3, classes);
  centreByClass(a, 1, classes);
  const exact = ridge(z, a, 1e-9);
  expect([exact[0], exact[1]]).toEqual([expect.closeTo(2, 3), expect.closeTo(-1, 3)]);
  const steady = ridge(z, a, 0.01);
  expect(Math.abs(steady[2]!)).toBeLessThan(1e-3);
  expect(steady[0]).toBeCloseTo(2, 0);
});

/** z = (half the width of a bar, noise that it does not use). */
const model: Inference = {
  image: { width: SIDE, height: SIDE, channels: 1 },
  latentDimensions: 2,
  likelihood: 'bernoulli',
  pixelParameters: () => ({}),
  encode(_params, _state, x) {
    const half = tf.div(tf.sum(tf.reshape(x, [-1, SIDE * SIDE]), 1, true), 40) as tf.Tensor2D;
    const mean = tf.concat([half, tf.mul(half, 0)], 1);
    return { mean, logVariance: mean };
  },
  decode(_params, _state, z) {
    const distance = tf.tensor(Array.from({ length: SIDE * SIDE }, (_, i) => Math.abs((i % SIDE) - 13.5)));
    const rows = tf.tensor(
      Array.from({ length: SIDE * SIDE }, (_, i) => Number(i >= 4 * SIDE && i < 24 * SIDE)),
    );
    const inside = tf.mul(tf.sigmoid(tf.mul(tf.sub(tf.slice(z, [0, 0], [-1, 1]), distance), 8)), rows);
    return tf.reshape(inside, [-1, 1, SIDE, SIDE]);
  },
  logLikelihood() {
    throw new Error('not asked for');
  },
};
const trained = {
  params: {},
  state: {},
  settings: { seed: 1, variant: 'grey' },
  measures: [],
} satisfies Omit<Subject, 'model'>;
const { image } = model;
const subject: Subject = { ...trained, model: { image, graphs: {}, density: model } };
const bars = (count: number): Images => ({
  count,
  width: SIDE,
  height: SIDE,
  channels: 1,
  pixels: Uint8Array.from(
    Array.from({ length: count }, (_, i) => [...bar(4 + 2 * (i % 3)).map((v) => 255 * v)]).flat(),
  ),
});
const options = { backend: 'cpu' } as const;

test('a direction does what it says, and its opposite the opposite', async () => {
  const dataset = { id: 'mnist', train: bars(60), test: bars(300) };
  const [found] = await fitDirections(subject, dataset, options);
  expect([found!.name, found!.vector[0]! > 0.5, found!.vector[1]]).toEqual(['thickness', true, 0]);
  const [share, step] = await measureDirections(subject, [found!], dataset, options);
  expect([share!.name, share!.value, share!.split]).toEqual([
    'edit-thickness',
    expect.closeTo(100, 6),
    'test, 300 images',
  ]);
  expect(step!.value).toBeGreaterThan(0.5);
  const opposite = { ...found!, vector: found!.vector.map((value) => -value) };
  expect((await measureDirections(subject, [opposite], dataset, options))[0]!.value).toBe(0);
});

test('a generator without an encoder is fitted on what it draws, and measured on other draws', async () => {
  // Of class 1 bars are four pixels wider whatever the latents, which the direction must leave to the label.
  const decoder: GraphSpec = {
    inputs: { z: { shape: [2], meaning: '' }, label: { shape: [2], meaning: '' } },
    outputs: { mean: { shape: [1, SIDE, SIDE], meaning: '' } },
    run(params, state, { z, label }) {
      const wider = tf.mul(tf.matMul(label as tf.Tensor2D, tf.tensor2d([[0], [2]])), tf.tensor2d([[1, 0]]));
      return { mean: model.decode(params, state, tf.add(tf.add(z!, wider), tf.tensor2d([[5, 0]]))) };
    },
  };
  const latent = { prior: 'gaussian', dimensions: 2 } as const;
  const generator: Subject = { ...trained, model: { image, classes: 2, latent, graphs: { decoder } } };
  const dataset = { id: 'mnist', train: bars(400), test: bars(500) };
  const [found] = await fitDirections(generator, dataset, options);
  const [width, noise] = found!.vector;
  expect([found!.name, width! > 0.5, Math.abs(noise! / width!) < 0.05]).toEqual(['thickness', true, true]);
  const [share, step] = await measureDirections(generator, [found!], dataset, options);
  expect([share!.value, share!.split]).toEqual([expect.closeTo(100, 6), '500 generated images']);
  expect(share!.protocol).toContain("the latents of the seed 'edits', labels in equal shares");
  expect(step!.value).toBeGreaterThan(0.5);
  const silent: Subject = { ...trained, model: { image, graphs: {} } };
  expect(await fitDirections(silent, dataset, options)).toEqual([]);
  await expect(measureDirections(silent, [found!], dataset, options)).rejects.toThrow(
    'directions: the model has neither an encoder nor continuous latents',
  );
});

test('clothes are as bright and as wide as they are, wherever they stand', () => {
  const [brightness, width] = attributesOf('fashion-mnist');
  for (const wide of [2, 6, 10]) {
    expect(width!.of(bar(wide), SIDE)).toBeCloseTo(Math.sqrt(wide ** 2 - 1), 5);
    const faint = bar(wide).map((value) => value / 4);
    expect([brightness!.of(bar(wide), SIDE), brightness!.of(faint, SIDE)]).toEqual([1, 0.25]);
    expect(width!.of(faint, SIDE)).toBeCloseTo(width!.of(bar(wide), SIDE), 5);
  }
  const nothing = new Float32Array(SIDE * SIDE);
  expect([brightness!.of(nothing, SIDE), width!.of(nothing, SIDE)]).toEqual([0, 0]);
});

test('there is none for other data sets, and an unknown one is refused by name', async () => {
  const dataset = { id: 'frey-face', train: bars(3), test: bars(3) };
  expect(await fitDirections(subject, dataset, options)).toEqual([]);
  const age = { name: 'age', meaning: 'older', vector: [1, 0] };
  await expect(measureDirections(subject, [age], { ...dataset, id: 'mnist' }, options)).rejects.toThrow(
    "directions: 'age' is no attribute of mnist",
  );
});
