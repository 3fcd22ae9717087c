// Table 2 of Jang, Gu & Poole 2017: M2 from 100 labels and 50,000 images without, the class of these summed over or drawn.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { reshape, transpose } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { toValues } from '../../data/batches.ts';
import { type DataSet, pixelMeans, sliceImages } from '../../data/data-set.ts';
import { balancedSubset } from '../../data/labels.ts';
import { semiSupervisedBatches } from '../../data/semi-supervised-batches.ts';
import { classify } from '../../evaluate/classification-measure.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { fitRounds } from '../../fit.ts';
import { readJson, writeAtomically } from '../../io/files.ts';
import { type ClassGradient, learnSemiSupervised, unlabelledBound } from '../../methods/semi-supervised.ts';
import type { Weights } from '../../model.ts';
import { createSemiSupervised, type SemiSupervised } from '../../models/semi-supervised.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { overRows, rowsOf, sizeOf } from '../../runner/rows.ts';
import { beginTraining } from '../../runner/step.ts';
import { cosine, flooredExponential, valuesAt } from '../../schedules.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { CHOOSING, EPOCHS, ROW_NAMES, SEEDS, UNLABELLED } from './table-2-cells.ts';

const LABELLED = 100;
const LABELLED_BATCH = 20;
const BATCH_SIZE = 100;
const LATENTS = 50;
const CLASSES = 10;
/** The paper has 0.1 to 1 of a loss whose scale it does not state. */
const ALPHAS = [10, 100, 1000];
/** Images held out; the labels of the first of them choose α. */
const HELD_OUT = 10_000;
/** Of q(y|x), q(z|x, y) and, mirrored, of p(x|y, z). */
const NETWORK = {
  kind: 'conv',
  channels: [8, 16],
  dense: 64,
  activation: 'relu',
  batchNorm: false,
} as const;
const RATE = cosine(1e-3, 1e-5);
const TEMPERATURE = flooredExponential(1, 3e-5, 0.5, 2000);

type Settings = { gradient: ClassGradient; alpha: number; seed: string; epochs: number };
type Trained = { weights: Weights; secondsOfStep: number };

const modelOf = ({ train: { width, height, channels } }: DataSet) =>
  createSemiSupervised({
    image: { width, height, channels },
    classes: CLASSES,
    latentDimensions: LATENTS,
    network: NETWORK,
    classifier: NETWORK,
  });

async function train(
  { gradient, alpha, seed, epochs }: Settings,
  dataset: DataSet,
  context: Context,
): Promise<Trained> {
  const m2 = modelOf(dataset);
  const share = LABELLED / dataset.train.count;
  const options = { gradient, alpha, labelledBatch: LABELLED_BATCH, labelledWeight: share };
  const learner = learnSemiSupervised(m2, { ...options, agreement: 0, confidence: 1 }, adam());
  const labelled = balancedSubset(dataset.train, LABELLED, CLASSES, `${seed}/labelled`);
  const sizes = { batchSize: BATCH_SIZE, labelledBatch: LABELLED_BATCH, classes: CLASSES };
  const batches = semiSupervisedBatches(dataset.train, labelled, { ...sizes, variant: 'dynamic', seed });
  const noise = learner.feeds(BATCH_SIZE);
  const began = process.cpuUsage();
  const weights = await fitRounds(
    {
      learner: () => learner,
      batchSize: BATCH_SIZE,
      rounds: epochs,
      *feeds(round) {
        const stream = createStream(seed, 'noise', round);
        for (const data of batches.of(round)) yield { ...data, ...drawNoise(noise, stream) };
      },
      schedule: ({ step }) =>
        valuesAt(
          { learningRate: RATE, temperature: TEMPERATURE },
          { step, epoch: step / batches.steps, epochs },
        ),
      onRound: async () => false,
    },
    {
      round: 0,
      step: 0,
      weights: beginTraining(learner, m2.model.init(createStream(seed, 'init'), pixelMeans(dataset.train))),
    },
    context,
  );
  const { user, system } = process.cpuUsage(began);
  return { weights, secondsOfStep: (user + system) / 1e6 / (epochs * batches.steps) };
}

/** −U(x) of each image with its class summed over, and one sample of z for each class; nats. */
export async function unlabelledBounds(
  m2: SemiSupervised,
  weights: Weights,
  values: Float32Array,
  { seed, ...options }: Pick<Context, 'backend' | 'threads'> & { seed: string },
): Promise<Float64Array> {
  const { image, classes, latentDimensions } = m2;
  const shape = [image.channels, image.height, image.width];
  const noise = {
    shape: [classes, latentDimensions],
    fill: (start: number, out: Float32Array) => createStream(seed, 'bound', start).fillNormal(out),
  };
  const bounds = new Float64Array(values.length / sizeOf(shape));
  await overRows(
    weights,
    { x: rowsOf(values, shape), noise },
    bounds.length,
    (params, _, { x, noise }) => {
      // Class by class, as the sum over classes has its rows.
      const epsilon = reshape(transpose(noise!, [1, 0, 2]), [-1, latentDimensions]);
      const logQ = m2.logClasses(params, x!);
      return { bound: unlabelledBound('marginalised', m2, params, x!, logQ, { epsilon }, {}) };
    },
    (i, { bound }) => {
      bounds[i] = bound![0]!;
    },
    options,
  );
  return bounds;
}

/** What is known of a run: images right among those that choose, and what the test set says where it was asked. */
type Known = { right: number; secondsOfStep: number; accuracy?: number; bound?: number };

async function cell(gradient: ClassGradient, context: Context): Promise<CellResult> {
  const epochs = Math.max(1, Math.min(EPOCHS, Math.floor(context.limit / UNLABELLED)));
  const dataset = await context.load('mnist', HELD_OUT);
  const choosing = sliceImages(dataset.validation, 0, CHOOSING);
  const m2 = modelOf(dataset);
  const test = toValues(dataset.test, 'static', 'table-2');
  const file = join(context.folder, `runs-${NETWORK.kind}.json`);
  const known: Record<string, Known> = existsSync(file) ? (readJson(file) as Record<string, Known>) : {};

  const trained = new Map<string, Trained>();

  /** A run that is known is not made again, and one that chose α in this process is not trained again to be judged. */
  async function run(alpha: number, seed: string, judged: boolean): Promise<Known> {
    const name = `${alpha}-${seed}-${epochs}`;
    const before = known[name];
    if (before && (before.accuracy !== undefined || !judged)) return before;
    const { weights, secondsOfStep } =
      trained.get(name) ?? (await train({ gradient, alpha, seed, epochs }, dataset, context));
    const { right } = await classify(m2.model, weights, choosing, context);
    const found: Known = { right, secondsOfStep };
    if (!judged) trained.set(name, { weights, secondsOfStep });
    else {
      const { right: rightOfTest, of } = await classify(m2.model, weights, dataset.test, context);
      found.accuracy = (100 * rightOfTest) / of;
      found.bound = meanAndError(await unlabelledBounds(m2, weights, test, { ...context, seed })).mean;
    }
    known[name] = found;
    writeAtomically(file, JSON.stringify(known));
    context.log(`${name}: ${right} of ${CHOOSING} right, ${(1000 * secondsOfStep).toFixed(0)} ms a step`);
    return found;
  }

  const pilots: number[] = [];
  for (const alpha of ALPHAS) pilots.push((await run(alpha, SEEDS[0]!, false)).right);
  const alpha = ALPHAS[pilots.indexOf(Math.max(...pilots))]!;
  const runs: Known[] = [];
  for (const seed of SEEDS) runs.push(await run(alpha, seed, true));

  const accuracies = runs.map(({ accuracy }) => accuracy!);
  const bounds = runs.map(({ bound }) => bound!);
  const quantity = (values: number[]) => {
    const { mean, standardError } = meanAndError(values);
    return { value: mean, standardError };
  };
  return {
    values: {
      accuracy: quantity(accuracies),
      spread: { value: quantity(accuracies).standardError * Math.sqrt(SEEDS.length) },
      elbo: quantity(bounds),
      step: { value: 1000 * meanAndError(runs.map(({ secondsOfStep }) => secondsOfStep)).mean },
    },
    perGroup: { accuracy: accuracies, elbo: bounds },
    unit: 'accuracy and spread: % of test images; elbo: nats; step: ms of processor time',
    protocol:
      `M2 of convolutional networks (${NETWORK.channels} channels, kernels of 4, each halving, ${NETWORK.dense} units) and ${LATENTS} latents; ${LABELLED} labels, as many of each class, ${dataset.train.count} images without, binarised anew at each ` +
      `use; ${BATCH_SIZE} of these and ${LABELLED_BATCH} labelled ones a step; the bound of labelled images at the weight of their share; Adam, half a ` +
      `cosine from 0.001 to 0.00001; τ = max(0.5, exp(−3e-5 t)) every 2000 steps; epochs ${epochs}, the last weights. α the best of ${ALPHAS} by the ` +
      `labels of ${CHOOSING} held-out images of a run of the first subset. Accuracy on grey test images; elbo is −U(x) of test ` +
      `images binarised once, y summed over, one sample of z; means over ${SEEDS.length} subsets of labels, each with weights and batches of its own, and ` +
      'standard errors over these; spread is the standard deviation',
    settings: {
      gradient,
      alpha,
      alphas: ALPHAS,
      pilotRight: pilots,
      accuracies,
      elbos: bounds,
      seeds: SEEDS,
      epochs,
      labelled: LABELLED,
      labelledBatch: LABELLED_BATCH,
      batchSize: BATCH_SIZE,
    },
    seed: SEEDS.join(', '),
    data: {
      set: dataset.title,
      variant: 'dynamic binarisation',
      train: dataset.train.count,
      test: dataset.test.count,
    },
    samples: epochs * UNLABELLED,
    wallSeconds: runs.reduce(
      (total, run) => total + run.secondsOfStep * ((epochs * UNLABELLED) / BATCH_SIZE),
      0,
    ),
  };
}

/** Images without label of one run. */
export const samples = EPOCHS * UNLABELLED;

export const cells: Program['cells'] = Object.fromEntries(
  ROW_NAMES.map((gradient) => [gradient, (context: Context) => cell(gradient, context)]),
);
