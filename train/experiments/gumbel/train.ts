// Trains a model with discrete latents by the protocol of Jang et al. 2017, Section 4: SGD with momentum, the learning
// rate chosen on validation images by short runs, a look at the validation bound on the way, the best one kept.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { createBatches, toValues } from '../../data/batches.ts';
import { type DataSet, pixelMeans, sliceImages } from '../../data/data-set.ts';
import type { DiscreteEstimator } from '../../estimators/discrete/task.ts';
import { createMultiSampleEvaluator, type MultiSampleEvaluator } from '../../evaluate/bounds/multi-sample.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { Diverged, fitRounds } from '../../fit.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';
import { descendDiscrete, initDiscrete } from '../../methods/discrete.ts';
import type { Weights } from '../../model.ts';
import type { DiscreteModel } from '../../models/discrete.ts';
import { sgd } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, flatten, type TrainingState, unflatten } from '../../runner/step.ts';
import { type ScheduledValue, valuesAt } from '../../schedules.ts';
import type { Context } from '../experiment.ts';

export const BATCH_SIZE = 100;
/**
 * The weights that are kept have the best bound of so many samples, of the first validation images: a bound of one sample
 * rises again while that of a thousand, which is reported, still falls.
 */
export const SELECTION = { samples: 100, images: 1000 };
/** Larger ones, for schedules shorter than the paper's. */
const LARGER_RATES = [0.3, 0.1, 0.03, 0.01];
/** Those, and the candidates of the paper. */
export const LEARNING_RATES = [...LARGER_RATES, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/** Steps after which rates are compared: from the largest down until one is worse, then the best two of those. */
export const HEATS = [500, 1000] as const;
/** Steps after which the bound is measured: whole epochs of 500. */
export const POINTS = [
  500, 1000, 2000, 3500, 5000, 7500, 10_000, 15_000, 20_000, 35_000, 50_000, 75_000, 100_000, 150_000,
  200_000, 300_000, 400_000, 500_000,
];

export type DiscreteRun = {
  model: DiscreteModel;
  estimator: DiscreteEstimator;
  schedules: Record<string, ScheduledValue>;
  seed: string;
  dataset: DataSet;
};

/** Validation loss of a learning rate after so many steps; `Number.MAX_VALUE` where it diverged. */
export type Pilot = { rate: number; steps: number; loss: number };

export type DiscreteResult = {
  learningRate: number;
  pilots: Pilot[];
  /** Samples, mean training loss since the row before, validation bound of one sample; nats per image, both as −log p. */
  rows: number[][];
  /** Weights where the bound of `SELECTION` was best, and after how many steps. */
  best: { weights: Weights; step: number };
  steps: number;
  seconds: number;
};

type Progress = {
  step: number;
  rows: number[][];
  seconds: number;
  best: { step: number; loss: number };
};

/** Trains through the points up to `context.limit` samples, from the checkpoint in `context.folder` where there is one. */
export async function trainDiscrete(run: DiscreteRun, context: Context): Promise<DiscreteResult> {
  const { model, estimator, schedules, seed, dataset } = run;
  const stepsOfEpoch = Math.floor(dataset.train.count / BATCH_SIZE);
  const learner = descendDiscrete(model, estimator, sgd());
  const noise = learner.feeds(BATCH_SIZE);
  const batchesOf = createBatches(dataset.train, { batchSize: BATCH_SIZE, variant: 'static', seed });
  const validation = toValues(dataset.validation, 'static', seed);
  const fresh = (): TrainingState =>
    beginTraining(
      learner,
      initDiscrete(model, estimator, createStream(seed, 'init'), pixelMeans(dataset.train)),
    );
  const [evaluator, selector] = (await Promise.all(
    [1, SELECTION.samples].map((samples) =>
      createMultiSampleEvaluator(model, fresh(), { ...context, samples, seed: `${seed}/validation` }),
    ),
  )) as [MultiSampleEvaluator, MultiSampleEvaluator];
  const selection = toValues(sliceImages(dataset.validation, 0, SELECTION.images), 'static', seed);
  const filesOf = (rate: number) =>
    ['last', 'best'].map((name) => join(context.folder, `${name}-${rate}.safetensors`)) as [string, string];
  const lossBy = async (one: MultiSampleEvaluator, weights: Weights, values: Float32Array) =>
    -meanAndError(await one.evaluate(weights, values)).mean;

  /** Trains from `step` through `points` at one learning rate. */
  const train = (
    weights: TrainingState,
    step: number,
    points: readonly number[],
    learningRate: number,
    onPoint: (at: { step: number; loss: number; weights: TrainingState; seconds: number }) => Promise<void>,
  ) =>
    fitRounds(
      {
        learner: () => learner,
        batchSize: BATCH_SIZE,
        rounds: points.length,
        *feeds(round) {
          const [from, to] = [round === 0 ? step : points[round - 1]!, points[round]!];
          for (let epoch = from / stepsOfEpoch; epoch < to / stepsOfEpoch; epoch++) {
            const stream = createStream(seed, 'noise', epoch);
            for (const x of batchesOf(epoch)) yield { x, ...drawNoise(noise, stream) };
          }
        },
        schedule: (at) => ({
          ...valuesAt(schedules, {
            step: at.step,
            epoch: at.step / stepsOfEpoch,
            epochs: POINTS.at(-1)! / stepsOfEpoch,
          }),
          learningRate,
          klWeight: 1,
        }),
        async onRound({ step: done, means, weights: now, seconds }) {
          await onPoint({ step: done, loss: means.loss!, weights: now, seconds });
          return false;
        },
      },
      { round: 0, step, weights },
      context,
    );

  /** Goes on with one learning rate up to `steps`, from its checkpoint or from the beginning. */
  async function advance(learningRate: number, steps: number): Promise<Progress> {
    const [last, best] = filesOf(learningRate);
    const resumed = existsSync(last) ? readSafetensors(last) : undefined;
    let progress: Progress = resumed
      ? JSON.parse(resumed.metadata.progress!)
      : { step: 0, rows: [], seconds: 0, best: { step: 0, loss: Number.POSITIVE_INFINITY } };
    const points = POINTS.filter((point) => point > progress.step && point <= steps);
    const weights = resumed ? unflatten(resumed.tensors) : fresh();
    await train(
      weights,
      progress.step,
      points,
      learningRate,
      async ({ step, loss, weights: now, seconds }) => {
        const began = performance.now();
        const validated = await lossBy(evaluator, now, validation);
        if (!Number.isFinite(validated))
          throw new Diverged(`validation loss is ${validated} at step ${step}`);
        const selected = await lossBy(selector, now, selection);
        const better = selected < progress.best.loss;
        progress = {
          step,
          rows: [...progress.rows, [step * BATCH_SIZE, loss, validated]],
          seconds: progress.seconds + seconds + (performance.now() - began) / 1000,
          best: better ? { step, loss: selected } : progress.best,
        };
        if (better) writeSafetensors(best, flatten(now), {});
        writeSafetensors(last, flatten(now), { progress: JSON.stringify(progress) });
        context.log(
          `rate ${learningRate}, ${step} steps: train ${loss.toFixed(2)}, validation ${validated.toFixed(2)}, of ${SELECTION.samples} samples ${selected.toFixed(2)} (${progress.seconds.toFixed(0)} s)`,
        );
      },
    );
    return progress;
  }

  /** `advance`, or nothing where that rate diverges. */
  async function attempt(rate: number, steps: number): Promise<Progress | undefined> {
    try {
      return await advance(rate, steps);
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      context.log(`rate ${rate}: ${error.message}`);
      return undefined;
    }
  }
  const pilots: Pilot[] = [];
  /** Validation loss after a short run, which goes on from there where its rate is chosen. */
  async function pilot(rate: number, steps: number): Promise<Pilot> {
    const progress = await attempt(rate, steps);
    const row = progress?.rows.find(([samples]) => samples === steps * BATCH_SIZE);
    const entry = { rate, steps, loss: row?.[2] ?? Number.MAX_VALUE };
    pilots.push(entry);
    return entry;
  }
  const byLoss = (a: Pilot, b: Pilot) => a.loss - b.loss;

  const first: Pilot[] = [];
  for (const rate of LEARNING_RATES) {
    first.push(await pilot(rate, HEATS[0]));
    if (first.length > 1 && first.at(-1)!.loss > first.at(-2)!.loss) break;
  }
  const [best, second, ...others] = first.toSorted(byLoss);
  const finalists = [await pilot(best!.rate, HEATS[1]), await pilot(second!.rate, HEATS[1])];
  // A rate that diverges later on leaves its place to the next.
  let progress: Progress | undefined;
  let chosen = Number.NaN;
  for (const { rate } of [...finalists.toSorted(byLoss), ...others]) {
    chosen = rate;
    progress = await attempt(rate, Math.max(HEATS[1], context.limit / BATCH_SIZE));
    if (progress) break;
  }
  await Promise.all([evaluator.release(), selector.release()]);
  if (!progress)
    throw new Diverged(`training diverged at every one of the rates ${first.map(({ rate }) => rate)}`);
  const { tensors } = readSafetensors(filesOf(chosen)[1]);
  return {
    learningRate: chosen,
    pilots,
    rows: progress.rows,
    best: { weights: unflatten(tensors), step: progress.best.step },
    steps: progress.step,
    seconds: progress.seconds,
  };
}
