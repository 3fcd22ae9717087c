// The training loop that recipes and experiments share: rounds of steps, each round ending in a look at what was learned.
// A round is an epoch of a recipe, or the stretch between two measurements of an experiment.
import type { Feeds } from './model.ts';
import type { RunOptions } from './runner/rows.ts';
import { createTrainer, type Learner, type Trainer, type TrainingState } from './runner/step.ts';

/** Where training stands: rounds and steps that are done. */
export type Position = { round: number; step: number };

export type Round = Position & {
  /** Means over the steps of this round, by name. */
  means: Record<string, number>;
  /** Scheduled scalars of its last step. */
  schedule: Record<string, number>;
  /** Steps of this round, and the time that they took. */
  steps: number;
  seconds: number;
  /** Valid until the next step. */
  weights: TrainingState;
};

export type Plan = {
  /** The learner of a round, counted from 0; one that differs from that of the round before is compiled anew. */
  learner(round: number): Learner;
  batchSize: number;
  rounds: number;
  /** What each step of a round is fed, data and noise; `current` gives the weights as they are by then. */
  feeds(round: number, current: () => TrainingState): Iterable<Feeds> | AsyncIterable<Feeds>;
  /** `within` counts the steps of the round, `step` those of the whole training, both from 0. */
  schedule(at: { round: number; within: number; step: number }): Record<string, number>;
  /** After every step; `within` counts from 1. */
  onStep?(at: { round: number; within: number; values: Record<string, number> }): void;
  /** After every round: the place to measure and to save. `true` ends the training. */
  onRound(round: Round): Promise<boolean | undefined>;
};

/** A loss or metric that is not a finite number: training cannot go on from there. */
export class Diverged extends Error {
  override name = 'Diverged';
}

/** @throws Diverged naming the term and the step at the first value that is not a finite number. */
export function requireFinite(values: Record<string, number>, { round, step }: Position): void {
  const bad = Object.entries(values).find(([, value]) => !Number.isFinite(value));
  if (bad)
    throw new Diverged(`training diverged: ${bad[0]} is ${bad[1]} at step ${step} (epoch ${round + 1})`);
}

/**
 * Trains from `start` to `plan.rounds`. What a round is fed depends on its number alone, so a training that stops after
 * a round and goes on later ends with the same bits.
 * @throws Diverged, see `requireFinite`.
 */
export async function fitRounds(
  plan: Plan,
  start: Position & { weights: TrainingState },
  options: RunOptions,
): Promise<TrainingState> {
  const { batchSize, rounds } = plan;
  let { step, weights } = start;
  let learner: Learner | undefined;
  let trainer: Trainer | undefined;
  try {
    for (let round = start.round; round < rounds; round++) {
      const wanted = plan.learner(round);
      if (!trainer || wanted !== learner) {
        await trainer?.release();
        trainer = await createTrainer(wanted, weights, { batchSize, ...options });
        learner = wanted;
      }
      const sums: Record<string, number> = {};
      const began = performance.now();
      let within = 0;
      let schedule: Record<string, number> = {};
      for await (const feeds of plan.feeds(round, trainer.current)) {
        schedule = plan.schedule({ round, within, step });
        const values = await trainer.step(feeds, schedule);
        within += 1;
        step += 1;
        requireFinite(values, { round, step });
        for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value;
        plan.onStep?.({ round, within, values });
      }
      const seconds = (performance.now() - began) / 1000;
      weights = trainer.current();
      const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / within]));
      const done = { round: round + 1, step, means, schedule, steps: within, seconds, weights };
      if (await plan.onRound(done)) break;
    }
    return weights;
  } finally {
    await trainer?.release();
  }
}
