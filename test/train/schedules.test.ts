// Exact values of schedules, alone and as a recipe has them; and which epoch is chosen.
import { expect, test } from 'vitest';
import { build } from '../../train/families/families.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { learnerOf, scoreOf } from '../../train/run/train.ts';
import { constant, cosine, flooredExponential, linear, valuesAt, warmUp } from '../../train/schedules.ts';

const at = (epoch: number, epochs = 8, step = 0) => ({ epoch, epochs, step });

test.each([
  ['cosine', cosine(1, 0.2), [0, 2, 4, 8], [1, 0.8828427, 0.6, 0.2]],
  ['warmUp', warmUp(4), [0, 1, 3.5, 4, 8], [0, 0.25, 0.875, 1, 1]],
  ['no warmUp', warmUp(0), [0, 8], [1, 1]],
  ['linear', linear(0.5, 0.7, 1, 5), [0, 1, 3, 5, 8], [0.5, 0.5, 0.6, 0.7, 0.7]],
  ['constant', constant(3), [0, 8], [3, 3]],
])('%s', (_, schedule, epochs, values) => {
  expect(epochs.map((epoch) => schedule(at(epoch)))).toEqual(values.map((value) => expect.closeTo(value, 6)));
});

test('a floored exponential steps every N steps and stays at its floor', () => {
  const temperature = flooredExponential(1, 1e-3, 0.5, 100);
  const values = [0, 99, 100, 250, 600, 700, 5000].map((step) => temperature(at(0, 8, step)));
  expect(values).toEqual(
    [1, 1, 0.904837, 0.818731, 0.548812, 0.5, 0.5].map((value) => expect.closeTo(value, 6)),
  );
});

const facts = { image: { width: 28, height: 28, channels: 1 as const }, images: 60, classes: 10 };
const recipe = resolveRecipe(recipeNamed('mnist-vae'), {
  hidden: '4',
  latent: '2',
  epochs: '8',
  klWarmupEpochs: '2',
  tightenEpochs: '3',
});

test('a recipe has the schedules and the phases that it states', () => {
  const built = build(recipe, facts);
  expect([0, 1, 2, 8].map((epoch) => valuesAt(built.schedules, at(epoch)))).toEqual([
    { learningRate: 1e-3, klWeight: 0 },
    { learningRate: expect.closeTo(9.623204e-4, 9), klWeight: 0.5 },
    { learningRate: expect.closeTo(8.550179e-4, 9), klWeight: 1 },
    { learningRate: 1e-5, klWeight: 1 },
  ]);
  const learners = [...Array(8).keys()].map((epoch) => learnerOf(built, epoch));
  expect(new Set(learners.slice(0, 5)).size).toBe(1);
  expect(new Set(learners.slice(5)).size).toBe(1);
  // Five samples of each image in the last epochs, one before.
  expect([learners[0], learners[7]].map((learner) => learner!.feeds(10).epsilon!.shape)).toEqual([
    [10, 2],
    [50, 2],
  ]);
  expect(() => learnerOf(built, 8)).toThrow('train: epoch 8 is beyond the 8 epochs of the phases');
});

test('no epoch is chosen while the KL weight rises, and then the highest bound is', () => {
  const { select } = build(recipe, facts);
  expect(select).toEqual({ by: 'bound', better: 'higher', from: 2 });
  expect(scoreOf(select, 1, { bound: -90 })).toBeUndefined();
  expect(scoreOf(select, 2, { bound: -90, elbo: 5 })).toBe(-90);
  expect(scoreOf({ by: 'distance', better: 'lower', from: 1 }, 1, { distance: 3 })).toBe(-3);
  expect([scoreOf('last', 3, {}), scoreOf('last', 4, {})]).toEqual([3, 4]);
  expect(() => scoreOf(select, 2, { elbo: 1 })).toThrow("train: no validation measure is named 'bound'");
});

test('what a recipe counts in epochs keeps its share when it is told another length', () => {
  const scaled = (overrides: Record<string, string>) => {
    const { epochs, klWarmupEpochs, tightenEpochs } = resolveRecipe(recipeNamed('mnist-vae'), overrides);
    return [epochs, klWarmupEpochs, tightenEpochs];
  };
  expect(scaled({})).toEqual([160, 10, 20]);
  expect(scaled({ epochs: '16' })).toEqual([16, 1, 2]);
  expect(scaled({ epochs: '2' })).toEqual([2, 0, 0]);
  expect(scaled({ epochs: '320', tightenEpochs: '5' })).toEqual([320, 20, 5]);
});
