// Trains a model with discrete latents by the protocol of Jang et al. 2017, Section 4: SGD with momentum, the learning
// rate chosen on validation images by short runs, a look at the validation bound on the way, the best one kept. Over the
// last fifth the rate falls to 0, which stands for many steps at the small rates of the paper.
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
import { linear, type ScheduledValue, valuesAt } from '../../schedules.ts';
import type { Context } from '../experiment.ts';
import { TAIL } from './table-1-cells.ts';

export const BATCH_SIZE = 100;
/**
 * Rates are compared and weights are kept by the bound of so many samples, of the first validation images: a bound of one
 * sample rises again while that of a thousand, which is reported, still falls.
 */
export const SELECTION = { samples: 100, images: 1000 };
/** Larger ones, for schedules shorter than the paper's. */
const LARGER_RATES = [0.3, 0.1, 0.03, 0.01];
/** Those, and the candidates of the paper. */
export const LEARNING_RATES = [...LARGER_RATES, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/**
 * Steps after which rates are compared: from the largest down until one is worse; then that one and the best, because a
 * longer run wants a smaller rate, and those below them while the smallest is the best.
 */
export const HEATS = [500, 10_000] as const;
/** The longest run. */
export const MAX_STEPS = 500_000;
const EPOCH = 500;
/** Steps after which the bound is measured, beside the end of a run: whole epochs. */
const POINTS = [500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000];

export type DiscreteRun = {
  model: DiscreteModel;
  estimator: DiscreteEstimator;
  schedules: Record<string, ScheduledValue>;
  seed: string;
  dataset: DataSet;
};

/** The bound of `SELECTION`, as a loss, of a rate after so many steps; `Number.MAX_VALUE` where it diverged. */
export type Pilot = { rate: number; steps: number; loss: number };

/** Mean training loss since the row before, validation bounds of one sample and of `SELECTION`: nats per image, as −log p. */
export const COLUMNS = ['samples', 'train', 'validation', 'selection'];

export type DiscreteResult = {
  learningRate: number;
  pilots: Pilot[];
  /** By `COLUMNS`. */
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

/** Trains for `context.limit` samples, in whole epochs, from the checkpoint in `context.folder` where there is one. */
export async function trainDiscrete(run: DiscreteRun, context: Context): Promise<DiscreteResult> {
  const { model, estimator, schedules, seed, dataset } = run;
  const steps = EPOCH * Math.max(1, Math.floor(Math.min(MAX_STEPS, context.limit / BATCH_SIZE) / EPOCH));
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
    ['last', 'best'].map((name) => join(context.folder, `${name}-${rate}-of-${steps}.safetensors`)) as [
      string,
      string,
    ];
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
          for (let epoch = from / EPOCH; epoch < to / EPOCH; epoch++) {
            const stream = createStream(seed, 'noise', epoch);
            for (const x of batchesOf(epoch)) yield { x, ...drawNoise(noise, stream) };
          }
        },
        schedule: (at) => ({
          ...valuesAt(
            {
              ...schedules,
              learningRate: linear(learningRate, 0, ((1 - TAIL) * steps) / EPOCH, steps / EPOCH),
            },
            { step: at.step, epoch: at.step / EPOCH, epochs: steps / EPOCH },
          ),
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

  /** Goes on with one learning rate up to step `end`, from its checkpoint or from the beginning. */
  async function advance(learningRate: number, end: number): Promise<Progress> {
    const [last, best] = filesOf(learningRate);
    const resumed = existsSync(last) ? readSafetensors(last) : undefined;
    let progress: Progress = resumed
      ? JSON.parse(resumed.metadata.progress!)
      : { step: 0, rows: [], seconds: 0, best: { step: 0, loss: Number.POSITIVE_INFINITY } };
    const points = [...POINTS.filter((point) => point < steps), steps].filter(
      (point) => point > progress.step && point <= end,
    );
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
          rows: [...progress.rows, [step * BATCH_SIZE, loss, validated, selected]],
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
  async function attempt(rate: number, end: number): Promise<Progress | undefined> {
    try {
      return await advance(rate, end);
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      context.log(`rate ${rate}: ${error.message}`);
      return undefined;
    }
  }
  const pilots: Pilot[] = [];
  /** The loss after a short run, which goes on from there where its rate is chosen. */
  async function pilot(rate: number, at: number): Promise<Pilot> {
    const progress = await attempt(rate, at);
    const row = progress?.rows.find(([samples]) => samples === at * BATCH_SIZE);
    const entry = { rate, steps: at, loss: row?.[COLUMNS.indexOf('selection')] ?? Number.MAX_VALUE };
    pilots.push(entry);
    return entry;
  }
  const byLoss = (a: Pilot, b: Pilot) => a.loss - b.loss;

  const first: Pilot[] = [];
  for (const rate of LEARNING_RATES) {
    first.push(await pilot(rate, HEATS[0]));
    if (first.length > 1 && first.at(-1)!.loss > first.at(-2)!.loss) break;
  }
  const finalists: Pilot[] = [];
  const heat = Math.min(HEATS[1], steps);
  for (const { rate } of first.slice(-2)) finalists.push(await pilot(rate, heat));
  for (const rate of LEARNING_RATES.slice(first.length)) {
    const { loss } = finalists.at(-1)!;
    if (finalists.some((one) => one.loss < loss)) break;
    finalists.push(await pilot(rate, heat));
  }
  // A rate that diverges later on leaves its place to the next.
  let progress: Progress | undefined;
  let chosen = Number.NaN;
  for (const { rate } of finalists.toSorted(byLoss)) {
    chosen = rate;
    progress = await attempt(rate, steps);
    if (progress) break;
  }
  await Promise.all([evaluator.release(), selector.release()]);
  if (!progress) throw new Diverged(`training diverged at the rates ${finalists.map(({ rate }) => rate)}`);
  const { tensors } = readSafetensors(filesOf(chosen)[1]);
  return {
    learningRate: chosen,
    pilots,
    rows: progress.rows,
    best: { weights: unflatten(tensors), step: progress.best.step },
    steps,
    seconds: progress.seconds,
  };
}
