// One digit is usual, the nine others are not: a small VAE for each digit, trained on its images alone.
import { createStream } from '../../../core/sampling/stream.ts';
import { createBatches } from '../../data/batches.ts';
import { type Images, pixelMeans } from '../../data/data-set.ts';
import { quantilesOf, scoreImages } from '../../evaluate/anomaly/anomaly.ts';
import { fitRounds } from '../../fit.ts';
import { descend } from '../../methods/descend.ts';
import { createVae } from '../../models/vae.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining } from '../../runner/step.ts';
import type { CellResult, Context } from '../experiment.ts';
import { alarms, allScores, areas } from './scores.ts';

const SEED = '1';
const LATENTS = 16;
const HIDDEN = 256;
const BATCH_SIZE = 100;
const EPOCHS = 40;
const LEARNING_RATE = 1e-3;
const RATE = 0.05;

/** The images with a label that `wanted` accepts. */
function choose(images: Images, wanted: (label: number) => boolean): Images {
  const size = images.width * images.height * images.channels;
  const indices = Array.from(images.labels!.keys()).filter((i) => wanted(images.labels![i]!));
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((from, to) => {
    pixels.set(images.pixels.subarray(from * size, (from + 1) * size), to * size);
  });
  return {
    ...images,
    count: indices.length,
    pixels,
    labels: Uint8Array.from(indices, (i) => images.labels![i]!),
  };
}

export async function oneClassCell(digit: number, context: Context): Promise<CellResult> {
  const began = performance.now();
  const dataset = await context.load('mnist', 0);
  const train = choose(dataset.train, (label) => label === digit);
  const { width, height, channels } = train;
  const vae = createVae({
    image: { width, height, channels },
    latentDimensions: LATENTS,
    network: { kind: 'mlp', hidden: [HIDDEN], activation: 'leaky-relu' },
    likelihood: 'bernoulli',
    estimator: 'B',
    samples: 1,
  });
  const learner = descend(vae, adam());
  const initial = vae.init(createStream(SEED, 'init'), pixelMeans(train));
  const batchesOf = createBatches(train, { batchSize: BATCH_SIZE, variant: 'dynamic', seed: SEED });
  const { params, state } = await fitRounds(
    {
      learner: () => learner,
      batchSize: BATCH_SIZE,
      rounds: EPOCHS,
      *feeds(epoch) {
        const noise = createStream(SEED, 'noise', epoch);
        for (const x of batchesOf(epoch)) yield { x, ...drawNoise(learner.feeds(BATCH_SIZE), noise) };
      },
      schedule: () => ({ learningRate: LEARNING_RATE, klWeight: 1 }),
      onRound: async () => false,
    },
    { round: 0, step: 0, weights: beginTraining(learner, initial) },
    context,
  );
  const steps = EPOCHS * Math.floor(train.count / BATCH_SIZE);
  const subject = { model: vae, params, state };
  const calibration = quantilesOf(await scoreImages(subject, train, context));
  const scorer = { subject, calibration, pixelMeans: pixelMeans(train) };
  const usual = await allScores(
    scorer,
    choose(dataset.test, (label) => label === digit),
    context,
  );
  const strange = await allScores(
    scorer,
    choose(dataset.test, (label) => label !== digit),
    context,
  );
  const found = areas('other digits', usual, strange);
  const values: CellResult['values'] = {
    ...found,
    [`usual, alarms at ${RATE}`]: alarms(usual, calibration, RATE),
    [`other digits, alarms at ${RATE}`]: alarms(strange, calibration, RATE),
  };
  context.log(`verdict ${found['other digits, verdict']!.value.toFixed(4)}`);
  return {
    values,
    unit: 'area under the ROC curve; alarms: images called unusual',
    protocol:
      `a VAE trained on the ${train.count} training images of the digit ${digit} alone: 784-${HIDDEN}-${LATENTS}-${HIDDEN}-784, ` +
      `leaky ReLU, Bernoulli pixels drawn anew at every use, Adam at ${LEARNING_RATE}, batch ${BATCH_SIZE}, ${EPOCHS} epochs; ` +
      'the whole test set, grey, where this digit is usual and the nine others are not; no image chose a setting, and ' +
      'no other digit was seen; percentiles among the training images; scores and errors as in the cells of the models that ship',
    settings: { digit, latent: LATENTS, hidden: HIDDEN, batchSize: BATCH_SIZE, epochs: EPOCHS },
    seed: SEED,
    data: { set: dataset.title, variant: 'dynamic', train: train.count, test: dataset.test.count },
    samples: steps * BATCH_SIZE,
    wallSeconds: (performance.now() - began) / 1000,
  };
}
