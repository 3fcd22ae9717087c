// The training loop: epochs of steps, a validation bound after each, checkpoints, and a way to stop and go on.
import { createStream } from '../../core/sampling/stream.ts';
import { createBatches, toValues, type Variant } from '../data/batches.ts';
import { type DataSet, pixelMeans } from '../data/data-set.ts';
import { createLabelBatches, labelsOf } from '../data/labels.ts';
import { type BoundEvaluator, createBoundEvaluator, meanAndError } from '../evaluate/bounds/bound.ts';
import { buildLearner, buildModel, buildOptimiser } from '../recipes/build.ts';
import type { Recipe } from '../recipes/settings.ts';
import type { Backend } from '../runner/backends.ts';
import { drawNoise } from '../runner/noise.ts';
import { createTrainer, type Trainer, type TrainingState } from '../runner/step.ts';

/** Where a run stands between two epochs; `best` is the highest validation bound so far, in nats per image. */
export type Progress = { epoch: number; step: number; best: number };

export type EpochMetrics = {
  epoch: number;
  step: number;
  train: Record<string, number>;
  validation: { bound: number; elbo: number; reconstruction: number; kl: number };
  learningRate: number;
  klWeight: number;
  seconds: number;
  imagesPerSecond: number;
};

export type LoopEvents = {
  /** After every step. */
  onStep?(at: { epoch: number; step: number; steps: number; loss: number }): void;
  /** After every epoch: the place to save. */
  onEpoch(metrics: EpochMetrics, progress: Progress, weights: TrainingState, isBest: boolean): Promise<void>;
  /** Asked between epochs; true ends the run early, with everything saved. */
  shouldStop?(): boolean;
};

/** Half a cosine from `from` at share 0 of the run to `to` at share 1. */
const cosine = (from: number, to: number, share: number): number =>
  to + 0.5 * (from - to) * (1 + Math.cos(Math.PI * share));

/** Parameters before the first step; they depend on the recipe and the data alone. */
export function initialWeights(recipe: Recipe, dataset: DataSet): TrainingState {
  const vae = buildModel(recipe, dataset.train);
  const { params, state } = vae.init(createStream(String(recipe.seed), 'init'), pixelMeans(dataset.train));
  return { params, state, optimiser: buildOptimiser(recipe, dataset.train.count).init(params) };
}

/** @throws Error naming step and term at the first loss or term that is not a finite number. */
function requireFinite(values: Record<string, number>, epoch: number, step: number): void {
  const bad = Object.entries(values).find(([, value]) => !Number.isFinite(value));
  if (bad) throw new Error(`training diverged: ${bad[0]} is ${bad[1]} at step ${step} (epoch ${epoch})`);
}

/**
 * Trains from `progress.epoch` to `recipe.epochs`. Batches and noise of an epoch depend on the seed and the epoch
 * alone, so that a run that stops after an epoch and goes on later ends with the same bits.
 */
export async function train(
  recipe: Recipe,
  dataset: DataSet,
  start: { progress: Progress; weights: TrainingState },
  options: { backend: Backend; threads?: number },
  events: LoopEvents,
): Promise<Progress> {
  const seed = String(recipe.seed);
  const variant = recipe.variant as Variant;
  const { batchSize, mirror } = recipe;
  const batchesOf = createBatches(dataset.train, { batchSize, variant, seed, mirror });
  const { classes } = buildModel(recipe, dataset.train);
  const labelsOfEpoch = classes
    ? createLabelBatches(labelsOf(dataset.train, dataset.id), { batchSize: recipe.batchSize, classes, seed })
    : undefined;
  const steps = Math.floor(dataset.train.count / recipe.batchSize);
  const validation = toValues(dataset.validation, variant, `${seed}/validation`);
  const optimiser = buildOptimiser(recipe, dataset.train.count);
  const firstTight = recipe.epochs - recipe.tightenEpochs;
  const progress = { ...start.progress };
  let weights = start.weights;
  let trainer: Trainer | undefined;
  let evaluator: BoundEvaluator | undefined;

  for (let epoch = progress.epoch; epoch < recipe.epochs; epoch++) {
    const tight = epoch >= firstTight;
    const vae = buildModel(recipe, dataset.train, tight);
    if (!trainer || epoch === firstTight) {
      await trainer?.release();
      trainer = await createTrainer(buildLearner(recipe, vae, tight), optimiser, weights, {
        batchSize: recipe.batchSize,
        ...options,
      });
    }
    const noiseStream = createStream(seed, 'noise', epoch);
    const noiseSpecs = vae.lossNoise(recipe.batchSize);
    const sums: Record<string, number> = {};
    const began = performance.now();
    let step = 0;
    let learningRate = 0;
    let klWeight = 0;
    const labels = labelsOfEpoch?.(epoch);
    for (const x of batchesOf(epoch)) {
      const done = epoch + step / steps;
      learningRate = cosine(recipe.learningRate, recipe.finalLearningRate, done / recipe.epochs);
      klWeight = recipe.klWarmupEpochs > 0 ? Math.min(1, done / recipe.klWarmupEpochs) : 1;
      const noise = drawNoise(noiseSpecs, noiseStream);
      const values = await trainer.step(
        x,
        noise,
        { learningRate, klWeight },
        labels?.next().value ?? undefined,
      );
      step += 1;
      requireFinite(values, epoch + 1, progress.step + step);
      for (const [name, value] of Object.entries(values)) sums[name] = (sums[name] ?? 0) + value;
      events.onStep?.({ epoch, step, steps, loss: values.loss! });
    }
    const seconds = (performance.now() - began) / 1000;
    weights = trainer.current();
    evaluator ??= await createBoundEvaluator(vae, weights, {
      samples: recipe.selectSamples,
      seed: `${seed}/validation`,
      ...options,
    });
    const terms = await evaluator.evaluate(
      weights.params,
      weights.state,
      validation,
      0,
      dataset.validation.labels,
    );
    const [bound, reconstruction, kl] = [terms.logWeight, terms.reconstruction, terms.kl].map(
      (t) => meanAndError(t).mean,
    ) as [number, number, number];
    requireFinite({ 'validation bound': bound }, epoch + 1, progress.step + step);

    progress.epoch = epoch + 1;
    progress.step += step;
    // While the KL weight rises the bound is not what is trained, so no such epoch can be the best.
    const isBest = bound > progress.best && epoch + 1 >= Math.min(recipe.klWarmupEpochs, recipe.epochs);
    if (isBest) progress.best = bound;
    await events.onEpoch(
      {
        epoch: epoch + 1,
        step: progress.step,
        train: Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / step])),
        validation: { bound, elbo: reconstruction - kl, reconstruction, kl },
        learningRate,
        klWeight,
        seconds,
        imagesPerSecond: (step * recipe.batchSize) / seconds,
      },
      { ...progress },
      weights,
      isBest,
    );
    if (events.shouldStop?.()) break;
  }
  await trainer?.release();
  await evaluator?.release();
  return progress;
}
