// A model of Table 1 of Jang, Gu & Poole 2017 trained with one estimator and one temperature, as a cell.
import { toValues } from '../../data/batches.ts';
import { sliceImages } from '../../data/data-set.ts';
import type { DiscreteEstimator } from '../../estimators/discrete/task.ts';
import { rotatedBounds } from '../../evaluate/bounds/rotated.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import type { DiscreteLayer } from '../../latents/layer.ts';
import type { ImageShape, Weights } from '../../model.ts';
import { createBeliefNetwork } from '../../models/belief-network.ts';
import type { DiscreteModel } from '../../models/discrete.ts';
import { createDiscreteVae } from '../../models/discrete-vae.ts';
import { constant, flooredExponential, linear, type ScheduledValue } from '../../schedules.ts';
import type { CellResult, Context } from '../experiment.ts';
import { type RowName, TAIL } from './table-1-cells.ts';
import { BATCH_SIZE, COLUMNS, HEATS, LEARNING_RATES, SELECTION, trainDiscrete } from './train.ts';

/** Samples of the bound at evaluation: m of the paper. */
const SAMPLES = 1000;
/** Test images of a cell that has not been trained for `LONG` steps: the first ones as they are dealt. Later, all. */
const FIRST_IMAGES = 1000;
const LONG = 100_000;

const BERNOULLI: DiscreteLayer = { kind: 'bernoulli', variables: 200 };
const CATEGORICAL: DiscreteLayer = { kind: 'categorical', variables: 20, classes: 10 };

const predictor = (layer: DiscreteLayer) => (image: ImageShape) =>
  createBeliefNetwork({ image, layers: [layer, layer] });
const vae = (layer: DiscreteLayer) => (image: ImageShape) =>
  createDiscreteVae({
    image,
    layer,
    network: { kind: 'mlp', hidden: [], activation: 'relu' },
    likelihood: 'bernoulli',
    prior: 'uniform',
  });

type Row = {
  networks: string;
  /** The temperature in words. */
  words: string;
  build(image: ImageShape): DiscreteModel;
  temperature: ScheduledValue;
};

/** τ = max(0.5, exp(−1e-4 t)), renewed every 500 steps: one of the paper's four schedules. */
export const ANNEALED = flooredExponential(1, 1e-4, 0.5, 500);
export const ANNEALING = 'max(0.5, exp(−1e-4 t)) every 500 steps';

export const ROWS: Record<RowName, Row> = {
  'sbn-bernoulli': {
    networks: '392-200-200-392, lower from upper half',
    words: '1',
    build: predictor(BERNOULLI),
    temperature: constant(1),
  },
  'sbn-categorical': {
    networks: '392-(20×10)-(20×10)-392, lower from upper half',
    words: '1',
    build: predictor(CATEGORICAL),
    temperature: constant(1),
  },
  'vae-bernoulli': {
    networks: '784-200-784, uniform prior, KL in closed form',
    words: ANNEALING,
    build: vae(BERNOULLI),
    temperature: ANNEALED,
  },
  'vae-categorical': {
    networks: '784-(20×10)-784, uniform prior, KL in closed form',
    words: ANNEALING,
    build: vae(CATEGORICAL),
    temperature: ANNEALED,
  },
};

export type Treatment = {
  row: RowName;
  /** The name of the estimator, and what it is. */
  column: string;
  estimator: DiscreteEstimator;
  seed: string;
  /** In the place of the row's own, and in words. */
  temperature?: { of: ScheduledValue; words: string };
};

/** `more` gives other figures of the weights that were kept. */
export async function measureTreatment(
  { row, column, estimator, seed, temperature }: Treatment,
  context: Context,
  more: (weights: Weights) => CellResult['values'] = () => ({}),
): Promise<CellResult> {
  const { networks, build, ...own } = ROWS[row];
  const { of, words } = temperature ?? { of: own.temperature, words: own.words };
  const dataset = await context.load('mnist-binarized', 10_000);
  const { width, height, channels } = dataset.train;
  const model = build({ width, height, channels });
  // Chung et al. 2017 raise the slope by 0.04 an epoch, to 5.
  const slope = linear(1, 5, 0, 100);
  const run = {
    model,
    estimator,
    schedules: { temperature: of, slope },
    seed,
    dataset,
  };
  const { best, rows, ...trained } = await trainDiscrete(run, context);

  const began = performance.now();
  const images = trained.steps < LONG ? FIRST_IMAGES : dataset.test.count;
  const test = toValues(sliceImages(dataset.test, 0, images), 'static', seed);
  const options = { ...context, samples: SAMPLES, seed: `${seed}/test` };
  const losses = Array.from(await rotatedBounds(model, best.weights, test, options), (bound) => -bound);
  const nll = meanAndError(losses);
  return {
    values: { nll: { value: nll.mean, standardError: nll.standardError }, ...more(best.weights) },
    perImage: { nll: losses.map((loss) => Math.round(100 * loss) / 100) },
    unit: 'nats per image, −log of the mean over samples of p (SBN) or p / q (VAE)',
    protocol:
      `${column}: ${networks}, temperature ${words}; SGD with momentum 0.9, batch ${BATCH_SIZE}, learning rate the best of ` +
      `${LEARNING_RATES} (the paper has six, up to 0.003) on validation images (after ${HEATS[0]} steps from the largest down until one was worse, that one and the best after ${HEATS[1]}, and those below while the smallest was the best), falling to 0 in a straight line over the last ${100 * TAIL} % of ${trained.steps} steps; weights of the best validation bound ` +
      `(${SELECTION.samples} samples of the first ${SELECTION.images} images) among those measured; test bound of ${SAMPLES} discrete samples on ${images} images, drawn from all by chance`,
    settings: {
      row,
      estimator: column,
      learningRate: trained.learningRate,
      pilotRates: trained.pilots.map(({ rate }) => rate),
      pilotSteps: trained.pilots.map(({ steps }) => steps),
      pilotLosses: trained.pilots.map(({ loss }) => loss),
      steps: trained.steps,
      bestStep: best.step,
      batchSize: BATCH_SIZE,
      samples: SAMPLES,
    },
    seed,
    data: {
      set: dataset.title,
      variant: 'static binarisation',
      train: dataset.train.count,
      test: images,
    },
    samples: trained.steps * BATCH_SIZE,
    wallSeconds: trained.seconds + (performance.now() - began) / 1000,
    curve: { columns: COLUMNS, rows },
  };
}
