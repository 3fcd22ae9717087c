// Trains by the protocol of Kingma & Welling 2013, Section 5, and measures the bound on the way: Adagrad, its step
// chosen in the first iterations on the training set, minibatches drawn with replacement, MAP or plain likelihood.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import type { ElboEvaluator } from '../../evaluate/bounds/elbo.ts';
import { Diverged, fitRounds } from '../../fit.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';
import type { Feeds, Vae, Weights } from '../../model.ts';
import { adagrad, type Optimiser, withNormalPrior } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, flatten, type Learner, type TrainingState, unflatten } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';

export const BATCH_SIZE = 100;
/** Steps at the start in which Adagrad only gathers squared gradients (the authors' code). */
export const GATHERING_STEPS = 100;
/** Candidates for the step of Adagrad, and the samples that each is tried on. */
export const STEP_SIZES = [0.01, 0.02, 0.1];
export const PILOT_SAMPLES = 200_000;

/** Grey pixels / 255, [count · size]; batches are gathered from it. */
export type Values = { values: Float32Array; count: number; size: number };

export type CurveOptions = {
  vae: Vae;
  /** The way of learning, given its optimiser. */
  learn(optimiser: Optimiser): Learner;
  train: Values;
  test: Values;
  seed: string;
  /** Whether parameters have the prior N(0, I), with the weight M/N of the paper. */
  map: boolean;
  /** Samples after which the bound is measured, ascending multiples of the batch; the last one ends the run. */
  at: number[];
  evaluator: ElboEvaluator;
  /** Training images of the measurement: the first ones. */
  trainImages: number;
  /** Samples that each candidate for the step size is tried on. */
  pilotSamples?: number;
  /** More figures at a point, as further columns. */
  measure?(weights: Weights): Promise<number[]>;
};

export type CurveResult = {
  stepSize: number;
  /** Training bound of every candidate after the pilot. */
  pilots: number[];
  rows: number[][];
  weights: Weights;
  seconds: number;
  last: { train: ReturnType<typeof meanAndError>; test: ReturnType<typeof meanAndError> };
};

/** Adagrad on sums over the batch, as the authors' code has it: on means its ε is smaller by M². */
export const paperOptimiser = (map: boolean, count: number): Optimiser => {
  const plain = adagrad({ epsilon: 1e-8 / BATCH_SIZE ** 2 });
  return map ? withNormalPrior(plain, 1 / count) : plain;
};

/** A batch drawn with replacement, and noise; both depend on seed and step alone. */
function feedsOf(
  learner: Learner,
  { train, seed }: Pick<CurveOptions, 'train' | 'seed'>,
  step: number,
): Feeds {
  const stream = createStream(seed, 'step', step);
  const x = new Float32Array(BATCH_SIZE * train.size);
  for (let b = 0; b < BATCH_SIZE; b++) {
    const from = Math.floor(stream.uniform() * train.count) * train.size;
    x.set(train.values.subarray(from, from + train.size), b * train.size);
  }
  return { x, ...drawNoise(learner.feeds(BATCH_SIZE), stream) };
}

type Start = { step: number; rows: number[][]; stepSize: number; pilots: number[]; seconds: number };

export async function trainCurve(options: CurveOptions, context: Context): Promise<CurveResult> {
  const { vae, train, test, seed, at, evaluator, pilotSamples = PILOT_SAMPLES } = options;
  const path = join(context.folder, 'last.safetensors');
  const learner = options.learn(paperOptimiser(options.map, train.count));
  const fresh = (): TrainingState =>
    beginTraining(learner, vae.init(createStream(seed, 'init'), new Float32Array(train.size).fill(0.5)));
  const seen = train.values.subarray(0, options.trainImages * train.size);
  const boundOf = async (weights: Weights, values: Float32Array) =>
    meanAndError(await evaluator.evaluate(weights, values));
  /** Trains from `step` through the points of `until`, in samples, with a look at each. */
  const run = (
    weights: TrainingState,
    step: number,
    stepSize: number,
    until: readonly number[],
    onPoint: (samples: number, weights: TrainingState, seconds: number) => Promise<void>,
  ) =>
    fitRounds(
      {
        learner: () => learner,
        batchSize: BATCH_SIZE,
        rounds: until.length,
        *feeds(round) {
          const from = round === 0 ? step : until[round - 1]! / BATCH_SIZE;
          for (let i = from; i * BATCH_SIZE < until[round]!; i++) yield feedsOf(learner, options, i);
        },
        schedule: (now) => ({ learningRate: now.step < GATHERING_STEPS ? 0 : stepSize, klWeight: 1 }),
        async onRound({ round, weights: now, seconds }) {
          await onPoint(until[round - 1]!, now, seconds);
          return false;
        },
      },
      { round: 0, step, weights },
      context,
    );

  async function pilot(stepSize: number): Promise<number> {
    let bound = Number.NaN;
    try {
      await run(fresh(), 0, stepSize, [pilotSamples], async (_, weights) => {
        bound = (await boundOf(weights, seen)).mean;
      });
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
    }
    return Number.isFinite(bound) ? bound : -Number.MAX_VALUE;
  }

  async function begin(): Promise<{ weights: TrainingState; start: Start }> {
    if (existsSync(path)) {
      const { tensors, metadata } = readSafetensors(path);
      return { weights: unflatten(tensors), start: JSON.parse(metadata.start!) };
    }
    const began = performance.now();
    const pilots: number[] = [];
    for (const stepSize of STEP_SIZES) pilots.push(await pilot(stepSize));
    const stepSize = STEP_SIZES[pilots.indexOf(Math.max(...pilots))]!;
    context.log(
      `step size ${stepSize} of ${STEP_SIZES} (training bounds ${pilots.map((b) => b.toFixed(2))})`,
    );
    const seconds = (performance.now() - began) / 1000;
    return { weights: fresh(), start: { step: 0, rows: [], stepSize, pilots, seconds } };
  }

  const { weights: from, start } = await begin();
  const { step, stepSize, pilots } = start;
  let { rows, seconds } = start;
  let last: CurveResult['last'] | undefined;
  // A run that is beyond the limit already is measured where it stands.
  const limit = Math.max(context.limit, step * BATCH_SIZE, at[0]!);
  const remaining = at.filter((samples) => samples >= step * BATCH_SIZE && samples <= limit);
  const { params, state } = await run(from, step, stepSize, remaining, async (samples, now, trained) => {
    const began = performance.now();
    last = { train: await boundOf(now, seen), test: await boundOf(now, test.values) };
    seconds += trained + (performance.now() - began) / 1000;
    const row = [samples, last.train.mean, last.test.mean, ...((await options.measure?.(now)) ?? [])];
    rows = [...rows.filter(([done]) => done! < samples), row];
    const done: Start = { step: samples / BATCH_SIZE, rows, stepSize, pilots, seconds };
    writeSafetensors(path, flatten(now), { start: JSON.stringify(done) });
    context.log(
      `${samples} samples: ${row
        .slice(1)
        .map((v) => v.toFixed(2))
        .join(' ')} (${seconds.toFixed(0)} s)`,
    );
  });
  return { stepSize, pilots, rows, weights: structuredClone({ params, state }), seconds, last: last! };
}
