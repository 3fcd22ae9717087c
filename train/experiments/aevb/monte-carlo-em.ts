// Trains by Monte Carlo EM as in Kingma & Welling 2013, Appendix E, and measures on the way.
import { createStream } from '../../../core/sampling/stream.ts';
import { type DataSet, sliceImages } from '../../data/data-set.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import { Diverged, fitRounds } from '../../fit.ts';
import { type Chains, createChains, createSampler, type Sampler } from '../../methods/hmc.ts';
import { maximisation } from '../../methods/monte-carlo-em.ts';
import type { Feeds } from '../../model.ts';
import { createAevb } from '../../models/aevb.ts';
import { within } from '../../runner/names.ts';
import { beginTraining, type Learner, type TrainingState } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';
import { BATCH_SIZE, paperOptimiser, STEP_SIZES, type Values } from './curve.ts';
import { greyValues, PANELS, type PanelOptions, SEED } from './panels.ts';

const LEAPFROG_STEPS = 10;
const UPDATES = 5;
/** Samples of a round: images that a gradient was taken of, in the E-step and in the M-step. */
const ROUND_SAMPLES = BATCH_SIZE * (LEAPFROG_STEPS + UPDATES);
/** Rounds that every candidate for the step size is tried for. */
const PILOT_ROUNDS = 300;
/** How fast step sizes of HMC follow their acceptance. */
const ADAPTATION = 0.5;

const PROTOCOL =
  `Monte Carlo EM (Appendix E): batches of ${BATCH_SIZE} in turn, one persistent posterior sample an image; E-step of ` +
  `one HMC move with ${LEAPFROG_STEPS} leapfrog steps, step sizes tuned image by image to 90 % acceptance; M-step of ` +
  `${UPDATES} updates by Adagrad, MAP as for the others, step size the best of ${STEP_SIZES.join(', ')} by mean ` +
  `log p(x, z) after ${PILOT_ROUNDS} rounds; every image that a gradient is taken of counts as a sample, in E-steps too`;

type Problem = { sampler: Sampler; learner: Learner; train: Values; imageShape: number[] };
type Chain = { chains: Chains[]; round: number };
/** Running means, over about the last sweep of the images: log p(x, z) before the M-steps, and acceptance. */
type Sweep = { rounds: number; logJoint: number; acceptance: number };

/** The feeds of rounds until `samples`: each an E-step on a batch in turn, and then its M-steps. */
async function* rounds(
  { sampler, train, imageShape }: Problem,
  chain: Chain,
  samples: number,
  current: () => TrainingState,
  sweep: Sweep,
): AsyncIterable<Feeds> {
  const { chains } = chain;
  for (; chain.round * ROUND_SAMPLES < samples; chain.round++) {
    const batch = chain.round % chains.length;
    const from = batch * BATCH_SIZE * train.size;
    const data = train.values.subarray(from, from + BATCH_SIZE * train.size);
    const x = { shape: [BATCH_SIZE, ...imageShape], data };
    const stream = createStream(SEED, 'mcem', chain.round);
    const moved = await sampler.move(current(), x, chains[batch]!, stream, ADAPTATION);
    chains[batch] = { z: moved.z, stepSize: moved.stepSize };
    sweep.rounds += 1;
    const share = 1 / Math.min(chains.length, sweep.rounds);
    sweep.logJoint += (meanAndError(moved.logDensity).mean - sweep.logJoint) * share;
    sweep.acceptance += (meanAndError(moved.acceptance).mean - sweep.acceptance) * share;
    for (let i = 0; i < UPDATES; i++) yield { x: data, z: moved.z.data };
  }
}

type Options = { pilotRounds?: number } & Required<
  Pick<PanelOptions, 'latentDimensions' | 'hidden' | 'trainCount' | 'at' | 'measure'>
>;

/** Columns of `rows`: samples, mean log p(x, z) of the last sweep, and what `measure` gives. */
export async function trainMonteCarloEm(
  options: Options,
  context: Context,
): Promise<{
  stepSize: number;
  pilots: number[];
  rows: number[][];
  seconds: number;
  dataset: DataSet;
  protocol: string;
}> {
  const { pilotRounds = PILOT_ROUNDS } = options;
  const { set, validation, likelihood } = PANELS.mnist;
  const dataset = await context.load(set, validation);
  const { width, height, channels } = dataset.train;
  const vae = createAevb({ ...options, image: { width, height, channels }, likelihood });
  const train = greyValues(sliceImages(dataset.train, 0, options.trainCount));
  const learner = maximisation(vae, paperOptimiser(true, train.count));
  const initial = vae.init(createStream(SEED, 'init'), new Float32Array(train.size).fill(0.5));
  const like = { params: within(initial.params, 'decoder'), state: {} };
  const sampler = await createSampler(vae, like, {
    chains: BATCH_SIZE,
    leapfrogSteps: LEAPFROG_STEPS,
    ...context,
  });
  const problem = { sampler, learner, train, imageShape: [channels, height, width] };
  /** From the start through the points of `at`, in samples. */
  const run = (
    stepSize: number,
    at: readonly number[],
    onPoint: (samples: number, sweep: Sweep, weights: TrainingState) => Promise<void>,
  ) => {
    const chains = Array.from({ length: train.count / BATCH_SIZE }, () =>
      createChains(BATCH_SIZE, vae.latentDimensions),
    );
    const chain = { chains, round: 0 };
    let sweep: Sweep = { rounds: 0, logJoint: 0, acceptance: 0 };
    return fitRounds(
      {
        learner: () => learner,
        batchSize: BATCH_SIZE,
        rounds: at.length,
        feeds(point, current) {
          sweep = { rounds: 0, logJoint: 0, acceptance: 0 };
          return rounds(problem, chain, at[point]!, current, sweep);
        },
        schedule: () => ({ learningRate: stepSize }),
        async onRound({ round, weights }) {
          await onPoint(at[round - 1]!, sweep, weights);
          return false;
        },
      },
      { round: 0, step: 0, weights: structuredClone(beginTraining(learner, like)) },
      context,
    );
  };

  const began = performance.now();
  const pilots: number[] = [];
  for (const stepSize of STEP_SIZES) {
    let found = Number.NaN;
    try {
      const sweeps = [pilotRounds * ROUND_SAMPLES];
      await run(stepSize, sweeps, async (_, { logJoint }) => {
        found = logJoint;
      });
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
    }
    pilots.push(Number.isFinite(found) ? found : -Number.MAX_VALUE);
  }
  const stepSize = STEP_SIZES[pilots.indexOf(Math.max(...pilots))]!;
  context.log(`step size ${stepSize} of ${STEP_SIZES} (log p(x, z) ${pilots.map((b) => b.toFixed(2))})`);

  const measure = await options.measure(vae, { train, test: greyValues(dataset.test) });
  const rows: number[][] = [];
  const points = options.at.filter((n) => n <= context.limit);
  await run(stepSize, points, async (samples, { logJoint, acceptance }, weights) => {
    rows.push([samples, logJoint, ...(await measure.at(weights))]);
    const figures = rows.at(-1)!.map((v) => v.toFixed(2));
    context.log(`${figures.join(' ')} (acceptance ${acceptance.toFixed(2)})`);
  });
  const seconds = (performance.now() - began) / 1000;
  for (const resource of [sampler, measure]) await resource.release();
  return { stepSize, pilots, rows, seconds, dataset, protocol: PROTOCOL };
}
