// Small adversaries with everything that a step of them is fed.
import * as tf from '@tensorflow/tfjs-core';
import { createStream, type Stream } from '../../core/sampling/stream.ts';
import { convCritic } from '../../train/adversarial/critic.ts';
import { convEncoder } from '../../train/adversarial/encoder.ts';
import { convGenerator } from '../../train/adversarial/generator.ts';
import { type Adversaries, adversarialLearner } from '../../train/adversarial/learner.ts';
import { ADVERSARIAL_LOSSES } from '../../train/adversarial/losses.ts';
import { NORMALISATIONS } from '../../train/adversarial/normalisation.ts';
import type { HostTensors, Tensors, Weights } from '../../train/model.ts';
import { sgd } from '../../train/optimisers.ts';
import { lift, liftNoise } from './lift.ts';

export const image = { width: 4, height: 4, channels: 1 } as const;

/** Adversaries of a few weights each. */
export function small(changes: Partial<Adversaries> = {}): Adversaries {
  return {
    image,
    classes: 2,
    latent: { dimensions: 3, distribution: 'normal' },
    toLatents: (noise) => noise,
    generator: convGenerator({ image, latent: 3, classes: 2, channels: [2] }),
    critic: convCritic({ image, classes: 2, conditioning: 'projection', channels: [3, 2] }),
    normalisation: NORMALISATIONS.none,
    loss: ADVERSARIAL_LOSSES['non-saturating'],
    criticSteps: 1,
    optimisers: { generator: sgd({ momentum: 0 }), critic: sgd({ momentum: 0 }) },
    ...changes,
  };
}

export const BATCH = 5;

/** First weights, none of them zero. */
export function weightsOf(of: Adversaries, stream: Stream): Weights {
  const made = of.generator.init(stream, new Float32Array(16).fill(0.3));
  const critic = of.critic.init(stream);
  const norm = of.normalisation.init(stream, critic, of.critic.kernels);
  const encoder = of.inference?.encoder.init(stream) ?? {};
  const params: HostTensors = { ...made.params, ...encoder, ...critic, ...norm.params };
  // Zero biases would hide what depends on them, and small weights what depends on the generator; scores stay moderate.
  for (const { data } of Object.values(params))
    for (let i = 0; i < data.length; i++)
      data[i]! += Math.min(0.4, 2 / Math.sqrt(data.length)) * stream.normal();
  return { params, state: { ...made.state, ...norm.state } };
}

export function begin(of: Adversaries) {
  const stream = createStream('adversarial');
  const { params, state } = weightsOf(of, stream);
  const learner = adversarialLearner(of, ['learningRate', 'criticLearningRate']);
  const specs = learner.feeds(BATCH);
  const feeds: Tensors = {};
  for (const [name, { shape, distribution }] of Object.entries(specs)) {
    const known = distribution === 'data' ? 'uniform' : distribution;
    feeds[name] = liftNoise({ n: { shape, distribution: known } }, stream).n!;
  }
  if (of.classes)
    feeds.labels = tf.oneHot(
      Array.from({ length: specs.labels!.shape[0]! }, (_, i) => i % 2),
      2,
    );
  return { learner, params, state: lift(state), feeds };
}

/** An encoder beside the generator, and a critic of both. */
export const pairs: Partial<Adversaries> = {
  classes: undefined as never,
  generator: convGenerator({ image, latent: 3, channels: [2] }),
  inference: { encoder: convEncoder({ image, latent: 3, channels: [2] }), cycle: 3 },
  critic: convCritic({ image, latent: 3, channels: [3, 2] }),
};
