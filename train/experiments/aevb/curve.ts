// Trains by the protocol of Kingma & Welling 2013, Section 5, and measures the bound on the way: Adagrad, its step
// chosen in the first iterations on the training set, minibatches drawn with replacement, MAP or plain likelihood.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import type { ElboEvaluator, Weights } from '../../evaluate/bounds/elbo.ts';
import type { HostTensors, Vae } from '../../model.ts';
import { adagrad, type Optimiser, withNormalPrior } from '../../optimisers.ts';
import { readSafetensors, writeSafetensors } from '../../run/safetensors.ts';
import { drawNoise } from '../../runner/noise.ts';
import { createTrainer, flatten, type Learner, type Trainer, unflatten } from '../../runner/step.ts';
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
  learner: Learner;
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
async function takeStep(
  trainer: Trainer,
  options: Pick<CurveOptions, 'learner' | 'train' | 'seed'>,
  step: number,
  stepSize: number,
): Promise<void> {
  const { learner, train, seed } = options;
  const stream = createStream(seed, 'step', step);
  const x = new Float32Array(BATCH_SIZE * train.size);
  for (let b = 0; b < BATCH_SIZE; b++) {
    const from = Math.floor(stream.uniform() * train.count) * train.size;
    x.set(train.values.subarray(from, from + train.size), b * train.size);
  }
  const noise = drawNoise(learner.lossNoise(BATCH_SIZE), stream);
  const learningRate = step < GATHERING_STEPS ? 0 : stepSize;
  const { loss } = await trainer.step(x, noise, { learningRate, klWeight: 1 });
  if (!Number.isFinite(loss)) throw new Error(`curve: loss is ${loss} at step ${step}`);
}

type Start = { step: number; rows: number[][]; stepSize: number; pilots: number[]; seconds: number };

export async function trainCurve(options: CurveOptions, context: Context): Promise<CurveResult> {
  const { vae, learner, train, test, seed, at, evaluator, pilotSamples = PILOT_SAMPLES } = options;
  const path = join(context.folder, 'last.safetensors');
  const optimiser = paperOptimiser(options.map, train.count);
  const fresh = (): HostTensors => {
    const { params, state } = vae.init(createStream(seed, 'init'), new Float32Array(train.size).fill(0.5));
    return flatten({ params, state, optimiser: optimiser.init(params) });
  };
  const trainerFrom = (flat: HostTensors) =>
    createTrainer(learner, optimiser, unflatten(flat), { batchSize: BATCH_SIZE, ...context });
  const seen = train.values.subarray(0, options.trainImages * train.size);
  const boundOf = async (weights: Weights, values: Float32Array) =>
    meanAndError(await evaluator.evaluate(weights, values));

  async function pilot(stepSize: number): Promise<number> {
    const trainer = await trainerFrom(fresh());
    try {
      for (let step = 0; step < pilotSamples / BATCH_SIZE; step++)
        await takeStep(trainer, options, step, stepSize);
      const { mean } = await boundOf(trainer.current(), seen);
      return Number.isFinite(mean) ? mean : -Number.MAX_VALUE;
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('curve: loss')) throw error;
      return -Number.MAX_VALUE;
    } finally {
      await trainer.release();
    }
  }

  async function begin(): Promise<{ flat: HostTensors; start: Start }> {
    if (existsSync(path)) {
      const { tensors, metadata } = readSafetensors(path);
      return { flat: tensors, start: JSON.parse(metadata.start!) };
    }
    const began = performance.now();
    const pilots: number[] = [];
    for (const stepSize of STEP_SIZES) pilots.push(await pilot(stepSize));
    const stepSize = STEP_SIZES[pilots.indexOf(Math.max(...pilots))]!;
    context.log(
      `step size ${stepSize} of ${STEP_SIZES} (training bounds ${pilots.map((b) => b.toFixed(2))})`,
    );
    const seconds = (performance.now() - began) / 1000;
    return { flat: fresh(), start: { step: 0, rows: [], stepSize, pilots, seconds } };
  }

  const { flat, start } = await begin();
  const { stepSize, pilots } = start;
  let { step, rows, seconds } = start;
  const trainer = await trainerFrom(flat);
  let last: CurveResult['last'] | undefined;
  // A run that is beyond the limit already is measured where it stands.
  const limit = Math.max(context.limit, step * BATCH_SIZE, at[0]!);
  const remaining = at.filter((samples) => samples >= step * BATCH_SIZE && samples <= limit);
  for (const samples of remaining) {
    const began = performance.now();
    for (; step * BATCH_SIZE < samples; step++) await takeStep(trainer, options, step, stepSize);
    const weights = trainer.current();
    last = { train: await boundOf(weights, seen), test: await boundOf(weights, test.values) };
    seconds += (performance.now() - began) / 1000;
    const row = [samples, last.train.mean, last.test.mean, ...((await options.measure?.(weights)) ?? [])];
    rows = [...rows.filter(([done]) => done! < samples), row];
    const metadata = { start: JSON.stringify({ step, rows, stepSize, pilots, seconds } satisfies Start) };
    writeSafetensors(path, flatten(weights), metadata);
    context.log(
      `${samples} samples: ${row
        .slice(1)
        .map((v) => v.toFixed(2))
        .join(' ')} (${seconds.toFixed(0)} s)`,
    );
  }
  const weights = structuredClone({ params: trainer.current().params, state: trainer.current().state });
  await trainer.release();
  return { stepSize, pilots, rows, weights, seconds, last: last! };
}
