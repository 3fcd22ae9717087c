// Table 1 of Importance Weighted Autoencoders (Burda et al. 2016), MNIST, one stochastic layer, on a shorter schedule.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { createBatches, toValues } from '../../data/batches.ts';
import { pixelMeans } from '../../data/data-set.ts';
import { drawnRows, testSplit } from '../../data/subset.ts';
import { activeUnits } from '../../evaluate/bounds/active-units.ts';
import { createBoundEvaluator } from '../../evaluate/bounds/bound.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { fitRounds } from '../../fit.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';
import { descend } from '../../methods/descend.ts';
import { doublyReparameterised } from '../../methods/doubly-reparameterised.ts';
import { createVae } from '../../models/vae.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, flatten, unflatten } from '../../runner/step.ts';
import type { CellResult, Context, Program } from '../experiment.ts';

const SEED = '1';
const LATENTS = 50;
const BATCH_SIZE = 20;
/** Learning rate of each epoch: one epoch for each of the 8 stages of the paper, which has 3^i, 3280 in all. */
const EPOCHS = Array.from({ length: 8 }, (_, i) => 10 ** (-3 - i / 7));
const TRAIN_COUNT = 60_000;
/** Test images of the negative log-likelihood, and samples of each. */
const NLL_IMAGES = 1000;
const NLL_SAMPLES = 5000;

async function cell(method: 'VAE' | 'IWAE' | 'DReG', k: number, context: Context): Promise<CellResult> {
  const dataset = await context.load('mnist', 0);
  const { train, test } = dataset;
  const { width, height, channels } = train;
  const vae = createVae({
    image: { width, height, channels },
    latentDimensions: LATENTS,
    network: { kind: 'mlp', hidden: [200, 200], activation: 'tanh' },
    likelihood: 'bernoulli',
    estimator: method === 'VAE' ? 'A' : 'IW',
    samples: k,
  });
  const optimiser = adam({ epsilon: 1e-4 });
  const learner = method === 'DReG' ? doublyReparameterised(vae, k, optimiser) : descend(vae, optimiser);
  const path = join(context.folder, 'last.safetensors');
  const begin = () => {
    const initial = vae.init(createStream(SEED, 'init'), pixelMeans(train));
    return { weights: beginTraining(learner, initial), epoch: 0, seconds: 0 };
  };
  const resume = () => {
    const { tensors, metadata } = readSafetensors(path);
    return { weights: unflatten(tensors), epoch: Number(metadata.epoch), seconds: Number(metadata.seconds) };
  };
  const start = existsSync(path) ? resume() : begin();
  let { seconds } = start;
  const batchesOf = createBatches(train, { batchSize: BATCH_SIZE, variant: 'dynamic', seed: SEED });
  const last = Math.min(EPOCHS.length, Math.ceil(context.limit / TRAIN_COUNT));
  const weights = await fitRounds(
    {
      learner: () => learner,
      batchSize: BATCH_SIZE,
      rounds: last,
      *feeds(epoch) {
        const noise = createStream(SEED, 'noise', epoch);
        for (const x of batchesOf(epoch)) yield { x, ...drawNoise(learner.feeds(BATCH_SIZE), noise) };
      },
      schedule: ({ round }) => ({ learningRate: EPOCHS[round]!, klWeight: 1 }),
      async onRound({ round, means, weights, seconds: taken }) {
        seconds += taken;
        writeSafetensors(path, flatten(weights), { epoch: String(round), seconds: String(seconds) });
        context.log(`epoch ${round}: train ${(-means.loss!).toFixed(2)} (${seconds.toFixed(0)} s)`);
        return false;
      },
    },
    { round: start.epoch, step: 0, weights: start.weights },
    context,
  );
  const began = performance.now();
  const values = toValues(test, 'dynamic', `${SEED}/test`);
  const evaluator = await createBoundEvaluator(vae, weights, {
    samples: NLL_SAMPLES,
    seed: `${SEED}/test`,
    ...context,
  });
  const { logWeight } = await evaluator.evaluate(weights, drawnRows(values, test, NLL_IMAGES));
  await evaluator.release();
  const active = await activeUnits(vae, weights, values, context);
  seconds += (performance.now() - began) / 1000;
  const nll = meanAndError(logWeight);
  return {
    values: {
      nll: { value: -nll.mean, standardError: nll.standardError },
      'active units': { value: active },
    },
    perImage: { nll: Array.from(logWeight, (value) => Number((-value).toFixed(3))) },
    unit: 'nats per image (active units: of 50)',
    protocol:
      `${method} with k = ${k}: 784-200-200-50-200-200-784, tanh, Glorot initialisation, output bias from the mean ` +
      `image, Adam (0.9, 0.999, ε = 1e-4), batch ${BATCH_SIZE}; one epoch at each learning rate 10^(−3 − i/7), i = 0…7 ` +
      `(the paper: 3^i epochs, 3280 in all), ${last} epochs done; NLL = −L_${NLL_SAMPLES} on ` +
      `${NLL_IMAGES} test images, drawn by chance, active units: variance of the posterior mean above 0.01 on all test images`,
    settings: { method, k, latent: LATENTS, hidden: [200, 200], batchSize: BATCH_SIZE, epochs: last },
    seed: SEED,
    data: {
      set: dataset.title,
      variant: 'dynamic binarisation',
      train: train.count,
      test: NLL_IMAGES,
      part: testSplit(test, NLL_IMAGES),
    },
    samples: last * TRAIN_COUNT,
    wallSeconds: seconds,
  };
}

/** Training samples of a finished cell. */
export const samples = EPOCHS.length * TRAIN_COUNT;

export const cells: Program['cells'] = {
  // With one sample the two objectives are the same.
  'vae-k1': (context) => cell('VAE', 1, context),
  'vae-k5': (context) => cell('VAE', 5, context),
  'vae-k50': (context) => cell('VAE', 50, context),
  'iwae-k5': (context) => cell('IWAE', 5, context),
  'iwae-k50': (context) => cell('IWAE', 50, context),
  // Not in the paper: the same bound by the doubly reparameterised gradient.
  'dreg-k5': (context) => cell('DReG', 5, context),
  'dreg-k50': (context) => cell('DReG', 50, context),
};
