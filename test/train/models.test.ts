// Conditional, hierarchical and recurrent models: gradients, the KL term, labels, and a run of each.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { recordGraph, referenceFunction } from '../../export/graphs.ts';
import { largestDifference } from '../../export/parity.ts';
import type { GraphName } from '../../models/card.ts';
import { createBatches } from '../../train/data/batches.ts';
import type { DataSet, Images } from '../../train/data/data-set.ts';
import { drawDigit } from '../../train/data/glyphs.ts';
import { createLabelBatches, labelsOf, oneHot } from '../../train/data/labels.ts';
import { meanAndError } from '../../train/evaluate/statistics.ts';
import { gru, initGru } from '../../train/layers/gru.ts';
import { gaussianLogDensity } from '../../train/likelihoods.ts';
import type { GraphSpec, HostTensors, Vae } from '../../train/model.ts';
import { gaussianModel } from '../../train/models/gaussian-model.ts';
import { createHierarchicalVae } from '../../train/models/hierarchical.ts';
import { posteriorTerms } from '../../train/models/posterior.ts';
import { createRowsVae } from '../../train/models/rows.ts';
import { createVae } from '../../train/models/vae.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { openRun } from '../../train/run/open-run.ts';
import { readReport } from '../../train/run/report.ts';
import { createRun } from '../../train/run/run-folder.ts';
import { reportRun, trainRun } from '../../train/run/session.ts';
import { expectGradients, first, lift, liftNoise } from './lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const image = { width: 4, height: 4, channels: 1 } as const;
const common = { image, likelihood: 'bernoulli', estimator: 'B', samples: 2 } as const;
const network = { kind: 'mlp', hidden: [5], activation: 'tanh' } as const;
const MODELS: Record<string, Vae> = {
  conditional: createVae({ ...common, latentDimensions: 2, network, classes: 3 }),
  hierarchical: createHierarchicalVae({ ...common, latentDimensions: 3, topLatentDimensions: 2, network }),
  rows: createRowsVae({ ...common, latentDimensions: 8, units: 6 }),
};

/** Parameters of some size, a batch of three with labels, and a stream. */
function setUp(vae: Vae) {
  const stream = createStream('models');
  const { params, state } = vae.init(stream, new Float32Array(16).fill(0.4));
  for (const { data } of Object.values(params))
    for (let i = 0; i < data.length; i++) data[i]! += 0.2 * stream.normal();
  const pixels = Array.from({ length: 48 }, () => Number(stream.uniform() < 0.4));
  const x = tf.tensor4d(pixels, [3, 1, 4, 4]);
  const labels = vae.classes ? tf.tensor2d(oneHot(Uint8Array.of(0, 2, 1), 0, 3, 3), [3, 3]) : undefined;
  return { params, state, x, labels, stream };
}

test.each(Object.entries(MODELS))('%s: the gradient is that of finite differences', (_, vae) => {
  const { params, state, x, labels, stream } = setUp(vae);
  const noise = liftNoise(vae.lossNoise(3), stream);
  const names = Object.keys(params);
  const loss = (p: Record<string, tf.Tensor>) =>
    vae.loss(p, lift(state), x, noise, { klWeight: tf.scalar(0.7) }, labels).loss;
  const gradients = tf.grads((...ps) => loss(Object.fromEntries(names.map((n, i) => [n, ps[i]!]))))(
    names.map((n) => lift(params)[n]!),
  );
  expectGradients(params, loss, Object.fromEntries(names.map((n, i) => [n, gradients[i]!])));
});

test.each(Object.entries(MODELS))('%s: the KL term is the expectation of log q − log p', (_, vae) => {
  const { params, state, x, labels, stream } = setUp(vae);
  const { epsilon } = liftNoise(
    { epsilon: { shape: [3 * 3000, vae.latentDimensions], distribution: 'normal' } },
    stream,
  );
  const { logPrior, logPosterior, kl } = posteriorTerms(vae, lift(params), lift(state), x, epsilon!, labels);
  const ratio = meanAndError(tf.mean(tf.sub(logPosterior, logPrior), 1).dataSync());
  expect(Math.abs(ratio.mean - first(tf.mean(kl)))).toBeLessThan(4 * ratio.standardError);
  expect(ratio.standardError).toBeLessThan(0.1);
});

test.each(['hierarchical', 'rows'])('%s: terms and log p(x|z) are those of one model', (name) => {
  const vae = MODELS[name]!;
  const { params, state, x } = setUp(vae);
  const epsilon = tf.zeros([3, vae.latentDimensions]);
  // Without noise the samples are the means that `encode` gives.
  const { logLikelihood } = vae.terms!(lift(params), lift(state), x, epsilon);
  const z = vae.encode(lift(params), lift(state), x).mean;
  const direct = vae.logLikelihood(lift(params), lift(state), x, z);
  expect(first(tf.max(tf.abs(tf.sub(logLikelihood, direct))))).toBeLessThan(1e-5);
  expect(vae.decode(lift(params), lift(state), z).shape).toEqual([3, 1, 4, 4]);
});

test.each(['hierarchical', 'rows'])('%s: graphs of any batch compute what the model does', async (name) => {
  const vae = MODELS[name]!;
  const { params, state, x, stream } = setUp(vae);
  const { decoder, encoder } = gaussianModel(vae).graphs;
  const difference = (name: GraphName, graph: GraphSpec, inputs: HostTensors) =>
    largestDifference(
      recordGraph(name, graph, { params, state }, false).bytes,
      referenceFunction(graph, { params, state }),
      inputs,
    );
  const noise = (rows: number) => {
    const data = new Float32Array(rows * vae.latentDimensions);
    stream.fillNormal(data);
    return { shape: [rows, vae.latentDimensions], data };
  };
  expect(await difference('decoder', decoder!, { z: noise(2) })).toBeLessThan(1e-5);
  const images = { x: { shape: x.shape, data: x.dataSync<'float32'>() }, epsilon: noise(3) };
  expect(await difference('encoder', encoder!, images)).toBeLessThan(1e-5);
});

test.each(['hierarchical', 'rows'])(
  '%s: noise in the encoder leads where the samples of a bound lie',
  (name) => {
    const vae = MODELS[name]!;
    const { params, state, x, stream } = setUp(vae);
    const { epsilon } = liftNoise(
      { epsilon: { shape: [3, vae.latentDimensions], distribution: 'normal' } },
      stream,
    );
    const weights = [lift(params), lift(state)] as const;
    const { mean, logVariance } = vae.encode(...weights, x, undefined, epsilon!);
    const { logPosterior, logLikelihood } = vae.terms!(...weights, x, epsilon!);
    const z = tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), epsilon!));
    const differs = (a: tf.Tensor, b: tf.Tensor) => first(tf.max(tf.abs(tf.sub(a, b))));
    expect(differs(gaussianLogDensity(z, mean, logVariance), tf.squeeze(logPosterior, [0]))).toBeLessThan(
      1e-5,
    );
    expect(differs(vae.logLikelihood(...weights, x, z), tf.squeeze(logLikelihood, [0]))).toBeLessThan(1e-5);
    const still = vae.encode(...weights, x, undefined, tf.zeros(epsilon!.shape));
    expect(differs(still.mean, vae.encode(...weights, x).mean)).toBe(0);
    expect(differs(still.mean, mean)).toBeGreaterThan(0.01);
  },
);

test('a row depends on the latents of its own and earlier rows alone', () => {
  const vae = MODELS.rows!;
  const { params } = setUp(vae);
  const z = tf.buffer([1, 8]);
  const before = vae.decode(lift(params), {}, z.toTensor()).dataSync();
  z.set(2, 0, 4); // the third row's first latent
  const after = vae.decode(lift(params), {}, z.toTensor()).dataSync();
  expect([...before].map((y, i) => Number(y !== after[i]))).toEqual([
    ...Array(8).fill(0),
    ...Array(8).fill(1),
  ]);
});

test('a gated recurrent unit does what its formula says', () => {
  const params = initGru(createStream('gru'), 'g', 1, 1);
  for (const [name, values] of Object.entries({
    'g/input/kernel': [0.5, -1, 2],
    'g/input/bias': [0.1, 0.2, 0.3],
    'g/hidden/kernel': [1, 0.4, -0.6],
    'g/hidden/bias': [0, 0.1, 0.2],
  }))
    params[name]!.data.set(values);
  const [x, h] = [0.7, -0.4];
  const s = (a: number) => 1 / (1 + Math.exp(-a));
  const r = s(0.5 * x + 0.1 + h);
  const u = s(-x + 0.2 + 0.4 * h + 0.1);
  const n = Math.tanh(2 * x + 0.3 + r * (-0.6 * h + 0.2));
  const next = gru(lift(params), 'g', tf.tensor2d([[x]]), tf.tensor2d([[h]]));
  expect(first(next)).toBeCloseTo((1 - u) * n + u * h, 6);
});

test('a conditional model asks for labels, another one refuses them', () => {
  const { params, x } = setUp(MODELS.conditional!);
  expect(() => MODELS.conditional!.encode(lift(params), {}, x)).toThrow(
    'vae: the model needs one-hot labels [3, 3], got none',
  );
  const plain = createVae({ ...common, latentDimensions: 2, network });
  const weights = plain.init(createStream('plain'), new Float32Array(16).fill(0.5));
  expect(() => plain.encode(lift(weights.params), {}, x, tf.zeros([3, 3]))).toThrow(
    'vae: the model is not conditional, but got labels [3,3]',
  );
  expect(() => oneHot(Uint8Array.of(3), 0, 1, 3)).toThrow('labels: label 3 is not one of 3 classes');
  expect(() =>
    labelsOf({ count: 0, width: 1, height: 1, channels: 1, pixels: new Uint8Array() }, 'frey-face'),
  ).toThrow('frey-face has no labels; a conditional model needs some');
});

test('labels come in the order of their images', () => {
  const labels = Uint8Array.from({ length: 12 }, (_, i) => i % 3);
  const images: Images = {
    count: 12,
    width: 1,
    height: 1,
    channels: 1,
    pixels: labels.map((l) => 100 * l),
    labels,
  };
  const options = { batchSize: 4, seed: 's', classes: 3 };
  const [xs, ys] = [
    createBatches(images, { ...options, variant: 'grey' }),
    createLabelBatches(labels, options),
  ];
  const rows = [...ys(5)].flatMap((batch) => [...batch]);
  const classes = Array.from({ length: 12 }, (_, i) => rows.slice(3 * i, 3 * i + 3).indexOf(1));
  expect([...xs(5)].flatMap((batch) => [...batch])).toEqual(classes.map((c) => Math.fround((100 * c) / 255)));
});

test.each([
  ['mnist-vae', { channels: '3' }, '--channels is for network conv, got network mlp'],
  [
    'mnist-vae',
    { sharedVariance: 'true' },
    '--sharedVariance is for likelihood gaussian, got likelihood bernoulli',
  ],
  ['mnist-vae', { freeNats: '1', estimator: 'A' }, '--freeNats is for estimator B, got estimator A'],
  ['mnist-vae', { method: 'dreg' }, /estimator IW, got B$/],
  [
    'mnist-cvae',
    { method: 'wake-sleep', tightenEpochs: '0' },
    'classes 10 needs method aevb, got wake-sleep',
  ],
  ['mnist-vae', { method: 'wake-sleep' }, 'tightenEpochs 20 needs method aevb or dreg, got wake-sleep'],
  [
    'mnist-rows',
    { classes: '10' },
    /^--classes is not a setting of the family rows-vae; its settings are dataset,/,
  ],
])('%s: settings that do not go together are refused: %j', (recipe, overrides, message) => {
  expect(() => resolveRecipe(recipeNamed(recipe), overrides as Record<string, string>)).toThrow(message);
});

const root = mkdtempSync(join(tmpdir(), 'dreamlet-models-'));
afterAll(() => rmSync(root, { recursive: true }));

const glyphs = (count: number): Images => {
  const pixels = new Uint8Array(count * 784);
  for (let i = 0; i < count; i++) pixels.set(drawDigit(i % 10, createStream('models', i)), i * 784);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  return { count, width: 28, height: 28, channels: 1, pixels, labels };
};
const dataset: DataSet = {
  id: 'glyphs',
  title: 'glyphs',
  terms: 'MIT',
  train: glyphs(60),
  validation: glyphs(20),
  test: glyphs(100),
};

test.each([
  ['mnist-cvae', { hidden: '12' }, 3],
  ['mnist-hvae', { channels: '2,3', dense: '8', topLatent: '2' }, 5],
  ['mnist-rows', { dense: '5', latent: '28' }, 28],
  ['mnist-vae', { hidden: '12', method: 'dreg', estimator: 'IW', samples: '3' }, 3],
  ['mnist-vae', { hidden: '12', method: 'wake-sleep' }, 3],
  ['mnist-vae', { hidden: '12', method: 'full-variational' }, 3],
  ['mnist-vae', { hidden: '12', freeNats: '0.5' }, 3],
])(
  '%s is trained and scored with %j',
  async (recipe, change, latents) => {
    const settings = resolveRecipe(recipeNamed(recipe), {
      dataset: 'glyphs',
      latent: '3',
      epochs: '2',
      klWarmupEpochs: '1',
      tightenEpochs: '0',
      batchSize: '20',
      selectSamples: '2',
      evaluateSamples: '2',
      evaluateImages: '20',
      ...(change as Record<string, string>),
    });
    const folder = join(root, `${recipe}-${Object.values(change).join('-')}`);
    const { id, title, terms } = dataset;
    const image = { width: 28, height: 28, channels: 1 as const };
    createRun(folder, { recipe, settings, backend: 'cpu', image, dataset: { id, title, terms, images: 60 } });
    const runner = { backend: 'cpu' as const, threads: 1, display: { step: () => {}, line: () => {} } };
    await trainRun(folder, dataset, { ...runner, shouldStop: () => false });
    await reportRun(folder, dataset, runner);
    const run = openRun(folder, { finished: true });
    expect(run.model.latent).toEqual({ prior: 'gaussian', dimensions: latents });
    const { figures } = readReport(folder)!;
    expect(figures.every(({ value }) => Number.isFinite(value))).toBe(true);
    const conditional = recipe === 'mnist-cvae';
    expect(figures.map(({ name }) => name)).toEqual([
      ...['nll', 'elbo', 'reconstruction', 'kl', 'active-units'],
      ...(conditional ? ['label-accuracy'] : []),
    ]);
    expect(figures[0]!.protocol.includes('given the label')).toBe(conditional);
  },
  60_000,
);
