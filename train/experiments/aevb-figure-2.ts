// Figure 2 of Auto-Encoding Variational Bayes: the bound against training samples, AEVB beside wake-sleep.

import { createStream } from '../../worker/sampling/stream.ts';
import type { DataSet, Images } from '../data/data-set.ts';
import { createElboEvaluator } from '../evaluate/elbo.ts';
import { wakeSleep } from '../methods/wake-sleep.ts';
import { createAevb } from '../models/aevb.ts';
import { descend } from '../runner/step.ts';
import { GATHERING_STEPS, PILOT_SAMPLES, STEP_SIZES, trainCurve, type Values } from './curve.ts';
import type { CellResult, Context, Experiment } from './experiment.ts';

const SEED = '1';
export const METHODS = ['aevb', 'wake-sleep'] as const;
export type Method = (typeof METHODS)[number];

/** The two data sets as the paper used them; N_z are the panels. */
const PANELS = {
  mnist: {
    set: 'mnist',
    validation: 10_000,
    latents: [3, 5, 10, 20, 200],
    hidden: 500,
    likelihood: 'bernoulli',
  },
  frey: { set: 'frey-face', validation: 1, latents: [2, 5, 10, 20], hidden: 200, likelihood: 'gaussian' },
} as const;

/** 10⁴ to 10⁷ samples, eight points a decade, whole batches. */
const POINTS = Array.from({ length: 25 }, (_, i) => 100 * Math.round(10 ** (2 + i / 8)));
/** Training images that the bound is measured on. */
const TRAIN_IMAGES = 10_000;

/** Grey pixels as numbers in 0…1. */
export const greyValues = ({ pixels, count }: Images): Values => ({
  values: Float32Array.from(pixels, (byte) => byte / 255),
  count,
  size: pixels.length / count,
});

export const describeData = (dataset: DataSet, likelihood: string, train = dataset.train.count) => ({
  set: dataset.title,
  variant:
    likelihood === 'bernoulli'
      ? 'grey targets in the Bernoulli log-likelihood'
      : 'grey density, pixels / 255',
  train,
  test: dataset.test.count,
});

async function cell(
  panel: keyof typeof PANELS,
  latentDimensions: number,
  method: Method,
  context: Context,
): Promise<CellResult> {
  const { set, validation, hidden, likelihood } = PANELS[panel];
  const dataset = await context.load(set, validation);
  const { width, height, channels } = dataset.train;
  const vae = createAevb({ image: { width, height, channels }, latentDimensions, hidden, likelihood });
  const [train, test] = [greyValues(dataset.train), greyValues(dataset.test)];
  const like = vae.init(createStream(SEED), new Float32Array(train.size).fill(0.5));
  const evaluator = await createElboEvaluator(vae, like, { seed: `${SEED}/bound`, ...context });
  const trainImages = Math.min(TRAIN_IMAGES, train.count);
  const learner = method === 'aevb' ? descend(vae) : wakeSleep(vae);
  const run = await trainCurve(
    { vae, learner, train, test, seed: SEED, map: true, at: POINTS, evaluator, trainImages },
    context,
  );
  await evaluator.release();
  return {
    values: {
      train: { value: run.last.train.mean, standardError: run.last.train.standardError },
      test: { value: run.last.test.mean, standardError: run.last.test.standardError },
    },
    unit: 'nats per image, lower bound on log p(x)',
    protocol:
      `${method}, one hidden layer of ${hidden} tanh units on either side, ${likelihood} decoder (Appendix C), every ` +
      `parameter from N(0, 0.01²), MAP with p = N(0, I) at weight M/N, Adagrad on batches of 100 drawn with ` +
      `replacement, L = 1; the first ${GATHERING_STEPS} steps only gather squared gradients; step size the best of ` +
      `${STEP_SIZES.join(', ')} by training bound after ${PILOT_SAMPLES} samples; bound by estimator B with one ` +
      `posterior sample an image on the first ${trainImages} training images and all ${test.count} test images`,
    settings: {
      method,
      latent: latentDimensions,
      hidden,
      likelihood,
      stepSize: run.stepSize,
      pilotBounds: run.pilots,
      batchSize: 100,
    },
    seed: SEED,
    data: describeData(dataset, likelihood),
    samples: run.rows.at(-1)![0]!,
    wallSeconds: run.seconds,
    curve: { columns: ['samples', 'train bound', 'test bound'], rows: run.rows },
  };
}

export const aevbFigure2: Experiment = {
  id: 'aevb-figure-2',
  samples: POINTS.at(-1)!,
  title: 'Lower bound against training samples (Kingma & Welling 2013, Figure 2)',
  cells: Object.fromEntries(
    (Object.keys(PANELS) as (keyof typeof PANELS)[]).flatMap((panel) =>
      PANELS[panel].latents.flatMap((latents) =>
        METHODS.map((method) => [
          `${panel}-z${latents}-${method}`,
          (context: Context) => cell(panel, latents, method, context),
        ]),
      ),
    ),
  ),
};
