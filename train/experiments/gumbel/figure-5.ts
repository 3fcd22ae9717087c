// Figure 5 of Jang, Gu & Poole 2017: steps a second of M2 against the number of classes, where the class of an image
// without label is summed over, or drawn once by Gumbel-Softmax.
import { createStream } from '../../../core/sampling/stream.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { learnSemiSupervised } from '../../methods/semi-supervised.ts';
import { createSemiSupervised } from '../../models/semi-supervised.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, createTrainer } from '../../runner/step.ts';
import type { CellResult, Context, Program } from '../experiment.ts';

const SEED = '1';
const CLASSES = [5, 10, 20, 50, 100];
const BATCH_SIZE = 100;
/** Of all three networks. */
const NETWORK = {
  kind: 'conv',
  channels: [16, 32],
  dense: 128,
  activation: 'relu',
  batchNorm: false,
} as const;
const LATENTS = 50;
const METHODS = ['marginalised', 'gumbel-softmax'] as const;
const ROUNDS = 15;
const ROUND_STEPS = 1;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function cell(classes: number, context: Context): Promise<CellResult> {
  const began = performance.now();
  const dataset = await context.load('mnist', 2000);
  const { width, height, channels, pixels, count } = dataset.train;
  const image = { width, height, channels };
  const size = width * height;
  const model = createSemiSupervised({
    image,
    classes,
    latentDimensions: LATENTS,
    network: NETWORK,
    classifier: NETWORK,
  });
  const stream = createStream(SEED, 'speed');
  const images = () => {
    const first = Math.floor(stream.uniform() * (count - BATCH_SIZE)) * size;
    return Float32Array.from(pixels.subarray(first, first + BATCH_SIZE * size), (grey) => grey / 255);
  };
  const trainers = await Promise.all(
    METHODS.map(async (gradient) => {
      const learner = learnSemiSupervised(
        model,
        { gradient, labelledBatch: BATCH_SIZE, alpha: 1, labelledWeight: 1, agreement: 0, confidence: 1 },
        adam(),
      );
      const weights = model.model.init(createStream(SEED, 'init'), new Float32Array(size).fill(0.5));
      const trainer = await createTrainer(learner, beginTraining(learner, weights), {
        batchSize: BATCH_SIZE,
        ...context,
      });
      const step = () => {
        // Labels are by chance, as in the paper: there are no hundred kinds of digits.
        const labels = new Float32Array(BATCH_SIZE * classes);
        for (let b = 0; b < BATCH_SIZE; b++) labels[b * classes + Math.floor(stream.uniform() * classes)] = 1;
        const noise = drawNoise(learner.feeds(BATCH_SIZE), stream);
        const feeds = { ...noise, x: images(), labelled: images(), labels };
        return trainer.step(feeds, { learningRate: 1e-3, temperature: 1 });
      };
      return { step, release: trainer.release, seconds: [] as number[] };
    }),
  );
  for (const { step } of trainers) await step();
  // In turns, so that whatever else the machine does is shared; processor time, so that most of it does not count.
  for (let round = 0; round < ROUNDS; round++)
    for (const { step, seconds } of trainers) {
      const start = process.cpuUsage();
      for (let i = 0; i < ROUND_STEPS; i++) await step();
      const { user, system } = process.cpuUsage(start);
      seconds.push((user + system) / 1e6 / ROUND_STEPS);
    }
  const [summed, drawn] = trainers.map(({ seconds }) => seconds) as [number[], number[]];
  for (const { release } of trainers) await release();
  const ratio = meanAndError(summed.map((seconds, i) => seconds / drawn[i]!));
  context.log(`${(1 / median(summed)).toFixed(2)} against ${(1 / median(drawn)).toFixed(2)} steps a second`);
  return {
    values: {
      marginalised: { value: 1 / median(summed) },
      'gumbel-softmax': { value: 1 / median(drawn) },
      ratio: { value: ratio.mean, standardError: ratio.standardError },
    },
    unit: 'steps a second of one processor',
    protocol:
      `M2 of convolutional networks (${NETWORK.channels} channels, kernels of 4, each halving, ${NETWORK.dense} units) and ${LATENTS} latents, what q(z|x, y) ` +
      `makes of an image computed once for all classes; ${BATCH_SIZE} images with and as many without label a step, labels by chance, Adam; medians of ${ROUNDS} rounds of ${ROUND_STEPS} steps of either method in turn, ` +
      'in processor time, drawing of noise included; the ratio is the mean of those of the rounds, with its standard error',
    settings: {
      classes,
      channels: [...NETWORK.channels],
      dense: NETWORK.dense,
      latent: LATENTS,
      batchSize: BATCH_SIZE,
    },
    seed: SEED,
    data: { set: dataset.title, variant: 'grey', train: count, test: 0 },
    samples,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

export const samples = ROUNDS * ROUND_STEPS * BATCH_SIZE;

export const cells: Program['cells'] = Object.fromEntries(
  CLASSES.map((classes) => [`${classes}-classes`, (context: Context) => cell(classes, context)]),
);
