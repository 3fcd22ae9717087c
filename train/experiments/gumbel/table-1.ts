// Table 1 and Figures 3 and 4 of Jang, Gu & Poole 2017: seven estimators on structured prediction and on VAEs.
import { toValues } from '../../data/batches.ts';
import { DISCRETE_ESTIMATORS } from '../../estimators/discrete/table.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import { createMultiSampleEvaluator } from '../../evaluate/bounds/multi-sample.ts';
import type { DiscreteLayer } from '../../latents/discrete.ts';
import type { ImageShape } from '../../model.ts';
import { createBeliefNetwork } from '../../models/belief-network.ts';
import type { DiscreteModel } from '../../models/discrete.ts';
import { createDiscreteVae } from '../../models/discrete-vae.ts';
import { constant, flooredExponential, linear, type ScheduledValue } from '../../schedules.ts';
import type { CellResult, Context, Experiment } from '../experiment.ts';
import { BATCH_SIZE, LEARNING_RATES, PILOT_STEPS, POINTS, trainDiscrete } from './train.ts';

/** Samples of the bound at evaluation: m of the paper. */
const SAMPLES = 1000;

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
  title: string;
  networks: string;
  build(image: ImageShape): DiscreteModel;
  temperature: ScheduledValue;
};

/** τ = max(0.5, exp(−1e-4 t)), renewed every 500 steps: one of the paper's four schedules. */
const ANNEALED = flooredExponential(1, 1e-4, 0.5, 500);

export const ROWS = {
  'sbn-bernoulli': {
    title: 'SBN (Bern.)',
    networks: '392-200-200-392, lower from upper half, temperature 1',
    build: predictor(BERNOULLI),
    temperature: constant(1),
  },
  'sbn-categorical': {
    title: 'SBN (Cat.)',
    networks: '392-(20×10)-(20×10)-392, lower from upper half, temperature 1',
    build: predictor(CATEGORICAL),
    temperature: constant(1),
  },
  'vae-bernoulli': {
    title: 'VAE (Bern.)',
    networks:
      '784-200-784, uniform prior, KL in closed form, temperature max(0.5, exp(−1e-4 t)) every 500 steps',
    build: vae(BERNOULLI),
    temperature: ANNEALED,
  },
  'vae-categorical': {
    title: 'VAE (Cat.)',
    networks:
      '784-(20×10)-784, uniform prior, KL in closed form, temperature max(0.5, exp(−1e-4 t)) every 500 steps',
    build: vae(CATEGORICAL),
    temperature: ANNEALED,
  },
} satisfies Record<string, Row>;
export type RowName = keyof typeof ROWS;

/** Columns of the paper, by our names of the estimators. */
export const COLUMNS = {
  nvil: 'SF',
  darn: 'DARN',
  muprop: 'MuProp',
  'straight-through': 'ST',
  'slope-annealed': 'Annealed ST',
  'gumbel-softmax': 'Gumbel-S.',
  'st-gumbel-softmax': 'ST Gumbel-S.',
} as const;
export type ColumnName = keyof typeof COLUMNS;

async function cell(row: RowName, column: ColumnName, seed: string, context: Context): Promise<CellResult> {
  const { networks, build, temperature } = ROWS[row];
  const dataset = await context.load('mnist-binarized', 10_000);
  const { width, height, channels } = dataset.train;
  const model = build({ width, height, channels });
  // Chung et al. 2017 raise the slope by 0.04 an epoch, to 5.
  const slope = linear(1, 5, 0, 100);
  const run = {
    model,
    estimator: DISCRETE_ESTIMATORS[column],
    schedules: { temperature, slope },
    seed,
    dataset,
  };
  const { best, rows, ...trained } = await trainDiscrete(run, context);

  const began = performance.now();
  const options = { ...context, samples: SAMPLES, seed: `${seed}/test` };
  const evaluator = await createMultiSampleEvaluator(model, best.weights, options);
  const test = toValues(dataset.test, 'static', seed);
  const nll = meanAndError(await evaluator.evaluate(best.weights, test));
  await evaluator.release();
  return {
    values: { nll: { value: -nll.mean, standardError: nll.standardError } },
    unit: 'nats per image, −log of the mean over samples of p (SBN) or p / q (VAE)',
    protocol:
      `${column}: ${networks}; SGD with momentum 0.9, batch ${BATCH_SIZE}, learning rate the best of ${LEARNING_RATES} on ` +
      `validation images after ${PILOT_STEPS} steps (from the largest down, until one was worse); ${trained.steps} steps, weights of the best validation bound (one ` +
      `sample an image) among those measured; test bound of ${SAMPLES} discrete samples on all ${dataset.test.count} images`,
    settings: {
      row,
      estimator: column,
      learningRate: trained.learningRate,
      pilotRates: trained.pilots.map(({ rate }) => rate),
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
      test: dataset.test.count,
    },
    samples: trained.steps * BATCH_SIZE,
    wallSeconds: trained.seconds + (performance.now() - began) / 1000,
    curve: { columns: ['samples', 'train', 'validation'], rows },
  };
}

/** Seeds of a column: a second one for the paper's own estimators. */
const seedsOf = (column: ColumnName): string[] => (column.includes('gumbel') ? ['1', '2'] : ['1']);

const cellName = (row: RowName, column: ColumnName, seed: string): string =>
  seed === '1' ? `${row}-${column}` : `${row}-${column}-seed${seed}`;

export const gumbelTable1: Experiment = {
  id: 'gumbel-table-1',
  title: 'Gradient estimators for discrete latents (Jang et al. 2017, Table 1, Figures 3 and 4)',
  samples: POINTS.at(-1)! * BATCH_SIZE,
  cells: Object.fromEntries(
    ['1', '2'].flatMap((seed) =>
      (Object.keys(ROWS) as RowName[]).flatMap((row) =>
        (Object.keys(COLUMNS) as ColumnName[])
          .filter((column) => seedsOf(column).includes(seed))
          .map((column) => [
            cellName(row, column, seed),
            (context: Context) => cell(row, column, seed, context),
          ]),
      ),
    ),
  ),
};
