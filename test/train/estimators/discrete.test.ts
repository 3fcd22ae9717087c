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
import { type DiscreteLayer, shapeOf } from '../../../train/latents/layer.ts';
import type { Tensors } from '../../../train/model.ts';
import { expectGradients, first, lift, liftNoise } from '../lift.ts';
import { distance, type Estimates, estimate, exactly, schedule, spread } from './estimates.ts';
import { ofModel, type Toy, toyGradients, toyParams, toyTask } from './toy.ts';

const BERNOULLI: DiscreteLayer = { kind: 'bernoulli', variables: 2 };
const CATEGORICAL: DiscreteLayer = { kind: 'categorical', variables: 2, classes: 3 };
const plain = { centre: false, normalise: false, baseline: false };

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

/** `m` samples of every layer as one sample of m times its variables, so that a bound of m samples can be enumerated. */
const together =
  (m: number) =>
  (toy: Toy, rows: number): StochasticTask => {
    const single = toyTask(toy, rows * m);
    const layers = toy.layers.map((layer) => ({ ...layer, variables: m * layer.variables }));
    const split = (all: readonly tf.Tensor[]) =>
      all.map((x, i) => tf.reshape(x, [rows * m, ...shapeOf(toy.layers[i]!)]));
    return {
      layers,
      context: tf.ones([rows, 2]),
      logits: (params, i, before) =>
        tf.reshape(single.logits(params, i, split(before)), [rows, ...shapeOf(layers[i]!)]),
      cost(params, values, logits) {
        const costs = tf.reshape(single.cost(params, split(values), split(logits)), [rows, m]);
        return tf.neg(tf.sub(tf.logSumExp(tf.neg(costs), 1), Math.log(m)));
      },
    };
  };

const ONE_OF_THREE: DiscreteLayer = { kind: 'categorical', variables: 1, classes: 3 };
test.each([
  [2, { layers: [BERNOULLI], shape: 'quadratic' }],
  [3, { layers: [BERNOULLI], shape: 'curved' }],
  [3, { layers: [ONE_OF_THREE], shape: 'quadratic' }],
  [2, { layers: [ONE_OF_THREE, { ...BERNOULLI, variables: 1 }], shape: 'curved' }],
] as const satisfies [number, Toy][])('VIMCO follows the bound of %i samples (%#)', async (m, toy) => {
  const samples = () => enumeration.samples(together(m)(toy, 1).layers);
  const exact = await toyGradients(toy, { ...enumeration, samples }, 1, { task: together(m) });
  const reference = ofModel((await exact.draw('none')).gradients);
  const found = await estimate(toy, vimco(m));
  expect(distance(found, reference)).toBeLessThan(4.5);
  expect(spread(found)).toBeLessThan(0.02 * Math.hypot(...reference));
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
