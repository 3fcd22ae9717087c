// The table of Liu et al. 2023, shortened: five estimators on VAEs whose categorical latents are few or many, small or large.
import { createStream } from '../../../core/sampling/stream.ts';
import { createBatches, toValues } from '../../data/batches.ts';
import { pixelMeans } from '../../data/data-set.ts';
import { gumbelRao } from '../../estimators/discrete/gumbel-rao.ts';
import { DISCRETE_ESTIMATORS } from '../../estimators/discrete/table.ts';
import { createMultiSampleEvaluator } from '../../evaluate/bounds/multi-sample.ts';
import { groupMeans, meanAndError } from '../../evaluate/statistics.ts';
import { fitRounds } from '../../fit.ts';
import { descendDiscrete, initDiscrete } from '../../methods/discrete.ts';
import { createDiscreteVae } from '../../models/discrete-vae.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining } from '../../runner/step.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import {
  type Chosen,
  METHOD_NAMES,
  METHODS,
  type Method,
  nameOf,
  SIZE_NAMES,
  SIZES,
  type Size,
} from './reinmax-cells.ts';
import { BATCH_SIZE } from './train.ts';

const SEED = '1';
const EPOCHS = 5;
const HELD_OUT = 5000;
const HIDDEN = [512, 256];
/** Test images in a row whose mean a cell keeps. */
const GROUP = 100;

async function cell(size: Size, method: Method, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { estimator: name, rates, temperatures, draws }: Chosen = METHODS[method];
  const [learningRate, temperature] = [rates, temperatures].map((one) => one[SIZE_NAMES.indexOf(size)]!) as [
    number,
    number,
  ];
  const { train, test, title } = await context.load('mnist', HELD_OUT);
  const { width, height, channels } = train;
  const estimator = draws ? gumbelRao(draws) : DISCRETE_ESTIMATORS[name];
  const model = createDiscreteVae({
    image: { width, height, channels },
    layer: { kind: 'categorical', ...SIZES[size] },
    network: { kind: 'mlp', hidden: HIDDEN, activation: 'relu' },
    likelihood: 'bernoulli',
    prior: 'uniform',
  });
  const learner = descendDiscrete(model, estimator, adam());
  const noise = learner.feeds(BATCH_SIZE);
  const batchesOf = createBatches(train, { batchSize: BATCH_SIZE, variant: 'grey', seed: SEED });
  const initial = initDiscrete(model, estimator, createStream(SEED, 'init'), pixelMeans(train));
  const { backend, threads, log } = context;
  const curve: number[][] = [];
  const weights = await fitRounds(
    {
      learner: () => learner,
      batchSize: BATCH_SIZE,
      rounds: EPOCHS,
      *feeds(epoch) {
        const stream = createStream(SEED, 'noise', epoch);
        for (const x of batchesOf(epoch)) yield { x, ...drawNoise(noise, stream) };
      },
      schedule: () => ({ learningRate, klWeight: 1, temperature, slope: 1 / temperature }),
      async onRound({ step, means, seconds: spent }) {
        curve.push([step * BATCH_SIZE, means.loss!]);
        log(`epoch ${curve.length}: train ${means.loss!.toFixed(2)} (${spent.toFixed(0)} s)`);
        return false;
      },
    },
    { round: 0, step: 0, weights: beginTraining(learner, initial) },
    { backend, threads },
  );
  const evaluator = await createMultiSampleEvaluator(model, weights, {
    backend,
    threads,
    samples: 1,
    seed: `${SEED}/test`,
  });
  const bounds = await evaluator.evaluate(weights, toValues(test, 'grey', SEED));
  await evaluator.release();
  const losses = bounds.map((bound) => -bound);
  const { mean: value, standardError } = meanAndError(losses);
  log(`test ${value.toFixed(2)} ± ${standardError.toFixed(2)}`);
  const samples = curve.at(-1)![0]!;
  return {
    values: {
      train: { value: curve.at(-1)![1]! },
      test: { value, standardError },
    },
    perGroup: { test: groupMeans(losses, GROUP) },
    unit: 'nats per image, −ELBO',
    protocol: `MLP 784-${HIDDEN.join('-')}-codes and back, ReLU, uniform prior, KL in closed form, pixels as targets as they are; Adam, fixed rate and temperature, of ReinMax from its authors' scripts, of the others from danielwang0452/ReinMax_ASC, which says that they are the paper's: for 160 epochs, some of them for RAdam; batch ${BATCH_SIZE}, ${EPOCHS} epochs of ${train.count} images; train: mean of the last epoch as it was trained, samples one-hot; test: one sample of each of ${test.count} test images, on which nothing was chosen`,
    settings: {
      ...SIZES[size],
      estimator: name,
      learningRate,
      temperature,
      ...(draws ? { draws } : {}),
      epochs: EPOCHS,
      batchSize: BATCH_SIZE,
    },
    seed: SEED,
    data: { set: title, variant: 'grey', train: train.count, test: test.count },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: ['samples', 'train'], rows: curve },
  };
}

export const { samples, cells }: Program = {
  samples: 1,
  cells: Object.fromEntries(
    SIZE_NAMES.flatMap((size) =>
      METHOD_NAMES.map((method) => [nameOf(size, method), (context: Context) => cell(size, method, context)]),
    ),
  ),
};
