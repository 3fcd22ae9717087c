// Temperature scaling against its closed form for two classes, and in the graph of a classifier.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../onnx/trace/trace.ts';
import { classProbabilities } from '../../train/evaluate/class-probabilities.ts';
import {
  fitScaling,
  fitTemperature,
  scaleClasses,
  tempered,
} from '../../train/evaluate/temperature-scaling.ts';
import type { Model } from '../../train/model.ts';
import { classifierGraph } from '../../train/models/semi-supervised.ts';

const CPU = { backend: 'cpu', threads: 1 } as const;
const rows = (...of: number[][]) => Float32Array.from(of.flat());

test('a classifier that is always as sure is cooled or warmed to how often it is right', () => {
  // Of odds r at confidence p the likeliest temperature is ln(p / (1 − p)) / ln r.
  const sure = rows(...Array(4).fill([0.99, 0.01]));
  expect(fitTemperature(sure, Uint8Array.of(0, 0, 1, 0))).toBeCloseTo(Math.log(99) / Math.log(3), 4);
  const timid = rows(...Array(5).fill([0.4, 0.6]));
  expect(fitTemperature(timid, Uint8Array.of(1, 1, 0, 1, 1))).toBeCloseTo(Math.log(1.5) / Math.log(4), 4);
  // Always right, even where nothing is left for the others; and always wrong.
  expect(fitTemperature(rows([1, 0], [0.4, 0.6]), Uint8Array.of(0, 1))).toBeCloseTo(0.1, 6);
  expect(fitTemperature(sure, Uint8Array.of(1, 1, 1, 1))).toBeCloseTo(10, 6);
});

test('probabilities at a temperature are softmax(log p / T), and come back at its inverse', () => {
  const given = rows([0.5, 0.3, 0.2], [0.1, 0.1, 0.8]);
  const roots = [0.5, 0.3, 0.2].map(Math.sqrt);
  const sum = roots.reduce((a, b) => a + b);
  const warm = tempered(given, 3, 2);
  for (const [k, root] of roots.entries()) expect(warm[k]).toBeCloseTo(root / sum, 6);
  for (const [i, p] of tempered(warm, 3, 0.5).entries()) expect(p).toBeCloseTo(given[i]!, 6);
});

const PIXELS = rows([0, 1], [1, 0], [1, 1], [0.2, 0.4]);
const image = { width: 2, height: 1, channels: 1 } as const;
const images = {
  ...image,
  count: 4,
  pixels: Uint8Array.from(PIXELS, (value) => 255 * value),
  labels: Uint8Array.of(0, 1, 1, 1),
};
/** Logits of three classes, the last of which is all but impossible. */
const model: Model = {
  image,
  graphs: {
    classifier: classifierGraph(image, 3, (_, x) => {
      const flat = tf.reshape(x, [-1, 2]) as tf.Tensor2D;
      const logits = tf.matMul(flat, tf.tensor2d([1, 3, -95, 2, -1, -90], [2, 3]));
      return tf.sub(logits, tf.logSumExp(logits, 1, true));
    }),
  },
};
const weights = { params: {}, state: {} };

test('the graph of a scaled classifier says what the temperature makes of its probabilities, once', async () => {
  const settings = { seed: 1, variant: 'grey' } as const;
  const subject = { model, ...weights, settings, measures: [] };
  const set = { id: 's', title: 's', terms: '', train: images, validation: images, test: images };
  const scaling = (await fitScaling(subject, set, CPU))!;
  expect(scaling.split).toBe('validation, 4 images');
  const plain = await classProbabilities(model, weights, images, CPU);
  expect(scaling.temperature).toBeCloseTo(fitTemperature(plain, images.labels), 12);
  const scaled = scaleClasses(model, scaling);
  const found = await classProbabilities(scaled, weights, images, CPU);
  for (const [i, p] of tempered(plain, 3, scaling.temperature).entries()) expect(found[i]).toBeCloseTo(p, 6);
  expect(found).not.toEqual(plain);
  expect(await fitScaling({ ...subject, model: scaled }, set, CPU)).toBeUndefined();
  const { labels: _, ...bare } = images;
  expect(await fitScaling(subject, { ...set, validation: bare }, CPU)).toBeUndefined();
});
