// Means and errors of estimated gradients of the toys, beside the exact ones.
import { enumeration } from '../../../train/estimators/discrete/enumeration.ts';
import type { DiscreteEstimator } from '../../../train/estimators/discrete/task.ts';
import { meanAndError } from '../../../train/evaluate/statistics.ts';
import { ofModel, type Toy, toyGradients } from './toy.ts';

export const schedule = { temperature: 0.7, slope: 1.5 };

export const exactly = async (toy: Toy): Promise<number[]> =>
  ofModel((await (await toyGradients(toy, enumeration, 1)).draw('none')).gradients);

/** Mean and standard error of every gradient, from groups of rows; the first groups only set running averages. */
export async function estimate(toy: Toy, estimator: DiscreteEstimator, options = {}, groups = 24) {
  const { draw } = await toyGradients(toy, estimator, 3000, { schedule, ...options });
  let state = (await draw('first')).state;
  const all: number[][] = [];
  for (let i = 0; i < groups; i++) {
    const drawn = await draw(`group ${i}`, state);
    state = drawn.state;
    all.push(ofModel(drawn.gradients));
  }
  return all[0]!.map((_, i) => meanAndError(all.map((g) => g[i]!)));
}
export type Estimates = Awaited<ReturnType<typeof estimate>>;

/** Largest distance from `exact` in standard errors. */
export const distance = (found: Estimates, exact: readonly number[]): number =>
  Math.max(...found.map(({ mean, standardError }, i) => Math.abs(mean - exact[i]!) / (standardError + 1e-5)));

export const spread = (found: Estimates): number =>
  Math.hypot(...found.map(({ standardError }) => standardError));
