// What a step of the generator costs with each loss, its critic's steps before it: processor time, which other work of the
// machine makes little longer.
import { initialWeights } from '../../run/train.ts';
import type { CellResult, Context, Measured } from '../experiment.ts';
import { playGame } from '../game.ts';
import { HELD_OUT, METHODS, RATES, recipeOf } from './losses.ts';

const [STEPS, ROUNDS] = [20, 6];

export async function stepCosts({ load, backend, threads, log }: Context): Promise<CellResult> {
  const began = performance.now();
  const dataset = await load('mnist', HELD_OUT);
  const values: Record<string, Measured> = {};
  for (const [name, method] of Object.entries(METHODS)) {
    const recipe = recipeOf('mnist', method, RATES[0]!);
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
    values[name] = { value: Math.min(...rounds) };
    log(`${name}: ${Math.min(...rounds).toFixed(1)} ms`);
  }
  return {
    values,
    unit: 'milliseconds of a processor core for a step of the generator',
    protocol: `the cheapest of ${ROUNDS} rounds of ${STEPS} steps, user and system time, with the steps of the critic and the drawing of their batches`,
    settings: { steps: STEPS, rounds: ROUNDS },
    seed: '1',
    data: { set: dataset.title, variant: 'grey', train: dataset.train.count, test: dataset.test.count },
    samples: 1,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
