// Goodfellow et al. 2014, Proposition 1 and Theorem 1: against a fixed generator the trained critic comes to
// D* = p_data / (p_data + p_g), and the value of the game to −log 4 + 2 JSD(p_data, p_g).
import { log, sigmoid, sub } from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { ADVERSARIAL_LOSSES } from '../../adversarial/losses.ts';
import { differentiate } from '../../differentiate.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { fitRounds } from '../../fit.ts';
import type { FeedSpec, Tensors } from '../../model.ts';
import { adam } from '../../optimisers.ts';
import { oneUpdate } from '../../runner/one-update.ts';
import { overRows, rowsOf } from '../../runner/rows.ts';
import { beginTraining } from '../../runner/step.ts';
import { cosine } from '../../schedules.ts';
import type { CellResult, Context } from '../experiment.ts';
import { divergenceOf, optimalCritic } from './divergence.ts';
import { density, draw, type Mixture, midpoints, supportOf } from './mixture.ts';
import { pointCritic } from './players.ts';

const HIDDEN = [64, 64];
const BATCH_SIZE = 512;
const STEPS = 5000;
const RATES = [3e-3, 1e-5] as const;
const SEED = '1';
/** Fresh draws of each that the value is measured on. */
const DRAWS = 200_000;
const PLACES = 400;
/** Places count where (p_data + p_g) / 2 is above this share of its largest: elsewhere there are hardly any draws. */
const LEAST = 1e-3;

export const DATA: Mixture = [
  { weight: 0.5, mean: -1, deviation: 0.4 },
  { weight: 0.5, mean: 1, deviation: 0.4 },
];
export const GENERATORS: Record<string, Mixture> = {
  same: DATA,
  near: [{ weight: 1, mean: 0, deviation: 1.1 }],
  apart: [{ weight: 1, mean: 2, deviation: 0.5 }],
  'one-mode': [{ weight: 1, mean: 1, deviation: 0.4 }],
};

export async function optimalCriticCell(name: string, context: Context): Promise<CellResult> {
  const began = performance.now();
  const generated = GENERATORS[name]!;
  const critic = pointCritic(HIDDEN);
  const points: FeedSpec = { shape: [BATCH_SIZE, 1, 1, 1], distribution: 'data' };
  const learner = oneUpdate(
    () => ({ x: points, generated: points }),
    adam({ beta1: 0.9 }),
    (params, _state, feeds) =>
      differentiate(params, (at: Tensors) => ({
        loss: ADVERSARIAL_LOSSES.minimax.critic(
          critic.score(at, { x: feeds.x! }, {}).score,
          critic.score(at, { x: feeds.generated! }, {}).score,
        ),
        metrics: {},
        state: {},
      })),
    ['learningRate'],
  );
  const rate = cosine(...RATES);
  const stream = createStream(SEED, 'optimal-critic', name);
  const drawn = (mixture: Mixture, count: number) =>
    Float32Array.from({ length: count }, () => draw(mixture, stream));
  const weights = await fitRounds(
    {
      learner: () => learner,
      batchSize: BATCH_SIZE,
      rounds: 1,
      *feeds() {
        for (let step = 0; step < STEPS; step++)
          yield { x: drawn(DATA, BATCH_SIZE), generated: drawn(generated, BATCH_SIZE) };
      },
      schedule: ({ step }) => ({ learningRate: rate({ epoch: step / STEPS, epochs: 1, step }) }),
      async onRound({ step, means }) {
        context.log(`${step} steps, loss ${means.loss!.toFixed(4)}`);
        return true;
      },
    },
    { round: 0, step: 0, weights: beginTraining(learner, { params: critic.init(stream), state: {} }) },
    context,
  );

  /** What `of` gives, one number a point. */
  const over = async (
    at: Float32Array,
    of: (score: ReturnType<typeof sigmoid>) => ReturnType<typeof sigmoid>,
  ) => {
    const out = new Float64Array(at.length);
    await overRows(
      weights,
      { x: rowsOf(at, [1, 1, 1]) },
      at.length,
      (params, _state, { x }) => ({ y: of(critic.score(params, { x: x! }, {}).score) }),
      (row, { y }) => {
        out[row] = y![0]!;
      },
      { ...context, batch: Math.min(at.length, 2000) },
    );
    return out;
  };
  const supports = [supportOf(DATA), supportOf(generated)];
  const places = midpoints(
    [Math.min(...supports.map(([low]) => low)), Math.max(...supports.map(([, high]) => high))],
    PLACES,
  );
  const found = await over(Float32Array.from(places), sigmoid);
  const rows = places.map((x, i) => {
    const [data, model] = [density(DATA, x), density(generated, x)];
    return [x, data, model, found[i]!, optimalCritic(data, model)];
  });
  const most = Math.max(...rows.map(([, data, model]) => data! + model!));
  const seen = rows.filter(([, data, model]) => data! + model! > LEAST * most);
  const largest = Math.max(...seen.map(([, , , own, best]) => Math.abs(own! - best!)));

  const [real, fake] = [drawn(DATA, DRAWS), drawn(generated, DRAWS)];
  const onReal = await over(real, (score) => log(sigmoid(score)));
  const onFake = await over(fake, (score) => log(sub(1, sigmoid(score))));
  const best = (x: number) => optimalCritic(density(DATA, x), density(generated, x));
  const valueBy = (ofReal: (i: number) => number, ofFake: (i: number) => number) => {
    const [first, second] = [
      meanAndError(onReal.map((_, i) => ofReal(i))),
      meanAndError(onFake.map((_, i) => ofFake(i))),
    ];
    return {
      value: first.mean + second.mean,
      standardError: Math.hypot(first.standardError, second.standardError),
    };
  };
  const value = valueBy(
    (i) => onReal[i]!,
    (i) => onFake[i]!,
  );
  // Of the same draws, so that their chance cancels.
  const shortfall = valueBy(
    (i) => Math.log(best(real[i]!)) - onReal[i]!,
    (i) => Math.log(1 - best(fake[i]!)) - onFake[i]!,
  );
  const divergence = divergenceOf(DATA, generated);
  // No critic's value is above that of D*: more would be a fault of the measurement.
  if (shortfall.value < -5 * shortfall.standardError)
    throw new Error(
      `gan-theory: V(D, G) is above V(D*, G) by ${-shortfall.value} ± ${shortfall.standardError}, which no critic can be`,
    );
  return {
    values: {
      'largest difference from D*': { value: largest },
      'V(D, G)': value,
      'V(D*, G) − V(D, G)': shortfall,
      '−log 4 + 2 JSD': { value: 2 * divergence - Math.log(4) },
      JSD: { value: divergence },
    },
    unit: 'nats; differences of D, a probability',
    protocol:
      `critic 1-${HIDDEN.join('-')}-1 (tanh), Adam, step ${RATES[0]} to ${RATES[1]} by half a cosine, ${STEPS} batches of ` +
      `${BATCH_SIZE} fresh draws of each density; the difference from D* at ${PLACES} places, where the mean of the ` +
      `densities is above ${LEAST} of its largest; V from ${DRAWS} fresh draws of each, V(D*, G) − V(D, G) of the same ones; JSD by quadrature`,
    settings: { generator: name, hidden: HIDDEN, batchSize: BATCH_SIZE, steps: STEPS },
    seed: SEED,
    data: { set: 'two Gaussians on a line', variant: 'drawn', train: 0, test: 0 },
    samples: STEPS * BATCH_SIZE,
    wallSeconds: (performance.now() - began) / 1000,
    curve: { columns: ['x', 'p_data', 'p_g', 'D', 'D*'], rows: seen },
  };
}
