// Trains by Monte Carlo EM as in Kingma & Welling 2013, Appendix E, and measures on the way.
import { createStream } from '../../../core/sampling/stream.ts';
import { type DataSet, sliceImages } from '../../data/data-set.ts';
import { meanAndError } from '../../evaluate/bounds/bound.ts';
import { type Chains, createChains, createSampler, type Sampler } from '../../methods/hmc.ts';
import { maximisation } from '../../methods/monte-carlo-em.ts';
import { createAevb } from '../../models/aevb.ts';
import { within } from '../../runner/names.ts';
import { createTrainer, type Trainer } from '../../runner/step.ts';
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

type Round = { sampler: Sampler; trainer: Trainer; train: Values; chains: Chains[]; imageShape: number[] };

/** One E-step and M-step on batch `round` in turn; gives the mean log p(x, z) of its images before the M-step. */
async function takeRound(
  { sampler, trainer, train, chains, imageShape }: Round,
  round: number,
  stepSize: number,
): Promise<{ logJoint: number; acceptance: number }> {
  const batch = round % chains.length;
  const from = batch * BATCH_SIZE * train.size;
  const data = train.values.subarray(from, from + BATCH_SIZE * train.size);
  const x = { shape: [BATCH_SIZE, ...imageShape], data };
  const { params, state } = trainer.current();
  const stream = createStream(SEED, 'mcem', round);
  const moved = await sampler.move({ params, state }, x, chains[batch]!, stream, ADAPTATION);
  chains[batch] = { z: moved.z, stepSize: moved.stepSize };
  for (let i = 0; i < UPDATES; i++)
    await trainer.step(data, { z: moved.z.data }, { learningRate: stepSize, klWeight: 1 });
  return { logJoint: meanAndError(moved.logDensity).mean, acceptance: meanAndError(moved.acceptance).mean };
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
  const optimiser = paperOptimiser(true, train.count);
  const initial = vae.init(createStream(SEED, 'init'), new Float32Array(train.size).fill(0.5));
  const params = within(initial.params, 'decoder');
  const like = { params, state: {} };
  const sampler = await createSampler(vae, like, {
    chains: BATCH_SIZE,
    leapfrogSteps: LEAPFROG_STEPS,
    ...context,
  });
  const begin = async (): Promise<Round> => {
    const weights = structuredClone({ ...like, optimiser: optimiser.init(params) });
    const trainer = await createTrainer(maximisation(vae), optimiser, weights, {
      batchSize: BATCH_SIZE,
      ...context,
    });
    const chains = Array.from({ length: train.count / BATCH_SIZE }, () =>
      createChains(BATCH_SIZE, vae.latentDimensions),
    );
    return { sampler, trainer, train, chains, imageShape: [channels, height, width] };
  };
  const sweep = train.count / BATCH_SIZE;

  const began = performance.now();
  const pilots: number[] = [];
  for (const stepSize of STEP_SIZES) {
    const state = await begin();
    let total = 0;
    for (let round = 0; round < pilotRounds; round++) {
      const { logJoint } = await takeRound(state, round, stepSize);
      if (round >= pilotRounds - sweep) total += logJoint / sweep;
    }
    await state.trainer.release();
    pilots.push(Number.isFinite(total) ? total : -Number.MAX_VALUE);
  }
  const stepSize = STEP_SIZES[pilots.indexOf(Math.max(...pilots))]!;
  context.log(`step size ${stepSize} of ${STEP_SIZES} (log p(x, z) ${pilots.map((b) => b.toFixed(2))})`);

  const state = await begin();
  const measure = await options.measure(vae, { train, test: greyValues(dataset.test) });
  const rows: number[][] = [];
  let round = 0;
  for (const samples of options.at.filter((n) => n <= context.limit)) {
    let [logJoint, acceptance] = [0, 0];
    for (; round * ROUND_SAMPLES < samples; round++) {
      const taken = await takeRound(state, round, stepSize);
      logJoint += (taken.logJoint - logJoint) / Math.min(sweep, round + 1);
      acceptance += (taken.acceptance - acceptance) / Math.min(sweep, round + 1);
    }
    rows.push([samples, logJoint, ...(await measure.at(state.trainer.current()))]);
    context.log(
      `${rows
        .at(-1)!
        .map((v) => v.toFixed(2))
        .join(' ')} (acceptance ${acceptance.toFixed(2)})`,
    );
  }
  const seconds = (performance.now() - began) / 1000;
  for (const resource of [state.trainer, sampler, measure]) await resource.release();
  return { stepSize, pilots, rows, seconds, dataset, protocol: PROTOCOL };
}
