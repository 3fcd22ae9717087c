// Algorithm 1 of Goodfellow et al. 2014 on mixtures of Gaussians on a line: how near p_g comes to p_data over training,
// and where it does not.
import { sigmoid } from '@tensorflow/tfjs-core';
import { normalQuantile } from '../../../core/sampling/normal.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { adversarialLearner } from '../../adversarial/learner.ts';
import { ADVERSARIAL_LOSSES, type AdversarialLossName } from '../../adversarial/losses.ts';
import { NORMALISATIONS } from '../../adversarial/normalisation.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { fitRounds } from '../../fit.ts';
import type { Weights } from '../../model.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { compileRows, type RowFunction, type RunOptions, rowsOf } from '../../runner/rows.ts';
import { beginTraining } from '../../runner/step.ts';
import type { CellResult, Context } from '../experiment.ts';
import { type Cells, jensenShannon, massesOf, massesOfPoints } from './divergence.ts';
import { draw, type Mixture, midpoints } from './mixture.ts';
import { POINT, pointCritic, pointGenerator } from './players.ts';

/** Of draws of the data and of the generator, each. */
export const BATCH_SIZE = 128;
const LEARNING_RATES = { generator: 1e-3, critic: 4e-3 };
const BETA1 = 0.5;
const GENERATOR = [32, 32];
const CRITIC = [32, 32];
const SEEDS = ['1', '2', '3'];
/** Steps of the generator, and after which to look. */
const STEPS = 5000;
const LOOKS = Array.from({ length: 50 }, (_, i) => ((i + 1) * STEPS) / 50);
/** p_g is where the generator sends this many quantiles of the prior. */
export const QUANTILES = 10_000;
const CELLS: Cells = { low: -6, width: 0.1, count: 120 };
/** A run has come to p_data when its JSD is below this, nats; the largest there is, of separate ones, is log 2. */
const ARRIVED = 0.02;
/** A mode is lost when it has less than this share of its weight. */
const LOST = 0.25;

const modes = (means: readonly number[], deviation: number): Mixture =>
  means.map((mean) => ({ weight: 1 / means.length, mean, deviation }));

export const MIXTURES: Record<string, Mixture> = {
  'two-modes': modes([-1.5, 1.5], 0.5),
  'five-modes': modes([-4, -2, 0, 2, 4], 0.2),
};
export const LOSSES = ['minimax', 'non-saturating'] as const satisfies readonly AdversarialLossName[];
export const CRITIC_STEPS = [1, 5];

/** Both networks and how they learn, in words. */
export const PLAYERS =
  `generator 1-${GENERATOR.join('-')}-1 of a normal latent, critic 1-${CRITIC.join('-')}-1 (tanh), Adam with ` +
  `β₁ = ${BETA1}, steps ${LEARNING_RATES.generator} and ${LEARNING_RATES.critic} falling by half a cosine, batch ${BATCH_SIZE}`;

const PRIOR = Float32Array.from(midpoints([0, 1], QUANTILES), normalQuantile);

export type Look = {
  step: number;
  /** Where the generator sends the quantiles of the prior, ascending. */
  points: Float64Array;
  /** JSD(p_data, p_g), nats. */
  divergence: number;
  /** D at any points. */
  critic(at: Float32Array): Promise<Float64Array>;
};

/** Trains one pair on `mixture`; calls `look` before the first step of the generator and after those of `at`, ascending. */
export async function play(
  mixture: Mixture,
  loss: AdversarialLossName,
  criticSteps: number,
  seed: string,
  at: readonly number[],
  look: (now: Look) => Promise<void>,
  options: RunOptions,
): Promise<void> {
  const generator = pointGenerator(GENERATOR);
  const critic = pointCritic(CRITIC);
  const optimiser = adam({ beta1: BETA1 });
  const scalars = ['learningRate', 'criticLearningRate'];
  const learner = adversarialLearner(
    {
      image: POINT,
      latent: { dimensions: 1, distribution: 'normal' },
      toLatents: (noise) => noise,
      generator,
      critic,
      normalisation: NORMALISATIONS.none,
      loss: ADVERSARIAL_LOSSES[loss],
      criticSteps,
      optimisers: { generator: optimiser, critic: optimiser },
    },
    scalars,
  );
  const init = createStream(seed, 'init');
  const made = generator.init(init, new Float32Array(1));
  const weights: Weights = { params: { ...made.params, ...critic.init(init) }, state: {} };
  const stream = createStream(seed, 'draws');
  const generate = await compileRows(
    weights,
    { z: { shape: [1] } },
    (params, state, { z }) => ({ y: generator.generate(params, state, z!, undefined, false).images }),
    { ...options, batch: 2000 },
  );
  const judge = await compileRows(
    weights,
    { x: { shape: [1, 1, 1] } },
    (params, _state, { x }) => ({ y: sigmoid(critic.score(params, { x: x! }, {}).score) }),
    options,
  );
  const over = async (
    rows: RowFunction,
    from: Weights,
    name: string,
    values: Float32Array,
    shape: number[],
  ) => {
    const out = new Float64Array(values.length);
    await rows.over(from, { [name]: rowsOf(values, shape) }, values.length, (row, { y }) => {
      out[row] = y![0]!;
    });
    return out;
  };
  const data = massesOf(CELLS, mixture);
  const show = async (step: number, now: Weights) => {
    const points = await over(generate, now, 'z', PRIOR, [1]);
    const divergence = jensenShannon(data, massesOfPoints(CELLS, points));
    await look({ step, points, divergence, critic: (x) => over(judge, now, 'x', x, [1, 1, 1]) });
  };
  try {
    await show(0, weights);
    await fitRounds(
      {
        learner: () => learner,
        batchSize: BATCH_SIZE,
        rounds: at.length,
        *feeds(round) {
          for (let step = at[round - 1] ?? 0; step < at[round]!; step++) {
            const x = Float32Array.from({ length: criticSteps * BATCH_SIZE }, () => draw(mixture, stream));
            yield { x, ...drawNoise(learner.feeds(BATCH_SIZE), stream) };
          }
        },
        schedule: ({ step }) => {
          const share = 0.5 * (1 + Math.cos((Math.PI * step) / at.at(-1)!));
          return {
            learningRate: LEARNING_RATES.generator * share,
            criticLearningRate: LEARNING_RATES.critic * share,
          };
        },
        async onRound({ step, weights: now }) {
          await show(step, now);
          return false;
        },
      },
      { round: 0, step: 0, weights: beginTraining(learner, weights) },
      options,
    );
  } finally {
    await Promise.all([generate.release(), judge.release()]);
  }
}

/** Modes of `mixture` to which less than LOST of their weight goes; a point belongs to the nearest. */
function lostModes(mixture: Mixture, points: Float64Array): number {
  const masses = mixture.map(() => 0);
  for (const x of points) {
    const distances = mixture.map(({ mean }) => Math.abs(x - mean));
    masses[distances.indexOf(Math.min(...distances))]! += 1 / points.length;
  }
  return mixture.filter(({ weight }, i) => masses[i]! < LOST * weight).length;
}

export async function algorithmCell(
  name: string,
  loss: (typeof LOSSES)[number],
  criticSteps: number,
  context: Context,
): Promise<CellResult> {
  const began = performance.now();
  const mixture = MIXTURES[name]!;
  const curves: number[][] = [];
  const least: number[] = [];
  const last: number[] = [];
  let lost = 0;
  let collapsed = 0;
  for (const seed of SEEDS) {
    const curve: number[] = [];
    let modesLost = 0;
    const look = async ({ divergence, points, step }: Look) => {
      curve.push(divergence);
      if (step === STEPS) modesLost = lostModes(mixture, points);
    };
    await play(mixture, loss, criticSteps, seed, LOOKS, look, context);
    curves.push(curve);
    least.push(Math.min(...curve));
    last.push(curve.at(-1)!);
    lost += modesLost;
    if (modesLost > 0) collapsed += 1;
    context.log(
      `seed ${seed}: JSD ${last.at(-1)!.toFixed(4)}, least ${least.at(-1)!.toFixed(4)}, ${modesLost} modes lost`,
    );
  }
  const quantity = (values: number[]) => {
    const { mean, standardError } = meanAndError(values);
    return { value: mean, standardError };
  };
  return {
    values: {
      JSD: quantity(last),
      'least JSD': quantity(least),
      arrived: { count: last.filter((value) => value < ARRIVED).length, of: SEEDS.length },
      collapsed: { count: collapsed, of: SEEDS.length },
      'modes lost': { count: lost, of: SEEDS.length * mixture.length },
    },
    unit: 'nats',
    protocol:
      `${PLAYERS}, ${loss} loss, k = ${criticSteps} critic steps to one of the generator, ` +
      `${STEPS} steps of the generator; JSD over ${CELLS.count} cells of ${CELLS.width}, p_g by ${QUANTILES} quantiles of ` +
      `the prior; ${SEEDS.length} seeds, errors over them; arrived: JSD below ${ARRIVED}; a mode is lost with less than ${LOST} of its weight`,
    settings: {
      mixture: name,
      loss,
      criticSteps,
      steps: STEPS,
      batchSize: BATCH_SIZE,
      learningRate: LEARNING_RATES.generator,
    },
    seed: SEEDS.join(', '),
    data: { set: `${mixture.length} Gaussians on a line`, variant: 'drawn', train: 0, test: 0 },
    samples: SEEDS.length * STEPS * criticSteps * BATCH_SIZE,
    wallSeconds: (performance.now() - began) / 1000,
    curve: {
      columns: ['step', 'JSD', 'error', ...SEEDS.map((seed) => `seed ${seed}`)],
      rows: [0, ...LOOKS].map((step, i) => {
        const each = curves.map((curve) => curve[i]!);
        const { mean, standardError } = meanAndError(each);
        return [step, mean, standardError, ...each];
      }),
    },
  };
}
