// Every cell of the experiment: critics against fixed generators, and Algorithm 1 on mixtures.
import type { Context, Program } from '../experiment.ts';
import { algorithmCell, CRITIC_STEPS, LOSSES, MIXTURES } from './algorithm-1.ts';
import { figure1Cell } from './figure-1.ts';
import { GENERATORS, optimalCriticCell } from './optimal-critic.ts';

/** Cells are short and computed in one go: one that is there is done. */
export const samples = 1;

export const cells: Program['cells'] = {
  'figure-1': figure1Cell,
  ...Object.fromEntries(
    Object.keys(GENERATORS).map((name) => [
      `critic-${name}`,
      (context: Context) => optimalCriticCell(name, context),
    ]),
  ),
  ...Object.fromEntries(
    Object.keys(MIXTURES).flatMap((mixture) =>
      LOSSES.flatMap((loss) =>
        CRITIC_STEPS.map((k) => [
          `${mixture}-${loss}-k${k}`,
          (context: Context) => algorithmCell(mixture, loss, k, context),
        ]),
      ),
    ),
  ),
};
