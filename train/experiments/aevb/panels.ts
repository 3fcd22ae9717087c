// The two data sets of Kingma & Welling 2013 with the networks they used, and training on them by either method.
import { createStream } from '../../../core/sampling/stream.ts';
import { type DataSet, type Images, sliceImages } from '../../data/data-set.ts';
import { createElboEvaluator } from '../../evaluate/bounds/elbo.ts';
import { groupMeans, meanAndError } from '../../evaluate/statistics.ts';
import { descend } from '../../methods/descend.ts';
import { fullVariational, initFullVariational, meanParameters } from '../../methods/full-variational.ts';
import { wakeSleep } from '../../methods/wake-sleep.ts';
import type { Weights } from '../../model.ts';
import { createAevb, type Initialisation } from '../../models/aevb.ts';
import type { SamplingVae } from '../../models/vae.ts';
import type { Optimiser } from '../../optimisers.ts';
import type { Context } from '../experiment.ts';
import { byGradient, type Values } from './by-gradient.ts';
import {
  type Candidate,
  type CurveResult,
  GATHERING_STEPS,
  INITIALISATIONS,
  STEP_SIZES,
  trainCurve,
} from './curve.ts';
import { type Lap, RUNGS } from './race.ts';

export const SEED = '1';
export const METHODS = ['aevb', 'wake-sleep'] as const;
export type Method = (typeof METHODS)[number];

export const PANELS = {
  mnist: { set: 'mnist', validation: 10_000, hidden: 500, likelihood: 'bernoulli' },
  frey: { set: 'frey-face', validation: 1, hidden: 200, likelihood: 'gaussian' },
} as const;
export type Panel = keyof typeof PANELS;

/** 10⁵ to 10⁷ samples, eight points a decade, whole batches. */
export const POINTS = Array.from({ length: 17 }, (_, i) => 100 * Math.round(10 ** (3 + i / 8)));
/** Training images that the bound is measured on. */
const TRAIN_IMAGES = 10_000;
/** Images in a group of those bounds that a cell keeps, where they are independent; else a group is a block of video. */
const GROUP_IMAGES = 100;

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

/** How initialisation and step size are chosen. */
export const describeChoice = (by: string): string =>
  `initialisation (all parameters from N(0, d²), d of ${INITIALISATIONS.filter((i) => i !== 'fan-in').join(' and ')}, or ` +
  `weights with deviation 1/√fan-in and biases with 0.01) and step size (${STEP_SIZES.join(', ')}, and on beyond an edge ` +
  `that is best) chosen by ${by}: the better half goes on after ${RUNGS.join(', ')} samples`;

/** What the settings of the paper come to, in a sentence. */
export const describeTraining = (hidden: number, likelihood: string, final?: number): string =>
  `one hidden layer of ${hidden} tanh units on either side, ${likelihood} decoder (Appendix C), MAP with p = N(0, I) at ` +
  `weight M/N, Adagrad on batches of 100 drawn with replacement, L = 1; the first ${GATHERING_STEPS} steps only gather ` +
  `squared gradients; ${describeChoice('the training bound')}` +
  (final === undefined ? '' : `, in each initialisation by itself, and the best of each to ${final} samples`);

/** The choice as settings of a result; \`tried\` is each candidate with the samples it was given and its score there. */
export const describeCandidates = ({
  candidate,
  laps,
}: {
  candidate: Candidate;
  laps: Lap<Candidate>[];
}) => ({
  ...candidate,
  tried: laps.map(
    ({ candidate: { initialisation, stepSize }, samples, score }) =>
      `${initialisation}, ${stepSize}: ${Number.isNaN(score) ? 'diverged' : score.toFixed(2)} after ${samples}`,
  ),
});

export type PanelOptions = {
  panel: Panel;
  latentDimensions: number;
  /** Full variational Bayes is measured at the mean of q(θ). */
  method: Method | 'full-variational';
  hidden?: number;
  /** Training images used: the first ones; default all. */
  trainCount?: number;
  at?: number[];
  /** As in `CurveOptions`. */
  final?: number;
  /** Further columns at every point; `like` has the parameters that the model is given. */
  measure?(vae: SamplingVae, like: Weights, data: { train: Values; test: Values }): Promise<MeasureAt>;
};
/** Called at a point; `release` when training is over. */
export type MeasureAt = { at(weights: Weights): Promise<number[]>; release(): Promise<void> };

/** Columns of a point before those that `measure` adds. */
export const COLUMNS = ['samples', 'train bound', 'error', 'test bound', 'error'];

export type PanelRun = CurveResult & {
  vae: SamplingVae;
  dataset: DataSet;
  trainImages: number;
  trainCount: number;
  /** Bounds at the end, group by group. */
  perGroup: Record<'train' | 'test', number[]>;
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
  const config = { image: { width, height, channels }, latentDimensions, hidden, likelihood };
  const vae = createAevb(config);
  const train = greyValues(sliceImages(dataset.train, 0, trainCount));
  const test = greyValues(dataset.test);
  const point = (initialisation: Initialisation) =>
    createAevb({ ...config, initialisation }).init(
      createStream(SEED, 'init'),
      new Float32Array(train.size).fill(0.5),
    );
  const like = point(INITIALISATIONS[0]!);
  const full = method === 'full-variational';
  const settle = full ? meanParameters : (weights: Weights) => weights;
  const init = (initialisation: Initialisation): Weights => {
    const { params, state } = point(initialisation);
    return { params: full ? initFullVariational(params) : params, state };
  };
  const learn = full
    ? (optimiser: Optimiser) => fullVariational(vae, like.params, trainCount, optimiser)
    : learnBy(method, vae);
  const evaluator = await createElboEvaluator(vae, like, { seed: `${SEED}/bound`, ...context });
  const measure = await options.measure?.(vae, like, { train, test });
  const trainImages = Math.min(TRAIN_IMAGES, trainCount);
  const seen = train.values.subarray(0, trainImages * train.size);
  const boundOf = async (weights: Weights, values: Float32Array) =>
    meanAndError(await evaluator.evaluate(settle(weights), values), dataset.test.block);
  const score = async (weights: Weights) => (await boundOf(weights, seen)).mean;
  const run = await trainCurve(
    {
      method: byGradient({ learn, init, train, seed: SEED, map: !full, score }),
      at,
      ...(options.final === undefined ? {} : { final: options.final }),
      async measure(weights) {
        const [a, b] = [await boundOf(weights, seen), await boundOf(weights, test.values)];
        const more = (await measure?.at(settle(weights))) ?? [];
        return [a.mean, a.standardError, b.mean, b.standardError, ...more];
      },
    },
    context,
  );
  const groupsOf = async (values: Float32Array) =>
    groupMeans(await evaluator.evaluate(settle(run.weights), values), dataset.test.block ?? GROUP_IMAGES).map(
      (mean) => Number(mean.toFixed(3)),
    );
  const perGroup = { train: await groupsOf(seen), test: await groupsOf(test.values) };
  await evaluator.release();
  await measure?.release();
  return { ...run, vae, dataset, trainImages, trainCount, perGroup };
}

/** What a cell says of the last point of a run: its bounds and how far it came. */
export function outcomeOf({ rows, seconds, perGroup }: PanelRun) {
  const [samples, train, trainError, test, testError] = rows.at(-1) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    values: {
      train: { value: train, standardError: trainError },
      test: { value: test, standardError: testError },
    },
    perGroup,
    samples,
    wallSeconds: seconds,
    curve: { columns: COLUMNS, rows },
  };
}
