// Trains a recipe: epochs of its batches, its figures of the validation images after each, the best checkpoint by them.
import { createStream } from '../../core/sampling/stream.ts';
import { type DataSet, pixelMeans } from '../data/data-set.ts';
import { build } from '../families/families.ts';
import type { Built, DataFacts, Recipe, Selection } from '../families/family.ts';
import { NOTHING } from '../families/settings.ts';
import { fitRounds, type Position, requireFinite } from '../fit.ts';
import type { Weights } from '../model.ts';
import type { Progress } from '../runner/checkpoint.ts';
import { drawNoise } from '../runner/noise.ts';
import type { RunOptions } from '../runner/rows.ts';
import { beginTraining, type Learner, type TrainingState } from '../runner/step.ts';
import { valuesAt } from '../schedules.ts';
import { weightsFrom } from './from.ts';
import type { EpochMetrics } from './run-folder.ts';

export type TrainEvents = {
  /** After every step. */
  onStep?(at: { epoch: number; step: number; steps: number; loss: number }): void;
  /** After every epoch: the place to save. */
  onEpoch(metrics: EpochMetrics, progress: Progress, weights: TrainingState, isBest: boolean): Promise<void>;
  /** Asked between epochs; true ends the run early, with everything saved. */
  shouldStop?(): boolean;
};

export const factsOf = ({ train, labelNames }: Pick<DataSet, 'train' | 'labelNames'>): DataFacts => ({
  image: { width: train.width, height: train.height, channels: train.channels },
  images: train.count,
  classes: labelNames?.length ?? 0,
});

/** The learner of an epoch, counted from 0: that of its phase. */
export function learnerOf({ phases }: Pick<Built, 'phases'>, epoch: number): Learner {
  let before = 0;
  for (const { epochs, learner } of phases) {
    before += epochs;
    if (epoch < before) return learner;
  }
  throw new Error(`train: epoch ${epoch} is beyond the ${before} epochs of the phases`);
}

/** What training begins with; it depends on the recipe, the data and, where the recipe names one, another model alone. */
export function initialWeights(recipe: Recipe, dataset: DataSet): TrainingState {
  const built = build(recipe, factsOf(dataset));
  const fresh = built.model.init(createStream(String(recipe.seed), 'init'), pixelMeans(dataset.train));
  const weights = recipe.from === NOTHING ? fresh : weightsFrom(recipe.from, built, fresh);
  // Parameters that a later phase moves have their optimiser's slots from the beginning.
  const updates = built.phases.flatMap(({ learner }) => learner.updates);
  return beginTraining({ ...learnerOf(built, 0), updates }, weights);
}

/** How good an epoch is, the larger the better; nothing where it must not be chosen. */
export function scoreOf(
  select: Selection,
  epoch: number,
  validation: Record<string, number>,
): number | undefined {
  if (select === 'last') return epoch;
  if (epoch < select.from) return undefined;
  const value = validation[select.by];
  if (value === undefined) throw new Error(`train: no validation measure is named '${select.by}'`);
  return select.better === 'higher' ? value : -value;
}

/**
 * Trains from `progress.epoch` to `recipe.epochs`. Batches and noise of an epoch depend on the seed and the epoch
 * alone, so that a run that stops after an epoch and goes on later ends with the same bits.
 * @throws Diverged naming step and term at the first loss or measure that is not a finite number.
 */
export async function trainRecipe(
  recipe: Recipe,
  dataset: DataSet,
  start: { progress: Progress; weights: TrainingState },
  options: RunOptions,
  events: TrainEvents,
): Promise<Progress> {
  const { epochs, batchSize } = recipe;
  const built = build(recipe, factsOf(dataset));
  const { steps, of: batchesOf } = built.batches(dataset);
  const validator = await built.validator(dataset, options);
  const progress = { ...start.progress };
  const position: Position = { round: progress.epoch, step: progress.step };
  try {
    await fitRounds(
      {
        learner: (epoch) => learnerOf(built, epoch),
        batchSize,
        rounds: epochs,
        *feeds(epoch) {
          const specs = learnerOf(built, epoch).feeds(batchSize);
          const noise = createStream(String(recipe.seed), 'noise', epoch);
          for (const batch of batchesOf(epoch)) yield { ...batch, ...drawNoise(specs, noise) };
        },
        schedule: ({ round, within, step }) =>
          valuesAt(built.schedules, { epoch: round + within / steps, epochs, step }),
        onStep: ({ round, within, values }) =>
          events.onStep?.({ epoch: round, step: within, steps, loss: lossOf(values) }),
        async onRound(done) {
          const weights: Weights = built.settle(done.weights);
          const validation = await validator.measure(weights);
          requireFinite(validation, { round: done.round - 1, step: done.step });
          progress.epoch = done.round;
          progress.step = done.step;
          const score = scoreOf(built.select, progress.epoch, validation);
          const isBest = score !== undefined && score > progress.best;
          if (isBest) progress.best = score;
          await events.onEpoch(
            {
              epoch: progress.epoch,
              step: progress.step,
              train: done.means,
              validation,
              schedule: done.schedule,
              seconds: done.seconds,
              imagesPerSecond: (done.steps * batchSize) / done.seconds,
            },
            { ...progress },
            done.weights,
            isBest,
          );
          return events.shouldStop?.();
        },
      },
      { ...position, weights: start.weights },
      options,
    );
  } finally {
    await validator.release();
  }
  return progress;
}

/** The loss of a step; of a step of several updates that of the first. */
const lossOf = (values: Record<string, number>): number =>
  values.loss ?? Object.entries(values).find(([name]) => name.endsWith('/loss'))![1];
