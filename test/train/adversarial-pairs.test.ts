// Learned inference: what the critic of pairs sees, and what encoder and generator want of it.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, test } from 'vitest';
import '../../onnx/trace/register.ts';
import { BATCH, begin, pairs, small } from './adversaries.ts';
import { first, lift } from './lift.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const softplus = (s: number) => Math.log(1 + Math.exp(s));
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('a critic tells images with their codes from latents with their images, and each side wants to be the other', () => {
  const of = small({ ...pairs, criticSteps: 0, inference: { ...pairs.inference!, cycle: 0 } });
  const { learner, params, state, feeds } = begin(of);
  const [x, z] = [feeds.x!, feeds.z!];
  const at = lift(params);
  const { mean: codes, logVariance } = of.inference!.encoder.encode(at, x);
  const encoded = tf.add(codes, tf.mul(tf.exp(tf.div(logVariance, 2)), feeds.epsilon!));
  const made = of.generator.generate(at, state, z, undefined, true).images;
  const scores = (judged: { x: tf.Tensor; z: tf.Tensor }) => [
    ...of.critic.score(at, judged, {}).score.dataSync(),
  ];
  const [real, fake] = [scores({ x, z: encoded }), scores({ x: made, z })];
  const step = (cycle: number) => {
    const [both] = begin({ ...of, inference: { ...of.inference!, cycle } }).learner.updates;
    return both!.gradients(at, state, feeds, {});
  };
  const { loss, metrics } = step(0);
  expect(first(loss)).toBeCloseTo(mean(real.map((s) => softplus(-s))) + mean(fake.map(softplus)), 5);
  const fooled = mean(fake.map((s) => softplus(-s))) + mean(real.map(softplus));
  expect(first(metrics['generator/loss']!)).toBeCloseTo(fooled, 5);
  const again = of.generator.generate(at, state, encoded, undefined, true).images;
  const cycle = first(tf.mean(tf.abs(tf.sub(x, again))));
  expect(first(step(7).metrics['generator/loss']!)).toBeCloseTo(fooled + 7 * cycle, 5);
  // Codes are judged with their own images.
  expect(scores({ x, z: tf.reverse(encoded, 0) })).not.toEqual(real);
  expect(learner.feeds(BATCH).epsilon).toEqual({ shape: [BATCH, 3], distribution: 'normal' });
});
