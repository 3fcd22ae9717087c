// Training samples per second with the networks of Figure 2, beside what Kingma & Welling 2013 report of theirs.
import { createStream } from '../../../core/sampling/stream.ts';
import { createAevb } from '../../models/aevb.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, createTrainer } from '../../runner/step.ts';
import type { CellResult, Context, Program } from '../experiment.ts';
import { paperOptimiser } from './by-gradient.ts';
import { BATCH_SIZE } from './curve.ts';
import { learnBy, METHODS, type Method, PANELS, type Panel, SEED } from './panels.ts';

const LATENTS = 20;
const WARM_UP_STEPS = 100;
const ROUNDS = 15;
const ROUND_STEPS = 50;
/** Minutes that the paper's processor took for a million samples (Figure 2). */
const PAPER_MINUTES = [40, 20] as const;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function cell(panel: Panel, method: Method, context: Context): Promise<CellResult> {
  const began = performance.now();
  const { set, validation, hidden, likelihood } = PANELS[panel];
  const dataset = await context.load(set, validation);
  const { width, height, channels, count, pixels } = dataset.train;
  const size = width * height;
  const vae = createAevb({
    image: { width, height, channels },
    latentDimensions: LATENTS,
    hidden,
    likelihood,
  });
  const learner = learnBy(method, vae)(paperOptimiser(true, count));
  const initial = vae.init(createStream(SEED, 'init'), new Float32Array(size).fill(0.5));
  const weights = beginTraining(learner, initial);
  const trainer = await createTrainer(learner, weights, { batchSize: BATCH_SIZE, ...context });
  const stream = createStream(SEED, 'speed');
  const step = async () => {
    const x = new Float32Array(BATCH_SIZE * size);
    for (let b = 0; b < BATCH_SIZE; b++) {
      const from = Math.floor(stream.uniform() * count) * size;
      for (let i = 0; i < size; i++) x[b * size + i] = pixels[from + i]! / 255;
    }
    const noise = drawNoise(learner.feeds(BATCH_SIZE), stream);
    await trainer.step({ x, ...noise }, { learningRate: 0.01, klWeight: 1 });
  };
  for (let i = 0; i < WARM_UP_STEPS; i++) await step();
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    for (let i = 0; i < ROUND_STEPS; i++) await step();
    rates.push((ROUND_STEPS * BATCH_SIZE * 1000) / (performance.now() - start));
  }
  await trainer.release();
  const [slow, fast] = PAPER_MINUTES.map((minutes) => 1e6 / (60 * minutes)) as [number, number];
  return {
    values: {
      'samples per second': { value: median(rates) },
      'best round': { value: Math.max(...rates) },
      'paper, slowest': { value: slow },
      'paper, fastest': { value: fast },
    },
    unit: 'training samples per second',
    protocol:
      `${method}, ${hidden} hidden units, N_z = ${LATENTS}, batch ${BATCH_SIZE}, Adagrad with MAP; gathering of the batch ` +
      `and drawing of the noise included; median and best of ${ROUNDS} rounds of ${ROUND_STEPS} steps after ` +
      `${WARM_UP_STEPS} steps; the paper: 20 to 40 minutes for a million samples on a Xeon processor at about 40 GFLOPS`,
    settings: { method, hidden, latent: LATENTS, batchSize: BATCH_SIZE },
    seed: SEED,
    data: { set: dataset.title, variant: 'grey', train: count, test: 0 },
    samples: ROUNDS * ROUND_STEPS * BATCH_SIZE,
    wallSeconds: (performance.now() - began) / 1000,
  };
}

/** Training samples of a finished cell. */
export const samples = ROUNDS * ROUND_STEPS * BATCH_SIZE;

export const cells: Program['cells'] = Object.fromEntries(
  (Object.keys(PANELS) as Panel[]).flatMap((panel) =>
    METHODS.map((method) => [`${panel}-${method}`, (context: Context) => cell(panel, method, context)]),
  ),
);
