// Adversarial losses and penalties against formulas and finite differences, and who learns when.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { AUGMENTATIONS, augmented } from '../../train/adversarial/augment.ts';
import { convCritic, maxoutCritic } from '../../train/adversarial/critic.ts';
import { mlpEncoder } from '../../train/adversarial/encoder.ts';
import { mlpGenerator } from '../../train/adversarial/generator.ts';
import type { Adversaries } from '../../train/adversarial/learner.ts';
import { ADVERSARIAL_LOSSES } from '../../train/adversarial/losses.ts';
import { NORMALISATIONS } from '../../train/adversarial/normalisation.ts';
import { PENALTIES, withClipping } from '../../train/adversarial/penalties.ts';
import { averagedWeights, initAverages, nextAverages } from '../../train/averages.ts';
import { symmetricEigen } from '../../train/evaluate/fidelity/eigen.ts';
import { powerIteration, spectralNorm } from '../../train/layers/spectral-norm.ts';
import { initWeightNorm, weightNorm } from '../../train/layers/weight-norm.ts';
import type { HostTensors, Tensors } from '../../train/model.ts';
import { sgd } from '../../train/optimisers.ts';
import { within } from '../../train/runner/names.ts';
import { BATCH, begin, image, pairs, small } from './adversaries.ts';
import { expectGradients, first, lift } from './lift.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const softplus = (s: number) => Math.log(1 + Math.exp(s));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const [REAL, FAKE] = [
  [0.5, -2, 3],
  [1, -0.3, -1.5],
];
const CASES: Record<keyof typeof ADVERSARIAL_LOSSES, [critic: number, generator: number]> = {
  minimax: [
    mean(REAL.map((s) => softplus(-s))) + mean(FAKE.map(softplus)),
    mean(FAKE.map((s) => Math.log(1 - 1 / (1 + Math.exp(-s))))),
  ],
  'non-saturating': [
    mean(REAL.map((s) => softplus(-s))) + mean(FAKE.map(softplus)),
    mean(FAKE.map((s) => softplus(-s))),
  ],
  'least-squares': [
    mean(REAL.map((s) => (s - 1) ** 2)) + mean(FAKE.map((s) => s ** 2)),
    mean(FAKE.map((s) => (s - 1) ** 2)),
  ],
  wasserstein: [mean(FAKE) - mean(REAL), -mean(FAKE)],
  hinge: [(0.5 + 3 + 0) / 3 + (2 + 0.7 + 0) / 3, -mean(FAKE)],
};

test.each(Object.entries(CASES))('%s says what its formula says', (name, [critic, generator]) => {
  const loss = ADVERSARIAL_LOSSES[name as 'hinge'];
  expect(first(loss.critic(tf.tensor(REAL), tf.tensor(FAKE)))).toBeCloseTo(critic, 5);
  expect(first(loss.generator(tf.tensor(FAKE)))).toBeCloseTo(generator, 5);
  const huge = tf.tensor([-1000, 1000]);
  expect(Number.isFinite(first(loss.critic(huge, huge)) + first(loss.generator(huge)))).toBe(true);
});

const VARIANTS: [string, Partial<Adversaries>][] = [
  ...Object.entries(ADVERSARIAL_LOSSES).map(([name, loss]): [string, Partial<Adversaries>] => [
    name,
    { loss },
  ]),
  ...Object.entries(PENALTIES).map(([name, penalty]): [string, Partial<Adversaries>] => [
    name,
    { penalty: { ...penalty, weight: 2 } },
  ]),
  ['weight normalisation', { normalisation: NORMALISATIONS.weight }],
  [
    'an auxiliary classifier',
    { critic: convCritic({ image, classes: 2, conditioning: 'auxiliary', channels: [3, 2] }) },
  ],
  [
    'labels beside the pixels',
    { critic: convCritic({ image, classes: 2, conditioning: 'concatenated', channels: [3, 2] }) },
  ],
  [
    'maxout with labels beside the pixels, R1',
    {
      critic: maxoutCritic({
        ...{ image, classes: 2, conditioning: 'concatenated', hidden: [3, 2], pieces: 2, dropout: true },
      }),
      penalty: { ...PENALTIES.r1, weight: 2 },
    },
  ],
  ['every augmentation', { critic: augmented(small().critic, AUGMENTATIONS.all) }],
  [
    'Wasserstein with a gradient penalty',
    { loss: ADVERSARIAL_LOSSES.wasserstein, penalty: { ...PENALTIES['wgan-gp'], weight: 10 } },
  ],
  [
    'maxout with dropout, unconditional',
    {
      classes: undefined as never,
      generator: mlpGenerator({ image, latent: 3, hidden: [4] }),
      critic: maxoutCritic({ image, hidden: [3, 2], pieces: 2, dropout: true }),
    },
  ],
  ['pairs of convolutions, with a cycle', pairs],
  [
    'pairs, fully connected, hinge',
    {
      classes: undefined as never,
      loss: ADVERSARIAL_LOSSES.hinge,
      generator: mlpGenerator({ image, latent: 3, hidden: [4] }),
      inference: { encoder: mlpEncoder({ image, latent: 3, hidden: [4] }), cycle: 0 },
      critic: maxoutCritic({ image, latent: 3, hidden: [3, 2], pieces: 2, dropout: true }),
    },
  ],
];

test.each(VARIANTS)('both gradients are slopes: %s', (_, changes) => {
  const { learner, params, state, feeds } = begin(small(changes));
  const [critic, generator] = learner.updates;
  for (const { of, gradients } of [critic!, generator!]) {
    const found = gradients(lift(params), state, feeds, {});
    expect(Object.keys(found.gradients)).toEqual(Object.keys(within(params, of)));
    const loss = (at: Tensors) => gradients({ ...lift(params), ...at }, state, feeds, {}).loss;
    expectGradients(within(params, of), loss, found.gradients);
  }
});

test('spectral normalisation divides by the largest singular value, and its gradient holds the directions', () => {
  const stream = createStream('spectral');
  const data = Float32Array.from({ length: 12 }, () => stream.normal());
  const kernel = { k: { shape: [3, 2, 2], data } };
  let state: Tensors = { 'k/u': tf.tensor([1, 0, 0]) };
  for (let i = 0; i < 60; i++) state = powerIteration(lift(kernel), state, ['k']).left;
  const directions = powerIteration(lift(kernel), state, ['k']);
  const gram = Float64Array.from({ length: 9 }, (_, at) => {
    const [i, j] = [Math.floor(at / 3), at % 3];
    return Array.from({ length: 4 }, (_, k) => data[4 * i + k]! * data[4 * j + k]!).reduce(
      (a, b) => a + b,
      0,
    );
  });
  const sigma = Math.sqrt(Math.max(...symmetricEigen(gram, 3).values));
  const used = spectralNorm(lift(kernel), directions).k!.dataSync();
  used.forEach((value, i) => {
    expect(value).toBeCloseTo(data[i]! / sigma, 4);
  });
  const weights = tf.tensor(
    Array.from({ length: 12 }, (_, i) => i - 5),
    [3, 2, 2],
  );
  const loss = (at: Tensors) => tf.sum(tf.mul(spectralNorm(at, directions).k!, weights));
  const gradients = tf.grad((k) => loss({ k }))(lift(kernel).k!);
  expectGradients(kernel, loss, { k: gradients });
});

test('weight normalisation begins with the kernels as they are, of dense and of convolutional layers', () => {
  const stream = createStream('weights');
  const params: HostTensors = {
    dense: { shape: [3, 2], data: Float32Array.from({ length: 6 }, () => stream.normal()) },
    conv: { shape: [2, 1, 2, 2], data: Float32Array.from({ length: 8 }, () => stream.normal()) },
  };
  const all = { ...params, ...initWeightNorm(params, ['dense', 'conv']) };
  expect(all['dense/gain']!.shape).toEqual([2]);
  expect(all['conv/gain']!.data[1]).toBeCloseTo(Math.hypot(...params.conv!.data.subarray(4)), 6);
  const used = weightNorm(lift(all), ['dense', 'conv']);
  for (const [name, { data }] of Object.entries(params))
    used[name]!.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(data[i]!, 5);
    });
});

test('a maxout unit is the largest of its pieces, and dropout keeps the expectation', () => {
  const critic = maxoutCritic({
    image: { width: 1, height: 1, channels: 1 },
    hidden: [1],
    pieces: 3,
    dropout: true,
  });
  const params = lift({
    'critic/maxout-0/kernel': { shape: [1, 3], data: Float32Array.of(1, -2, 0) },
    'critic/maxout-0/bias': { shape: [3], data: Float32Array.of(0, 0, 0.5) },
    'critic/score/kernel': { shape: [1, 1], data: Float32Array.of(10) },
    'critic/score/bias': { shape: [1], data: Float32Array.of(1) },
  });
  const at = (x: number, pixel: number, unit: number) => {
    const noise = { 'drop-0': tf.tensor([[pixel]]), 'drop-1': tf.tensor([[unit]]) };
    return first(critic.score(params, { x: tf.tensor([[[[x]]]]) }, noise).score);
  };
  expect([at(4, 0, 0), at(-4, 0, 0), at(0.1, 0, 0)]).toEqual([1 + 20 * 5, 1 + 20 * 10, 1 + 20 * 0.5]);
  // Kept are draws below 0.8 of pixels and below 0.5 of units.
  expect([at(4, 0.81, 0), at(4, 0.79, 0.49), at(4, 0, 0.51)]).toEqual([1 + 20 * 0.5, 1 + 20 * 5, 1]);
});

test('Algorithm 1: k steps of the critic on images of their own, then one of the generator', () => {
  const { learner, params, state, feeds } = begin(small({ criticSteps: 2 }));
  expect(learner.updates.map(({ of, learningRate }) => [of, learningRate])).toEqual([
    ['critic', 'criticLearningRate'],
    ['critic', 'criticLearningRate'],
    ['generator', 'learningRate'],
  ]);
  expect([feeds.x!.shape[0], feeds.labels!.shape[0], feeds.z!.shape[0]]).toEqual([10, 10, 15]);
  const lossesWith = (changed: Tensors) =>
    learner.updates.map(({ gradients }) =>
      first(gradients(lift(params), state, { ...feeds, ...changed }, {}).loss),
    );
  const before = lossesWith({});
  const moved = (name: string, from: number) => {
    const change = tf.buffer(feeds[name]!.shape);
    change.values.fill(
      0.5,
      (from * change.size) / feeds[name]!.shape[0]!,
      ((from + BATCH) * change.size) / feeds[name]!.shape[0]!,
    );
    const after = lossesWith({ [name]: tf.add(feeds[name]!, change.toTensor()) });
    return after.map((value, i) => value !== before[i]);
  };
  expect([moved('x', 0), moved('x', 5)]).toEqual([
    [true, false, false],
    [false, true, false],
  ]);
  expect([moved('z', 0), moved('z', 5), moved('z', 10)]).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
});

test('the simultaneous step takes both gradients, half of the critic’s, at the same parameters, on the same images', () => {
  const both = begin(small({ criticSteps: 0 }));
  expect(both.learner.updates.map(({ of }) => of)).toEqual(['']);
  expect(both.feeds.z!.shape[0]).toBe(BATCH);
  const found = both.learner.updates[0]!.gradients(lift(both.params), both.state, both.feeds, {});
  const turns = begin(small());
  const feeds = { ...both.feeds, z: tf.concat([both.feeds.z!, both.feeds.z!], 0) };
  const [critic, generator] = turns.learner.updates.map(({ gradients }) =>
    gradients(lift(both.params), both.state, feeds, {}),
  );
  expect(first(found.metrics['generator/loss']!)).toBe(first(generator!.loss));
  for (const [gradients, weight] of [
    [critic!.gradients, 0.5],
    [generator!.gradients, 1],
  ] as const)
    for (const [name, gradient] of Object.entries(gradients))
      expect([...found.gradients[name]!.dataSync()], name).toEqual([...tf.mul(gradient, weight).dataSync()]);
});

test('clipped weights stay within their limit', () => {
  const rule = withClipping(sgd({ momentum: 0 }), 0.1);
  const params = { w: tf.tensor([0, 0.05, -0.05]) };
  const moved = rule.update(params, { w: tf.tensor([-1, 0, 1]) }, { 'u/w': tf.zeros([3]) }, tf.scalar(1), {});
  expect([...moved.params.w!.dataSync()]).toEqual([0.1, 0.05, -0.1].map(Math.fround));
});

test('averages follow parameters and running statistics of the generator, and take their place', () => {
  const host = (value: number) => ({ shape: [1], data: Float32Array.of(value) });
  const weights = {
    params: { 'generator/w': host(1), 'critic/w': host(2) },
    state: { 'generator/norm/mean': host(3), 'critic/u': host(4) },
  };
  const averages = { of: 'generator', decay: 0.75 };
  const begun = initAverages(weights, averages);
  expect(Object.keys(begun)).toEqual(['average/generator/w', 'average/generator/norm/mean']);
  const moved = { 'generator/w': tf.tensor([5]), 'critic/w': tf.tensor([0]) };
  const next = nextAverages(moved, { ...lift(begun), 'generator/norm/mean': tf.tensor([7]) }, averages);
  expect(Object.entries(next).map(([name, t]) => [name, first(t)])).toEqual([
    ['average/generator/w', 2],
    ['average/generator/norm/mean', 4],
  ]);
  const settled = averagedWeights({
    ...weights,
    state: { ...weights.state, 'average/generator/w': host(9) },
  });
  expect(settled.params['generator/w']!.data[0]).toBe(9);
  expect([settled.params['critic/w']!.data[0], Object.keys(settled.state)]).toEqual([
    2,
    ['generator/norm/mean', 'critic/u'],
  ]);
});
