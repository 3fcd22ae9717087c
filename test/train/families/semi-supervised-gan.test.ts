// A critic that classifies: its losses by their formulas, and a recipe of few labels through to its figures.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import '../../../onnx/trace/register.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import {
  classCritic,
  featureMatchingLearner,
  matchingLoss,
  unsupervisedLoss,
} from '../../../train/adversarial/feature-matching.ts';
import { mlpGenerator } from '../../../train/adversarial/generator.ts';
import { softmaxCrossEntropy } from '../../../train/adversarial/losses.ts';
import { build } from '../../../train/families/families.ts';
import type { SemiSupervisedGanRecipe } from '../../../train/families/semi-supervised-gan.ts';
import type { Tensors } from '../../../train/model.ts';
import { sgd } from '../../../train/optimisers.ts';
import { resolveRecipe } from '../../../train/recipes/resolve.ts';
import { factsOf } from '../../../train/run/train.ts';
import { within } from '../../../train/runner/names.ts';
import { expectGradients, first, lift, liftNoise } from '../lift.ts';
import { cycle, toyData } from './cycle.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('real images are of some class, generated ones of none; means of features are matched', () => {
  const [real, fake] = [tf.tensor2d([[1, 2]]), tf.tensor2d([[-1, 0.5]])];
  const share = (logits: number[]) => {
    const z = logits.reduce((sum, l) => sum + Math.exp(l), 0);
    return z / (z + 1);
  };
  const expected = -Math.log(share([1, 2])) - Math.log(1 - share([-1, 0.5]));
  expect(first(unsupervisedLoss(real, fake))).toBeCloseTo(expected, 5);
  expect(first(softmaxCrossEntropy(real, tf.tensor2d([[0, 1]])))).toBeCloseTo(Math.log(1 + Math.exp(-1)), 5);
  const rows = (...values: number[][]) => tf.tensor2d(values);
  expect(first(matchingLoss(rows([0, 2], [2, 2]), rows([3, 0], [3, 2])))).toBe(4 + 1);
});

test('both gradients are slopes', () => {
  const image = { width: 2, height: 2, channels: 1 } as const;
  const stream = createStream('matching');
  const generator = mlpGenerator({ image, latent: 2, hidden: [3] });
  const critic = classCritic(image, 2, [4, 3]);
  const { updates, feeds } = featureMatchingLearner({
    image,
    classes: 2,
    latent: { dimensions: 2, distribution: 'normal' },
    toLatents: (noise) => noise,
    generator,
    critic,
    labelledBatch: 2,
    optimiser: sgd(),
    averages: { of: '', decay: 0.9 },
  });
  const params = {
    ...generator.init(stream, new Float32Array(4).fill(0.4)).params,
    ...critic.init(stream),
  };
  for (const { data } of Object.values(params))
    for (let i = 0; i < data.length; i++) data[i]! += 0.3 * stream.normal();
  const given: Tensors = {};
  for (const [name, { shape, distribution }] of Object.entries(feeds(3))) {
    const known = distribution === 'data' ? 'uniform' : distribution;
    given[name] = liftNoise({ n: { shape, distribution: known } }, stream).n!;
  }
  given.labels = tf.tensor2d([
    [1, 0],
    [0, 1],
  ]);
  for (const { of, gradients } of updates) {
    const found = gradients(lift(params), {}, given, {});
    const loss = (at: Tensors) => gradients({ ...lift(params), ...at }, {}, given, {}).loss;
    expectGradients(within(params, of), loss, found.gradients);
  }
});

const kinds = {
  family: 'semi-supervised-gan',
  dataset: 'glyphs',
  variant: 'static',
  validation: 200,
  latent: 4,
  hidden: [32],
  criticHidden: [32, 16],
  labelled: 6,
  labelledBatch: 6,
  learningRate: 0.005,
  averageSteps: 50,
  batchSize: 50,
  epochs: 10,
  evaluateSamples: 200,
} satisfies SemiSupervisedGanRecipe;

/** Three kinds of stripes, with one pixel in eight turned over. */
const dataset = toyData(
  'kinds',
  (uniform) => {
    const label = Math.floor(uniform() * 3);
    const turned = Array.from({ length: 16 }, () => uniform() < 1 / 8);
    return { label, bit: (p: number) => [p % 4 < 2, p < 8, p % 2 === 0][label]! !== turned[p]! };
  },
  ['left', 'top', 'stripes'],
);

test('two labels of each kind are enough to tell them', async () => {
  const { card, figures, again } = await cycle('kinds', kinds, dataset);
  expect(card.capabilities).toEqual(['generate', 'interpolate', 'classify']);
  expect(card.classification?.labelledImages).toBe(6);
  // The nearest of six labelled images is right about nine in ten.
  expect(figures.accuracy).toBeGreaterThan(95);
  expect(again.accuracy).toBe(figures.accuracy);
}, 120_000);

test('labels come in batches that there are labels for', () => {
  expect(() => resolveRecipe(kinds, { labelled: '3' })).toThrow(
    'labelledBatch 6 exceeds the 3 labelled images',
  );
  const recipe = resolveRecipe({ ...kinds, labelled: 7 }, {});
  expect(() => build(recipe, factsOf(dataset))).toThrow(
    'labelled 7 must be a multiple of the 3 classes of the data set',
  );
});
