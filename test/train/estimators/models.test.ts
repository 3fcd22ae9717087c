// Models with discrete latents: their costs and bounds against enumeration, training, and the measure of gradients.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import '../../../onnx/trace/trace.ts';
import { createStream } from '../../../core/sampling/stream.ts';
import { arm } from '../../../train/estimators/discrete/arm.ts';
import { allValues, enumeration } from '../../../train/estimators/discrete/enumeration.ts';
import { DISCRETE_ESTIMATORS } from '../../../train/estimators/discrete/table.ts';
import { type DiscreteEstimator, layerLogMass } from '../../../train/estimators/discrete/task.ts';
import { createMultiSampleEvaluator } from '../../../train/evaluate/bounds/multi-sample.ts';
import { rotatedBounds } from '../../../train/evaluate/bounds/rotated.ts';
import { meanAndError } from '../../../train/evaluate/statistics.ts';
import { createGradientMeasure } from '../../../train/experiments/gumbel/gradient-error.ts';
import { fitRounds } from '../../../train/fit.ts';
import { distributionOf } from '../../../train/latents/discrete.ts';
import type { DiscreteLayer } from '../../../train/latents/layer.ts';
import { descendDiscrete, initDiscrete } from '../../../train/methods/discrete.ts';
import type { HostTensors } from '../../../train/model.ts';
import { createBeliefNetwork } from '../../../train/models/belief-network.ts';
import { type CodePriorKind, codePrior } from '../../../train/models/code-prior.ts';
import { createConditionalCodes } from '../../../train/models/conditional-codes.ts';
import { type DiscreteModel, taskOf } from '../../../train/models/discrete.ts';
import { createDiscreteVae } from '../../../train/models/discrete-vae.ts';
import { sgd } from '../../../train/optimisers.ts';
import { drawNoise } from '../../../train/runner/noise.ts';
import { beginTraining } from '../../../train/runner/step.ts';
import { first, lift } from '../lift.ts';

const image = { width: 3, height: 4, channels: 1 } as const;
const PIXELS = 12;
const CPU = { backend: 'cpu', threads: 1 } as const;
const BITS = { kind: 'bernoulli', variables: 3 } as const;
const SYMBOLS = { kind: 'categorical', variables: 2, classes: 3 } as const;
const vae = (layer: DiscreteLayer, prior: CodePriorKind = 'uniform') =>
  createDiscreteVae({
    image,
    layer,
    network: { kind: 'mlp', hidden: [], activation: 'relu' },
    likelihood: 'bernoulli',
    prior,
    priorHidden: 7,
  });
const MODELS: [string, DiscreteModel][] = [
  ['belief network', createBeliefNetwork({ image, layers: [BITS, SYMBOLS] })],
  ['conditional codes', createConditionalCodes({ image, layers: [BITS, SYMBOLS], hidden: [5] })],
  ['VAE of bits', vae(BITS)],
  ['VAE of symbols', vae(SYMBOLS, 'learned')],
  ['VAE with an autoregressive prior', vae(SYMBOLS, 'autoregressive')],
];

/** Parameters away from their start. */
function paramsOf(model: DiscreteModel): HostTensors {
  const stream = createStream('models');
  const params = model.init(stream, new Float32Array(PIXELS).fill(0.4));
  for (const { data } of Object.values(params))
    for (let i = 0; i < data.length; i++) data[i]! += 0.25 * stream.normal();
  return params;
}
const bits = (count: number): Float32Array => {
  const stream = createStream('images');
  return Float32Array.from({ length: count * PIXELS }, () => Number(stream.uniform() < 0.5));
};

/** Of one image: the expected cost, and log E_q[w], each by enumeration. */
function exactly(model: DiscreteModel, params: HostTensors, x: Float32Array) {
  const images = tf.tile(tf.tensor4d(x, [1, 1, 4, 3]), [enumeration.samples(model.layers), 1, 1, 1]);
  const task = taskOf(model, images);
  let logMean = 0;
  const cost: typeof task.cost = (at, values, logits) => {
    const drawn = { values: [...values], logits: [...logits] };
    const logMass = model.layers.map((_, i) => layerLogMass(task, drawn, i)).reduce((a, b) => tf.add(a, b));
    logMean = first(tf.logSumExp(tf.add(logMass, model.logWeight(at, images, drawn))));
    return task.cost(at, values, logits);
  };
  const expectedCost = first(enumeration.surrogate({ ...task, cost }, lift(params), {}, {}, {}).loss);
  return { expectedCost, logMean };
}

test.each(MODELS)('%s: one sample costs the ELBO, many samples tend to log p', async (_, model) => {
  const weights = { params: paramsOf(model), state: {} };
  const x = bits(1);
  const { expectedCost, logMean } = exactly(model, weights.params, x);
  const bound = async (samples: number, images: number) => {
    const evaluator = await createMultiSampleEvaluator(model, weights, { ...CPU, samples, seed: 'a' });
    const values = Float32Array.from({ length: images * PIXELS }, (_, i) => x[i % PIXELS]!);
    const found = meanAndError(await evaluator.evaluate(weights, values));
    await evaluator.release();
    return found;
  };
  const elbo = await bound(1, 4001);
  expect(Math.abs(elbo.mean + expectedCost)).toBeLessThan(4 * elbo.standardError);
  const many = await bound(1000, 9);
  const gap = logMean + expectedCost;
  expect(gap).toBeGreaterThan(0.05);
  expect(Math.abs(many.mean - logMean)).toBeLessThan(0.01 + 0.05 * gap);
  // Rotated noise gives as good an estimate; images that are alike have theirs from other noise.
  const values = Float32Array.from({ length: 9 * PIXELS }, (_, i) => x[i % PIXELS]!);
  const rotated = await rotatedBounds(model, weights, values, { ...CPU, samples: 1000, seed: 'a' });
  expect(Math.abs(meanAndError(rotated).mean - logMean)).toBeLessThan(0.01 + 0.05 * gap);
  expect(new Set(rotated).size).toBe(9);
  await expect(rotatedBounds(model, weights, values, { ...CPU, samples: 700, seed: 'a' })).rejects.toThrow(
    'rotated bounds: samples 700 must be a multiple of 500',
  );
});

test('rotated noise stays below 1, where codes of no probability would be drawn', async () => {
  const model = vae({ kind: 'categorical', variables: 200, classes: 4 });
  const params = paramsOf(model);
  // Probabilities of exactly 0.
  params['encoder/logits/kernel']!.data.fill(0);
  params['encoder/logits/bias']!.data.forEach((_, i, all) => {
    all[i] = i % 4 === 0 ? 0 : -500;
  });
  const found = await rotatedBounds(model, { params, state: {} }, bits(60), {
    ...CPU,
    samples: 500,
    seed: 'a',
  });
  expect([...found].every(Number.isFinite)).toBe(true);
});

test.each(['arm', 'gumbel-softmax', 'nvil'] as const)('%s trains a model by its learner', async (name) => {
  const model = vae(BITS);
  const estimator = DISCRETE_ESTIMATORS[name];
  const weights = initDiscrete(model, estimator, createStream('train'), new Float32Array(PIXELS).fill(0.5));
  // Two patterns, which one bit can tell apart.
  const x = Float32Array.from({ length: 20 * PIXELS }, (_, i) => (i + Math.floor(i / PIXELS)) % 2);
  const costOf = (params: HostTensors) => exactly(model, params, x.subarray(0, PIXELS)).expectedCost;
  const before = costOf(weights.params);
  const learner = descendDiscrete(model, estimator, sgd());
  const noise = createStream('noise');
  const after = await fitRounds(
    {
      learner: () => learner,
      batchSize: 20,
      rounds: 1,
      *feeds() {
        for (let i = 0; i < 300; i++) yield { x, ...drawNoise(learner.feeds(20), noise) };
      },
      schedule: () => ({ learningRate: 0.03, klWeight: 1, temperature: 0.7 }),
      onRound: async () => false,
    },
    { round: 0, step: 0, weights: beginTraining(learner, weights) },
    CPU,
  );
  expect(before).toBeGreaterThan(7);
  expect(costOf(after.params)).toBeLessThan(3);
});

test('the measure of gradients tells unbiased from biased', async () => {
  const model = vae(BITS);
  const params = paramsOf(model);
  const x = bits(4);
  const exact = await createGradientMeasure(model, enumeration, 4, CPU);
  const reference = await exact.gradient(params, x);
  const of = async (estimator: DiscreteEstimator) => {
    const measure = await createGradientMeasure(model, estimator, 4, CPU);
    const options = { draws: 2000, schedule: { temperature: 1 }, seed: 'a' };
    const found = await measure.error(params, x, reference, options);
    await measure.release();
    return found;
  };
  const [unbiased, biased] = [await of(arm), await of(DISCRETE_ESTIMATORS['straight-through'])];
  await exact.release();
  expect(unbiased.bias).toBeLessThan(2 * unbiased.floor);
  expect(unbiased.cosine).toBeGreaterThan(0.98);
  expect(unbiased.deviation).toBeCloseTo(unbiased.floor * Math.sqrt(2000), 6);
  expect(biased.bias).toBeGreaterThan(5 * biased.floor);
  expect(biased.deviation).toBeLessThan(unbiased.deviation);
});

test('a network that mixes rows is refused', () => {
  const network = { kind: 'conv', channels: [4], dense: 8, activation: 'relu', batchNorm: true } as const;
  expect(() =>
    createDiscreteVae({
      image: { width: 4, height: 4, channels: 1 },
      layer: BITS,
      network,
      likelihood: 'bernoulli',
      prior: 'uniform',
    }),
  ).toThrow('discrete-vae: the network must not have batchNorm, which makes rows depend on one another');
});

test.each([
  ['bits', BITS],
  ['symbols', { ...SYMBOLS, variables: 4 }],
] as const)(
  'an autoregressive prior of %s is normalised, and a variable sees those before it alone',
  (_, layer) => {
    const prior = codePrior('autoregressive', layer, 8);
    const params = prior.init(createStream('prior'));
    for (const { data } of Object.values(params)) for (let i = 0; i < data.length; i++) data[i]! *= 3;
    const [all] = allValues([layer], 1);
    const at = (codes: tf.Tensor) => prior.logits(lift(params), codes);
    const logMass = tf.sum(distributionOf(layer).logMass(all!, at(all!)), -1);
    expect(first(tf.sum(tf.exp(logMass)))).toBeCloseTo(1, 4);
    // What a change of variable v changes: the logits of every later variable, and of no other.
    const code = tf.slice(all!, [0], [1]);
    for (let v = 0; v < layer.variables; v++) {
      const mask = tf.oneHot(tf.tensor1d([v], 'int32'), layer.variables, 1, 0, 'float32');
      const moved = tf.add(code, layer.kind === 'bernoulli' ? mask : tf.expandDims(mask, -1));
      const change = tf.abs(tf.sub(at(moved), at(code)));
      const perVariable = layer.kind === 'bernoulli' ? change : tf.sum(change, -1);
      const changed = [...perVariable.dataSync()].map((value) => value > 1e-6);
      expect(changed).toEqual(Array.from({ length: layer.variables }, (_, w) => w > v));
    }
  },
);
