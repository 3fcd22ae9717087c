// What a step of the generator costs, its critic's steps before it: with each loss, and with each order of steps at one
// loss. Processor time, which other work of the machine makes little longer.
import type { DataSet } from '../../data/data-set.ts';
import type { Recipe } from '../../families/family.ts';
import { initialWeights } from '../../run/train.ts';
import type { CellResult, Context } from '../experiment.ts';
import { playGame } from '../game.ts';
import { HELD_OUT, METHODS, type MethodName, RATES, recipeOf } from './losses.ts';

const [STEPS, ROUNDS] = [20, 6];
/** Every order is timed as often, one after the other. */
const PASSES = 3;
const ORDERED: MethodName = 'non-saturating';
/** Steps of the critic; 0 moves both networks at once. */
export const ORDERS = [0, 1, 5];

/** The cheapest round of a game from its beginning, milliseconds of a processor core for a step. */
async function cheapest(recipe: Recipe, dataset: DataSet, { backend, threads }: Context): Promise<number> {
  const rounds: number[] = [];
  let before = process.cpuUsage();
  await playGame(
    recipe,
    dataset,
    { steps: STEPS, rounds: ROUNDS },
    { round: 0, step: 0, weights: initialWeights(recipe, dataset) },
    { backend, threads },
    async () => {
      const { user, system } = process.cpuUsage(before);
      rounds.push((user + system) / 1000 / STEPS);
      before = process.cpuUsage();
    },
  );
  return Math.min(...rounds);
}

async function timed(recipes: Record<string, Recipe>, passes: number, context: Context): Promise<CellResult> {
  const began = performance.now();
  const dataset = await context.load('mnist', HELD_OUT);
  const least: Record<string, number> = {};
  for (let pass = 0; pass < passes; pass++)
    for (const [name, recipe] of Object.entries(recipes)) {
      const found = await cheapest(recipe, dataset, context);
      least[name] = Math.min(found, least[name] ?? found);
      context.log(`${name}: ${found.toFixed(1)} ms`);
    }
  const turns = passes > 1 ? `, each game played ${passes} times in turn` : '';
  return {
    values: Object.fromEntries(Object.entries(least).map(([name, value]) => [name, { value }])),
    unit: 'milliseconds of a processor core for a step of the generator',
    protocol: `the cheapest of ${ROUNDS} rounds of ${STEPS} steps${turns}, user and system time, with the steps of the critic and the drawing of their batches`,
    settings: { steps: STEPS, rounds: ROUNDS, ...(passes > 1 ? { passes, loss: ORDERED } : {}) },
    seed: '1',
    data: { set: dataset.title, variant: 'grey', train: dataset.train.count, test: dataset.test.count },
    samples: 1,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

export const stepCosts = (context: Context): Promise<CellResult> =>
  timed(
    Object.fromEntries(
      Object.entries(METHODS).map(([name, method]) => [name, recipeOf('mnist', method, RATES[0]!)]),
    ),
    1,
    context,
  );

export const stepOrders = (context: Context): Promise<CellResult> =>
  timed(
    Object.fromEntries(
      ORDERS.map((criticSteps) => [
        `k = ${criticSteps}`,
        recipeOf('mnist', { recipe: { ...METHODS[ORDERED].recipe, criticSteps } }, RATES[0]!),
      ]),
    ),
    PASSES,
    context,
  );
