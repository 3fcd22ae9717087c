// What adversaries compute, against numbers worked out by hand: gradients agree with a wrong formula as well.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { type Critic, convCritic, maxoutCritic } from '../../train/adversarial/critic.ts';
import { ADVERSARIAL_LOSSES, softmaxCrossEntropy } from '../../train/adversarial/losses.ts';
import { PENALTIES, type PenaltyName } from '../../train/adversarial/penalties.ts';
import { build } from '../../train/families/families.ts';
import { PRIORS } from '../../train/families/generative.ts';
import type { HostTensors } from '../../train/model.ts';
import { recipeNamed } from '../../train/recipes/recipes.ts';
import { resolveRecipe } from '../../train/recipes/resolve.ts';
import { begin, small } from './adversaries.ts';
import { first, lift } from './lift.ts';

beforeAll(() => tf.setBackend('cpu'));

const column = (...values: number[]) => tf.tensor(values, [values.length, 1]);

// The gradient of ½ x² is x, so that a norm is a pixel.
test.each<[PenaltyName, number]>([
  // Half of each image and a quarter of its own: 2 and 1.75.
  ['wgan-gp', (1 + 0.75 ** 2) / 2],
  // Their deviation is 1, half of which is 0.5: 3 + ½ · 1 · ½ and 1 + ¼ · ½ · ½.
  ['dragan', (2.25 ** 2 + 0.0625 ** 2) / 2],
  ['r1', (9 + 1) / 2 / 2],
])('%s is a mean over the batch where its paper says', (name, expected) => {
  const noise = { mix: column(0.5, 0.25), shake: column(1, 0.5) };
  const score = (x: tf.Tensor) => tf.sum(tf.mul(tf.square(x), 0.5), 1);
  expect(first(PENALTIES[name].of(score, column(3, 1), column(1, 2), noise))).toBeCloseTo(expected, 6);
});

test('a penalty joins the loss of the critic with its weight', () => {
  const [plain, held] = [{}, { penalty: { ...PENALTIES.r1, weight: 3 } }].map((changes) => {
    const { learner, params, state, feeds } = begin(small(changes));
    const { loss, metrics } = learner.updates[0]!.gradients(lift(params), state, feeds, {});
    return { loss: first(loss), penalty: metrics.penalty ? first(metrics.penalty) : 0 };
  });
  expect(held!.penalty).toBeGreaterThan(0);
  expect(held!.loss).toBeCloseTo(plain!.loss + 3 * held!.penalty, 5);
});

/** A critic with the features 2 and 3 of the pixels 1 and 1.5. */
const critic = (conditioning: 'projection' | 'auxiliary') =>
  maxoutCritic({
    image: { width: 1, height: 1, channels: 1 },
    classes: 2,
    conditioning,
    hidden: [1],
    pieces: 1,
    dropout: false,
  });
const PARAMS = {
  'critic/maxout-0/kernel': { shape: [1, 1], data: Float32Array.of(2) },
  'critic/maxout-0/bias': { shape: [1], data: Float32Array.of(0) },
  'critic/score/kernel': { shape: [1, 1], data: Float32Array.of(10) },
  'critic/score/bias': { shape: [1], data: Float32Array.of(1) },
  'critic/projection/kernel': { shape: [2, 1], data: Float32Array.of(5, -1) },
  'critic/classes/kernel': { shape: [1, 2], data: Float32Array.of(1, 2) },
  'critic/classes/bias': { shape: [2], data: Float32Array.of(0.5, 0) },
};
const judged = () => ({ x: tf.tensor([1, 1.5], [2, 1, 1, 1]), labels: tf.tensor([1, 0, 0, 1], [2, 2]) });

test('a critic adds the features times the vector of the label, or tells the label as well', () => {
  const projecting = critic('projection').score(lift(PARAMS), judged(), {});
  expect([...projecting.score.dataSync()]).toEqual([1 + 20 + 2 * 5, 1 + 30 - 3]);
  const telling = critic('auxiliary').score(lift(PARAMS), judged(), {});
  expect([...telling.score.dataSync()]).toEqual([21, 31]);
  expect([...telling.classes!.dataSync()]).toEqual([2.5, 4, 3.5, 6]);
  const nats = (Math.log(1 + Math.exp(1.5)) + Math.log(1 + Math.exp(-2.5))) / 2;
  expect(first(softmaxCrossEntropy(telling.classes!, judged().labels))).toBeCloseTo(nats, 5);
});

test('labels that a critic tells are of real and of generated images, and the generator wants them told', () => {
  const dense = {
    critic: maxoutCritic({
      image: { width: 4, height: 4, channels: 1 },
      classes: 2,
      conditioning: 'auxiliary',
      hidden: [3],
      pieces: 2,
      dropout: false,
    }),
    loss: ADVERSARIAL_LOSSES.wasserstein,
  };
  const { learner, params, state, feeds } = begin(small(dense));
  const losses = (to: Record<string, tf.Tensor>) =>
    learner.updates.map(({ gradients }) =>
      first(gradients({ ...lift(params), ...to }, state, feeds, {}).loss),
    );
  // Equal logits say log 2 of either class, whatever the scores are.
  const flat = { 'critic/classes/kernel': tf.zeros([3, 2]), 'critic/classes/bias': tf.zeros([2]) };
  const none = { 'critic/score/kernel': tf.zeros([3, 1]), 'critic/score/bias': tf.zeros([1]) };
  for (const loss of losses({ ...flat, ...none })) expect(loss).toBeCloseTo(Math.log(2), 5);
});

test('uniform latents reach as far as those of variance 1, and settings reach the optimiser', () => {
  const latents = PRIORS.uniform.toLatents(tf.tensor([0, 0.5, 1])).dataSync();
  [-Math.sqrt(3), 0, Math.sqrt(3)].forEach((value, i) => {
    expect(latents[i]).toBeCloseTo(value, 6);
  });
  const settings = { beta1: '0', beta2: '0.9' };
  const { phases } = build(resolveRecipe(recipeNamed('mnist-cgan'), settings), {
    image: { width: 28, height: 28, channels: 1 },
    images: 100,
    classes: 10,
  });
  const { optimiser } = phases[0]!.learner.updates[0]!;
  const one = { shape: [1], data: Float32Array.of(1) };
  const slots = lift(optimiser.init({ w: one }));
  const next = optimiser.update(lift({ w: one }), lift({ w: one }), slots, tf.scalar(0.1), {}).state;
  expect([first(next['beta1-power']!), first(next['beta2-power']!)]).toEqual([0, Math.fround(0.9)]);
});

test('labels are numbers beside the pixels of maxout units, and levels beside the channels of convolutions', () => {
  const host = (shape: number[], ...values: number[]) => ({ shape, data: Float32Array.from(values) });
  const score = { 'critic/score/kernel': host([1, 1], 10), 'critic/score/bias': host([1], 1) };
  const scores = (critic: Critic, params: HostTensors, x: tf.Tensor) =>
    [
      [1, 0],
      [0, 1],
    ].map((label) => first(critic.score(lift(params), { x, labels: tf.tensor2d([label]) }, {}).score));
  const config = { classes: 2, conditioning: 'concatenated' } as const;

  const pixel = { width: 1, height: 1, channels: 1 } as const;
  const maxout = maxoutCritic({ ...config, image: pixel, hidden: [1], pieces: 2, dropout: false });
  // Rows: the pixel, the first label, the second.
  const units = {
    'critic/maxout-0/kernel': host([3, 2], 2, -4, 1, 0, -3, 6),
    'critic/maxout-0/bias': host([2], 0, 0.5),
  };
  // max(1 + 1, −2 + 0.5) and max(1 − 3, −2 + 6 + 0.5).
  expect(scores(maxout, { ...units, ...score }, tf.tensor([[[[0.5]]]]))).toEqual([1 + 20, 1 + 45]);
  expect(maxout.init(createStream('s'))['critic/maxout-0/kernel']!.shape).toEqual([3, 2]);

  const conv = convCritic({ ...config, image: { width: 2, height: 2, channels: 1 }, channels: [1] });
  const convolution = {
    'critic/conv-0/kernel': host([1, 3, 4, 4], ...[1, 2, -1].flatMap((w) => Array<number>(16).fill(w))),
    'critic/conv-0/bias': host([1], 0),
  };
  // Levels 0…1 are seen as −1…1: 4 (1 + 2 + 1), and 0.2 · 4 (1 − 2 − 1) behind the leaky rectifier.
  const [one, two] = scores(conv, { ...convolution, ...score }, tf.ones([1, 1, 2, 2]));
  expect([one, two]).toEqual([1 + 160, expect.closeTo(1 - 16, 4)]);
  expect(conv.init(createStream('s'))['critic/conv-0/kernel']!.shape).toEqual([1, 3, 4, 4]);
});
