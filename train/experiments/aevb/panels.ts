// The two data sets of Kingma & Welling 2013 with the networks they used, and training on them by either method.
import { createStream } from '../../../core/sampling/stream.ts';
import { type DataSet, type Images, sliceImages } from '../../data/data-set.ts';
import { createElboEvaluator } from '../../evaluate/bounds/elbo.ts';
import { descend } from '../../methods/descend.ts';
import { wakeSleep } from '../../methods/wake-sleep.ts';
import type { Weights } from '../../model.ts';
import { createAevb } from '../../models/aevb.ts';
import type { SamplingVae } from '../../models/vae.ts';
import type { Optimiser } from '../../optimisers.ts';
import type { Context } from '../experiment.ts';
import {
  type CurveResult,
  GATHERING_STEPS,
  PILOT_SAMPLES,
  STEP_SIZES,
  trainCurve,
  type Values,
} from './curve.ts';

export const SEED = '1';
export const METHODS = ['aevb', 'wake-sleep'] as const;
export type Method = (typeof METHODS)[number];

export const PANELS = {
  mnist: { set: 'mnist', validation: 10_000, hidden: 500, likelihood: 'bernoulli' },
  frey: { set: 'frey-face', validation: 1, hidden: 200, likelihood: 'gaussian' },
} as const;
export type Panel = keyof typeof PANELS;

/** 10⁴ to 10⁷ samples, eight points a decade, whole batches. */
export const POINTS = Array.from({ length: 25 }, (_, i) => 100 * Math.round(10 ** (2 + i / 8)));
/** Training images that the bound is measured on. */
const TRAIN_IMAGES = 10_000;

/** Grey pixels as numbers in 0…1. */
export const greyValues = ({ pixels, count }: Images): Values => ({
  values: Float32Array.from(pixels, (byte) => byte / 255),
  count,
  size: pixels.length / count,
});

export const describeData = (dataset: DataSet, likelihood: string, train: number) => ({
  set: dataset.title,
  variant:
    likelihood === 'bernoulli'
      ? 'grey targets in the Bernoulli log-likelihood'
      : 'grey density, pixels / 255',
  train,
  test: dataset.test.count,
});

/** What the settings of the paper come to, in a sentence. */
export const describeTraining = (hidden: number, likelihood: string): string =>
  `one hidden layer of ${hidden} tanh units on either side, ${likelihood} decoder (Appendix C), every parameter from ` +
  'N(0, 0.01²), MAP with p = N(0, I) at weight M/N, Adagrad on batches of 100 drawn with replacement, L = 1; the ' +
  `first ${GATHERING_STEPS} steps only gather squared gradients; step size the best of ${STEP_SIZES.join(', ')} by ` +
  `training bound after ${PILOT_SAMPLES} samples`;

export type PanelOptions = {
  panel: Panel;
  latentDimensions: number;
  method: Method;
  hidden?: number;
  /** Training images used: the first ones; default all. */
  trainCount?: number;
  at?: number[];
  /** Further columns at every point. */
  measure?(vae: SamplingVae, data: { train: Values; test: Values }): Promise<MeasureAt>;
};
/** Called at a point; `release` when training is over. */
export type MeasureAt = { at(weights: Weights): Promise<number[]>; release(): Promise<void> };

export type PanelRun = CurveResult & {
  vae: SamplingVae;
  dataset: DataSet;
  trainImages: number;
  trainCount: number;
};

export const learnBy = (method: Method, vae: SamplingVae) => (optimiser: Optimiser) =>
  method === 'aevb' ? descend(vae, optimiser) : wakeSleep(vae, optimiser);

export async function trainPanel(options: PanelOptions, context: Context): Promise<PanelRun> {
  const { panel, latentDimensions, method, at = POINTS } = options;
  const { set, validation, likelihood } = PANELS[panel];
  const hidden = options.hidden ?? PANELS[panel].hidden;
  const dataset = await context.load(set, validation);
  const trainCount = options.trainCount ?? dataset.train.count;
  const { width, height, channels } = dataset.train;
  const vae = createAevb({ image: { width, height, channels }, latentDimensions, hidden, likelihood });
  const train = greyValues(sliceImages(dataset.train, 0, trainCount));
  const test = greyValues(dataset.test);
  const like = vae.init(createStream(SEED), new Float32Array(train.size).fill(0.5));
  const evaluator = await createElboEvaluator(vae, like, { seed: `${SEED}/bound`, ...context });
  const measure = await options.measure?.(vae, { train, test });
  const trainImages = Math.min(TRAIN_IMAGES, trainCount);
  const run = await trainCurve(
    {
      vae,
      learn: learnBy(method, vae),
      train,
      test,
      seed: SEED,
      map: true,
      at,
      evaluator,
      trainImages,
      ...(measure ? { measure: measure.at } : {}),
    },
    context,
  );
  await evaluator.release();
  await measure?.release();
  return { ...run, vae, dataset, trainImages, trainCount };
}
