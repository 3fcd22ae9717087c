// Every gradient estimator for discrete latents against the exact gradient of models small enough to enumerate.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { arm } from '../../../train/estimators/discrete/arm.ts';
import { enumeration } from '../../../train/estimators/discrete/enumeration.ts';
import { gumbelRao } from '../../../train/estimators/discrete/gumbel-rao.ts';
import { muProp } from '../../../train/estimators/discrete/mu-prop.ts';
import { rebar } from '../../../train/estimators/discrete/rebar.ts';
import { scoreFunction } from '../../../train/estimators/discrete/score-function.ts';
import { DISCRETE_ESTIMATORS } from '../../../train/estimators/discrete/table.ts';
import type { DiscreteEstimator, StochasticTask } from '../../../train/estimators/discrete/task.ts';
import { vimco } from '../../../train/estimators/discrete/vimco.ts';
import { meanAndError } from '../../../train/evaluate/statistics.ts';
import type { DiscreteLayer } from '../../../train/latents/layer.ts';
import type { Tensors } from '../../../train/model.ts';
import { expectGradients, first, lift, liftNoise } from '../lift.ts';
import { ofModel, type Toy, toyGradients, toyParams, toyTask } from './toy.ts';

const BERNOULLI: DiscreteLayer = { kind: 'bernoulli', variables: 2 };
const CATEGORICAL: DiscreteLayer = { kind: 'categorical', variables: 2, classes: 3 };
const schedule = { temperature: 0.7, slope: 1.5 };
const plain = { centre: false, normalise: false, baseline: false };

const exactly = async (toy: Toy): Promise<number[]> =>
  ofModel((await (await toyGradients(toy, enumeration, 1)).draw('none')).gradients);

/** Mean and standard error of every gradient, from groups of rows; the first groups only set running averages. */
async function estimate(toy: Toy, estimator: DiscreteEstimator, options = {}, groups = 24) {
  const { draw } = await toyGradients(toy, estimator, 3000, { schedule, ...options });
  let state = (await draw('first')).state;
  const all: number[][] = [];
  for (let i = 0; i < groups; i++) {
    const drawn = await draw(`group ${i}`, state);
    state = drawn.state;
    all.push(ofModel(drawn.gradients));
  }
  return all[0]!.map((_, i) => meanAndError(all.map((g) => g[i]!)));
}
type Estimates = Awaited<ReturnType<typeof estimate>>;
/** Largest distance from `exact` in standard errors. */
const distance = (found: Estimates, exact: number[]): number =>
  Math.max(...found.map(({ mean, standardError }, i) => Math.abs(mean - exact[i]!) / (standardError + 1e-5)));
const spread = (found: Estimates): number => Math.hypot(...found.map(({ standardError }) => standardError));

test('enumeration agrees with finite differences', async () => {
  const toy: Toy = { layers: [BERNOULLI, CATEGORICAL], shape: 'curved' };
  const { draw } = await toyGradients(toy, enumeration, 2);
  const { gradients } = await draw('none');
  const rows = 2 * enumeration.samples(toy.layers);
  expect(rows).toBe(2 * 4 * 9);
  expectGradients(
    toyParams(toy),
    (params) => enumeration.surrogate(toyTask(toy, rows), params, {}, {}, {}).loss,
    Object.fromEntries(Object.entries(gradients).map(([name, { data }]) => [name, tf.tensor1d(data)])),
  );
});

test('the gradient in a learned temperature agrees with finite differences', async () => {
  const toy: Toy = { layers: [BERNOULLI, CATEGORICAL], shape: 'curved' };
  const learned = DISCRETE_ESTIMATORS['learned-gumbel-softmax'];
  const own = learned.init(toy.layers, 2, createStream('own')).params;
  const { draw } = await toyGradients(toy, learned, 50);
  const { gradients, loss } = await draw('relaxed');
  const noise = liftNoise(learned.noise(toy.layers, 50), createStream('relaxed'));
  const lossOf = (params: Tensors) => learned.surrogate(toyTask(toy, 50), params, {}, noise, {}).loss;
  const all = { ...toyParams(toy), ...own };
  expect(first(lossOf(lift(all)))).toBeCloseTo(loss, 4);
  expectGradients(
    all,
    lossOf,
    Object.fromEntries(Object.entries(gradients).map(([name, { data }]) => [name, tf.tensor1d(data)])),
  );
  // It begins at 1.
  const fixed = await (
    await toyGradients(toy, DISCRETE_ESTIMATORS['gumbel-softmax'], 50, { schedule: { temperature: 1 } })
  ).draw('relaxed');
  expect(loss).toBeCloseTo(fixed.loss, 5);
});

const TWO: Toy = { layers: [BERNOULLI, BERNOULLI], shape: 'curved' };
const MIXED: Toy = { layers: [CATEGORICAL, BERNOULLI], shape: 'curved' };
test.each([
  ['score function', TWO, scoreFunction(plain)],
  ['score function', MIXED, scoreFunction({ ...plain, centre: true })],
  ['NVIL', MIXED, scoreFunction({ ...plain, centre: true, baseline: true })],
  ['MuProp', TWO, muProp({ ...plain, centre: true })],
  ['MuProp', MIXED, muProp(plain)],
  ['ARM', TWO, arm],
  ['REBAR', TWO, rebar],
  ['REBAR', MIXED, rebar],
] as const)('%s is unbiased (%#)', async (_, toy, estimator) => {
  const exact = await exactly(toy);
  const found = await estimate(toy, estimator);
  expect(distance(found, exact)).toBeLessThan(4.5);
  // Small enough errors to see a bias.
  expect(spread(found)).toBeLessThan(0.1 * Math.hypot(...exact));
});

test('what lowers the variance lowers it', async () => {
  const of = async (estimator: DiscreteEstimator) => spread(await estimate(TWO, estimator, {}, 12));
  const [bare, centred, mu, antithetic, relaxed] = await Promise.all(
    [scoreFunction(plain), scoreFunction({ ...plain, centre: true }), muProp(plain), arm, rebar].map(of),
  );
  expect(centred).toBeLessThan(0.8 * bare!);
  expect(mu).toBeLessThan(centred!);
  expect(antithetic).toBeLessThan(0.75 * bare!);
  expect(relaxed).toBeLessThan(0.6 * bare!);
});

test.each([
  ['DARN', BERNOULLI, 'quadratic', DISCRETE_ESTIMATORS.darn],
  ['ReinMax', BERNOULLI, 'quadratic', DISCRETE_ESTIMATORS.reinmax],
  ['ReinMax', CATEGORICAL, 'quadratic', DISCRETE_ESTIMATORS.reinmax],
  ['straight-through', CATEGORICAL, 'linear', DISCRETE_ESTIMATORS['straight-through']],
] as const)('%s is exact as far as its order, and biased beyond (%#)', async (_, layer, shape, estimator) => {
  const of = async (cost: Toy['shape']) => {
    const toy = { layers: [{ ...layer, variables: 1 }], shape: cost };
    const exact = await exactly(toy);
    return distance(await estimate(toy, estimator, { schedule: { temperature: 1 } }), exact);
  };
  expect(await of(shape)).toBeLessThan(4.5);
  expect(await of('curved')).toBeGreaterThan(10);
});

/** Of one Bernoulli variable: E_u[f'(value) ∂value/∂a] by quadrature over the noise, f the cost as a function of z. */
function quadrature(slope: (z: number) => number, path: (u: number) => [number, number]): number {
  const points = 20_000;
  let total = 0;
  for (let i = 0; i < points; i++) {
    const [z, derivative] = path((i + 0.5) / points);
    total += slope(z) * derivative;
  }
  return total / points;
}
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test('the biased ones have the bias that theory gives', async () => {
  const toy: Toy = { layers: [{ kind: 'bernoulli', variables: 1 }], shape: 'curved' };
  const params = toyParams(toy);
  const a = params['logits-0']!.data[0]!;
  const [w, v] = params.out!.data as unknown as [number, number];
  const slope = (z: number) => 1.2 * (w * Math.exp(1.2 * w * z) + v * Math.exp(1.2 * v * z));
  const { temperature: tau, slope: steep } = schedule;
  const mu = sigmoid(a);
  const relaxed = (u: number): [number, number] => {
    const y = sigmoid((a + Math.log(u / (1 - u))) / tau);
    return [y, (y * (1 - y)) / tau];
  };
  const hard = (u: number) => Number(u > sigmoid(-a));
  const steepMean = sigmoid(steep * a);
  const side = (z: number) => (z === 1 ? Math.max(a, 1) : Math.min(a, -1));
  const kl = a * mu * (1 - mu);
  const expected = {
    'gumbel-softmax': quadrature(slope, relaxed),
    'st-gumbel-softmax': quadrature(slope, (u) => [hard(u), relaxed(u)[1]]),
    'straight-through': quadrature(slope, (u) => [hard(u), mu * (1 - mu)]),
    'slope-annealed': quadrature(slope, (u) => [hard(u), steep * steepMean * (1 - steepMean)]),
    darn: 0.5 * (slope(0) + slope(1)) * mu * (1 - mu),
    reinmax: quadrature(slope, (u) => {
      const middle = (sigmoid(a / tau) + hard(u)) / 2;
      return [hard(u), 2 * middle * (1 - middle) - 0.5 * mu * (1 - mu)];
    }),
    gapped: quadrature(slope, (u) => {
      const y = sigmoid(side(hard(u)) / tau);
      return [hard(u), (y * (1 - y)) / tau];
    }),
    'gumbel-rao': quadrature(slope, (u) => [hard(u), relaxed(u)[1]]),
  } as const;
  for (const [name, value] of Object.entries(expected)) {
    const estimator = DISCRETE_ESTIMATORS[name as keyof typeof expected];
    const [logits] = await estimate(toy, estimator, {}, 12);
    expect(Math.abs(logits!.mean - value - kl), name).toBeLessThan(4.5 * logits!.standardError + 1e-4);
  }
});

test('Gumbel-Rao has the expectation of straight-through Gumbel-Softmax and less variance', async () => {
  const toy: Toy = { layers: [CATEGORICAL], shape: 'curved' };
  const [st, one, many] = await Promise.all(
    [DISCRETE_ESTIMATORS['st-gumbel-softmax'], gumbelRao(1), gumbelRao(8)].map(async (estimator) => {
      const found = await estimate(toy, estimator, { schedule: { temperature: 0.2 } });
      return found.slice(0, 6);
    }),
  );
  const apart = (other: Estimates) =>
    Math.max(
      ...st!.map(
        ({ mean, standardError }, i) =>
          Math.abs(mean - other[i]!.mean) / Math.hypot(standardError, other[i]!.standardError, 1e-6),
      ),
    );
  expect(apart(one!)).toBeLessThan(4.5);
  expect(apart(many!)).toBeLessThan(4.5);
  expect(spread(one!) / spread(st!)).toBeCloseTo(1, 0);
  expect(spread(many!)).toBeLessThan(0.7 * spread(st!));
});

test('VIMCO follows the multi-sample bound', async () => {
  const toy: Toy = { layers: [BERNOULLI], shape: 'quadratic' };
  // Two samples of two variables are one sample of four, so the bound of pairs can be enumerated.
  const pairs = (_: Toy, rows: number): StochasticTask => {
    const single = toyTask(toy, rows * 2);
    const split = (x: tf.Tensor) => tf.reshape(x, [rows * 2, 2]);
    return {
      layers: [{ kind: 'bernoulli', variables: 4 }],
      context: tf.ones([rows, 2]),
      logits: (params) => tf.add(tf.zeros([rows, 4]), tf.tile(params['logits-0']!, [2])),
      cost(params, [value], [logits]) {
        const costs = tf.reshape(single.cost(params, [split(value!)], [split(logits!)]), [rows, 2]);
        return tf.neg(tf.sub(tf.logSumExp(tf.neg(costs), 1), Math.log(2)));
      },
    };
  };
  const exact = await toyGradients(toy, { ...enumeration, samples: () => 16 }, 1, { task: pairs });
  const reference = ofModel((await exact.draw('none')).gradients);
  expect(distance(await estimate(toy, vimco(2)), reference)).toBeLessThan(4.5);
});

test('VIMCO has no signal where all samples cost the same', async () => {
  const flat = (toy: Toy, rows: number): StochasticTask => ({
    ...toyTask(toy, rows),
    cost: (params) => tf.add(tf.zeros([rows]), tf.sum(tf.square(params['logits-0']!))),
  });
  const toy: Toy = { layers: [BERNOULLI], shape: 'linear' };
  const { draw, params } = await toyGradients(toy, vimco(3), 5, { task: flat, params: ['logits-0'] });
  const found = (await draw('flat')).gradients['logits-0']!.data;
  for (const [i, a] of params['logits-0']!.data.entries()) expect(found[i]).toBeCloseTo(2 * a, 5);
});

test.each(Object.entries(DISCRETE_ESTIMATORS))('%s: recorded as it runs eagerly', async (name, estimator) => {
  const layers = name === 'arm' ? [BERNOULLI, BERNOULLI] : [CATEGORICAL, BERNOULLI];
  const toy: Toy = { layers, shape: 'curved' };
  const results = [];
  for (const backend of ['cpu', 'tfjs-cpu'] as const) {
    const { draw } = await toyGradients(toy, estimator, 3, { schedule, backend });
    const { state } = await draw('first');
    results.push(await draw('second', state));
  }
  const [compiled, eager] = results as [(typeof results)[0], (typeof results)[0]];
  expect(compiled.loss).toBeCloseTo(eager.loss, 4);
  for (const [key, { data }] of Object.entries({ ...eager.gradients, ...eager.state }))
    for (const [i, value] of data.entries())
      expect({ ...compiled.gradients, ...compiled.state }[key]!.data[i], key).toBeCloseTo(value, 4);
});

test('estimators refuse what they are not defined for', () => {
  expect(() => vimco(1)).toThrow('vimco: needs 2 samples or more to make baselines of, got 1');
  const toy: Toy = { layers: [CATEGORICAL], shape: 'linear' };
  expect(() => arm.surrogate(toyTask(toy, 2), lift(toyParams(toy)), {}, {}, {})).toThrow(
    'arm: layers must be Bernoulli, but layer 0 is categorical',
  );
});
