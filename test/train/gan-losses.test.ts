// Games side by side: they stop and go on, choose their rate by a round of each, and name what diverges.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensor } from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { convGenerator } from '../../train/adversarial/generator.ts';
import { openOwnStatistics } from '../../train/adversarial/own-statistics.ts';
import { averagedWeights, lastWeights } from '../../train/averages.ts';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { playGame } from '../../train/experiments/game.ts';
import { cells, samples } from '../../train/experiments/gan-losses/gan-losses.ts';
import { playAtBestRate } from '../../train/experiments/gan-losses/rates.ts';
import type { Validator } from '../../train/families/family.ts';
import type { GanRecipe } from '../../train/families/gan.ts';
import type { HostTensors, Tensors, Weights } from '../../train/model.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { initialWeights } from '../../train/run/train.ts';
import type { TrainingState } from '../../train/runner/step.ts';

const root = mkdtempSync(join(tmpdir(), 'dreamlet-gan-losses-'));
afterAll(() => rmSync(root, { recursive: true }));

const images = (split: string): Images => {
  const stream = createStream(split);
  const pixels = Uint8Array.from({ length: 40 * 4 }, () => 255 * stream.uniform());
  return { count: 40, width: 2, height: 2, channels: 1, pixels };
};
const dataset: DataSet = {
  id: 'toy',
  title: 'toy',
  terms: 'MIT',
  train: images('train'),
  validation: images('validation'),
  test: images('test'),
};

const stated: GanRecipe = {
  family: 'gan',
  dataset: 'glyphs',
  variant: 'grey',
  validation: 40,
  latent: 2,
  network: 'mlp',
  hidden: [4],
  criticHidden: [3],
  pieces: 2,
  dropout: true,
  loss: 'non-saturating',
  criticSteps: 2,
  learningRate: 0.01,
  decay: 'none',
  averageSteps: 5,
  batchSize: 5,
  epochs: 1,
};
const at = (rate: number) => resolveRecipe({ ...stated, learningRate: rate }, {});
const runner = { backend: 'cpu', threads: 1 } as const;

test('a game that goes on ends with the bits of one that never stopped', async () => {
  const recipe = at(0.01);
  // Four batches make an epoch, so that a round of six takes two.
  const begin = () => ({ round: 0, step: 0, weights: initialWeights(recipe, dataset) });
  const play = (rounds: number, start: ReturnType<typeof begin>, seen: number[] = []) =>
    playGame(recipe, dataset, { steps: 6, rounds }, start, runner, async ({ steps }) => {
      seen.push(steps);
    });
  const seen: number[] = [];
  const whole = await play(2, begin(), seen);
  expect(seen).toEqual([6, 6]);
  const { weights } = await play(1, begin());
  const later = await play(2, { round: 1, step: 6, weights });
  expect(later.weights).toEqual(whole.weights);
  expect(weights.params['generator/layer-0/bias']).not.toEqual(
    begin().weights.params['generator/layer-0/bias'],
  );
});

test('every round has noise of its own', async () => {
  const { train } = dataset;
  const alike = { ...dataset, train: { ...train, pixels: new Uint8Array(train.pixels.length).fill(128) } };
  const [first, second] = await Promise.all(
    [0, 1].map((round) => {
      const start = { round, step: 6 * round, weights: initialWeights(at(0.01), alike) };
      return playGame(at(0.01), alike, { steps: 6, rounds: round + 1 }, start, runner, async () => {});
    }),
  );
  expect(first!.weights.params).not.toEqual(second!.weights.params);
});

/** Says of every weights that are measured what it is told, in turn. */
const validatorOf = (distances: number[], measured: Weights[] = []): Validator => ({
  measure: async (weights) => {
    measured.push(weights);
    return { frechet: distances.shift()!, spread: 1 };
  },
  release: async () => {},
});

const game = (rates: number[], rounds: number, kind: (weights: TrainingState) => Weights = lastWeights) => ({
  at,
  rates,
  steps: 3,
  rounds,
  settle: async (weights: TrainingState) => kind(weights),
});
const context = (name: string) => ({ folder: join(root, name), ...runner, log: () => {} });

test('the rate nearest to validation images after a round goes on, and from its checkpoint', async () => {
  const where = context('chosen');
  const rates = [0.001, 0.01, 0.02];
  const first = await playAtBestRate(game(rates, 2), dataset, validatorOf([30, 10, 20, 9]), where);
  expect(first.played.map(({ rate, rounds }) => [rate, ...rounds.map(({ frechet }) => frechet)])).toEqual([
    [0.01, 10, 9],
    [0.02, 20],
    [0.001, 30],
  ]);
  // One distance: nothing is played again.
  const measured: Weights[] = [];
  const more = await playAtBestRate(
    game(rates, 3, averagedWeights),
    dataset,
    validatorOf([8], measured),
    where,
  );
  expect(more.played[0]!.rounds.map(({ frechet }) => frechet)).toEqual([10, 9, 8]);
  expect(measured).toHaveLength(1);
  expect(measured[0]!.params).toEqual(averagedWeights(more.weights!).params);
  expect(measured[0]!.params).not.toEqual(lastWeights(more.weights!).params);
  const straight = await playAtBestRate(
    game([0.01], 3),
    dataset,
    validatorOf([1, 1, 1]),
    context('straight'),
  );
  expect(more.weights).toEqual(straight.weights);
});

test('what diverges is named: a rate at once, a game with the weights of the round before', async () => {
  const wild = await playAtBestRate(
    game([1e4, 0.01], 1),
    dataset,
    validatorOf([Number.NaN, 5]),
    context('wild'),
  );
  expect(wild.played[0]).toMatchObject({ rate: 0.01, rounds: [{ frechet: 5 }] });
  expect(wild.played[1]).toEqual({
    rate: 1e4,
    rounds: [],
    diverged: 'training diverged: frechet is NaN at step 3 (epoch 1)',
  });
  const where = context('late');
  const late = await playAtBestRate(
    game([0.01], 3),
    dataset,
    validatorOf([5, Number.POSITIVE_INFINITY]),
    where,
  );
  expect(late.played).toEqual([
    {
      rate: 0.01,
      rounds: [{ frechet: 5, spread: 1, seconds: expect.any(Number) }],
      diverged: 'training diverged: frechet is Infinity at step 6 (epoch 2)',
    },
  ]);
  expect(late.weights).toEqual(wild.weights);
  // It does not try again.
  expect((await playAtBestRate(game([0.01], 3), dataset, validatorOf([]), where)).played).toEqual(
    late.played,
  );
  const none = await playAtBestRate(game([0.01], 1), dataset, validatorOf([Number.NaN]), context('none'));
  expect([none.weights, none.played[0]!.rounds]).toEqual([undefined, []]);
});

test('statistics of batch normalisation become those of the weights, whatever the running averages were', async () => {
  const [latent, batchSize] = [3, 200];
  const image = { width: 4, height: 4, channels: 1 } as const;
  const generator = convGenerator({ image, latent, channels: [5, 2] });
  const { params, state } = generator.init(createStream('g'), new Float32Array(16));
  const stale = Object.fromEntries(
    Object.entries(state).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((v) => 30 * v - 20) },
    ]),
  );
  const statistics = await openOwnStatistics({ generator, latent, batchSize }, { params, state }, runner);
  const [from, fromStale] = [
    await statistics.of({ params, state }),
    await statistics.of({ params, state: stale }),
  ];
  await statistics.release();
  const normal = new Float32Array(5000 * latent);
  createStream('z').fillNormal(normal);
  const z = tensor(normal, [5000, latent]);
  const draw = (weights: Weights, training: boolean) => {
    const at = (host: HostTensors): Tensors =>
      Object.fromEntries(Object.entries(host).map(([name, { shape, data }]) => [name, tensor(data, shape)]));
    return generator
      .generate(at(weights.params), at(weights.state), z, undefined, training)
      .images.dataSync();
  };
  const right = draw({ params, state }, true);
  const off = (weights: Weights) => {
    const drawn = Array.from(draw(weights, false));
    return drawn.reduce((sum, v, i) => sum + Math.abs(v - right[i]!), 0) / drawn.length;
  };
  expect(off(from)).toBeLessThan(0.003);
  expect(off(fromStale)).toBe(off(from));
  expect(off({ params, state: stale })).toBeGreaterThan(0.1);
});

test('every method has a cell of each grey set, and its images count the steps of its critic', () => {
  // Three of CIFAR-10, and the times of steps by loss and by order.
  expect(Object.keys(cells)).toHaveLength(2 * 8 + 3 + 2);
  const of = samples as (cell: string) => number;
  expect(of('fashion-mnist-wgan-gp')).toBe(5 * of('mnist-r1'));
});
