// How a generator and a critic learn from one another: Algorithm 1 of Goodfellow et al. 2014, k steps of the critic and
// one of the generator in turn; or the simultaneous step of its authors' code.
import {
  abs,
  add,
  concat,
  mean,
  mul,
  neg,
  type Scalar,
  slice,
  split,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Averages } from '../averages.ts';
import { differentiate, type Gradients } from '../differentiate.ts';
import type { FeedSpec, ImageShape, LossResult, NoiseSpec, Tensors } from '../model.ts';
import { reparameterise } from '../models/posterior.ts';
import type { Optimiser } from '../optimisers.ts';
import { group, prefix, within } from '../runner/names.ts';
import type { Learner, Update } from '../runner/step.ts';
import type { Critic, Judged, Scores } from './critic.ts';
import type { Encoder } from './encoder.ts';
import type { Generator } from './generator.ts';
import { type AdversarialLoss, softmaxCrossEntropy } from './losses.ts';
import type { Normalisation } from './normalisation.ts';
import type { Penalty } from './penalties.ts';

export type Adversaries = {
  image: ImageShape;
  classes?: number;
  latent: { dimensions: number; distribution: NoiseSpec['distribution'] };
  /** From what is fed to latents. */
  toLatents(noise: Tensor): Tensor;
  generator: Generator;
  /**
   * Learned inference: the critic tells images with the latents that they are encoded to from latents with the images
   * that they become. `cycle` weighs |x − G(E(x))|, the mean over pixels (Li et al. 2017; 0: pure ALI).
   */
  inference?: { encoder: Encoder; cycle: number };
  critic: Critic;
  normalisation: Normalisation;
  loss: AdversarialLoss;
  penalty?: Penalty & { weight: number };
  /** Steps of the critic before one of the generator; 0: both at once, from the same parameters and images. */
  criticSteps: number;
  optimisers: { generator: Optimiser; critic: Optimiser };
  averages?: Averages;
};

const rows = (all: Tensor | undefined, from: number, count: number): Tensor | undefined =>
  all && slice(all, [from, ...all.shape.slice(1).map(() => 0)], [count, ...all.shape.slice(1)]);

/** The loss of what the scores of a batch are said to be, and of the labels that they tell. */
const withClasses = (loss: Scalar, { classes }: Scores, labels: Tensor | undefined): Scalar =>
  classes ? add(loss, softmaxCrossEntropy(classes, labels!)) : loss;

/** One part of a batch: images, their labels, latents for as many generated ones, and noise. */
type Part = { x: Tensor; labels: Tensor | undefined; z: Tensor; epsilon: Tensor | undefined; noise: Tensors };

/** One batch after the other. */
const both = (a: Judged, b: Judged): Judged => ({
  x: concat([a.x, b.x], 0),
  ...(a.z && b.z ? { z: concat([a.z, b.z], 0) } : {}),
  ...(a.labels && b.labels ? { labels: concat([a.labels, b.labels], 0) } : {}),
});

/** Critic and generator as functions of their parameters, for one step. */
function sides(of: Adversaries) {
  const { generator, inference, critic, loss, penalty, normalisation } = of;
  const begin = (params: Tensors, state: Tensors) => normalisation.begin(params, state, critic.kernels);
  /** Real and generated images, each with what is judged with them. */
  const pairs = (params: Tensors, state: Tensors, { x, labels, z, epsilon }: Part) => {
    const made = generator.generate(params, state, z, labels, true);
    if (!inference) return { real: { x, labels }, fake: { x: made.images, labels }, state: made.state };
    const { mean, logVariance } = inference.encoder.encode(params, x);
    const encoded = reparameterise(mean, logVariance, epsilon!);
    return { real: { x, z: encoded }, fake: { x: made.images, z }, state: made.state };
  };
  return {
    critic(params: Tensors, state: Tensors, part: Part): Gradients {
      const { labels, noise } = part;
      const own = within(params, 'critic');
      const { use, state: next } = begin(own, state);
      const { real, fake } = pairs(within(params, 'generator'), state, part);
      const judged = both(real, fake);
      return differentiate(own, (at): LossResult => {
        const weights = use(at);
        const scored = critic.score(weights, judged, group(noise, 'critic'));
        const [high, low] = split(scored.score, 2) as [Tensor, Tensor];
        let total = withClasses(loss.critic(high, low), scored, judged.labels);
        const metrics: Record<string, Scalar> = {
          real: mean(high) as Scalar,
          fake: mean(low) as Scalar,
        };
        if (penalty) {
          const score = (x: Tensor) => critic.score(weights, { x, labels }, group(noise, 'penalised')).score;
          metrics.penalty = penalty.of(score, real.x, fake.x, group(noise, 'penalty'));
          total = add(total, mul(metrics.penalty, penalty.weight));
        }
        return { loss: total, metrics, state: next };
      });
    },
    generator(params: Tensors, state: Tensors, part: Part): Gradients {
      const fixed = within(params, 'critic');
      const weights = begin(fixed, state).use(fixed);
      return differentiate(within(params, 'generator'), (at): LossResult => {
        const { real, fake, state: next } = pairs(at, state, part);
        const judged = inference ? both(real, fake) : fake;
        const scored = critic.score(weights, judged, group(part.noise, 'fooled'));
        if (!inference)
          return {
            loss: withClasses(loss.generator(scored.score), scored, part.labels),
            metrics: {},
            state: next,
          };
        // Each side of a pair wants to be taken for the other.
        const [high, low] = split(scored.score, 2) as [Tensor, Tensor];
        const fooled = add(loss.generator(low), loss.generator(neg(high))) as Scalar;
        if (inference.cycle === 0) return { loss: fooled, metrics: {}, state: next };
        const again = generator.generate(at, state, real.z!, undefined, true).images;
        const cycle = mean(abs(sub(part.x, again))) as Scalar;
        return { loss: add(fooled, mul(cycle, inference.cycle)), metrics: {}, state: next };
      });
    },
  };
}

/**
 * In the simultaneous step one rate moves both sides, and the authors' critic descends half of Eq. 1: at their rate of 0.1 the
 * whole of it diverges within two epochs.
 */
const halved = (gradients: Tensors): Tensors =>
  Object.fromEntries(Object.entries(gradients).map(([name, one]) => [name, mul(one, 0.5)]));

/**
 * Feeds: `x` and `labels` of all critic steps, one after the other, `z` of these and of the generator's, and noise. The
 * scheduled scalars are `learningRate`, of the generator, `criticLearningRate`, and what optimisers name.
 */
export function adversarialLearner(of: Adversaries, scalars: readonly string[]): Learner {
  const { image, classes, latent, inference, critic, penalty, criticSteps, optimisers, averages } = of;
  const steps = Math.max(1, criticSteps);
  const shape = [image.channels, image.height, image.width];
  const { critic: critical, generator: generative } = sides(of);

  const feeds: Learner['feeds'] = (batch) => {
    const noise: Record<string, FeedSpec> = {};
    for (let i = 0; i < steps; i++) {
      Object.assign(noise, prefix(`critic-${i}/critic`, critic.noise(2 * batch)));
      if (!penalty) continue;
      Object.assign(noise, prefix(`critic-${i}/penalised`, critic.noise(batch)));
      Object.assign(noise, prefix(`critic-${i}/penalty`, penalty.noise(batch, shape)));
    }
    const draws = criticSteps === 0 ? 1 : steps + 1;
    return {
      x: { shape: [steps * batch, ...shape], distribution: 'data' },
      ...(classes ? { labels: { shape: [steps * batch, classes], distribution: 'data' } } : {}),
      z: { shape: [draws * batch, latent.dimensions], distribution: latent.distribution },
      ...(inference
        ? { epsilon: { shape: [draws * batch, latent.dimensions], distribution: 'normal' } }
        : {}),
      ...noise,
      ...prefix('generator/fooled', critic.noise(inference ? 2 * batch : batch)),
    };
  };
  /** What step `i` of the critic is fed; the generator's follows the last, with its labels. */
  const part = (given: Tensors, i: number, name: string): Part => {
    const batch = given.x!.shape[0]! / steps;
    const from = Math.min(i, steps - 1) * batch;
    return {
      x: rows(given.x, from, batch)!,
      labels: rows(given.labels, from, batch),
      z: of.toLatents(rows(given.z, i * batch, batch)!),
      epsilon: rows(given.epsilon, i * batch, batch),
      noise: group(given, name),
    };
  };

  if (criticSteps === 0) {
    const together: Update['gradients'] = (params, state, given) => {
      const found = critical(params, state, part(given, 0, 'critic-0'));
      const made = generative(params, state, part(given, 0, 'generator'));
      return {
        loss: found.loss,
        metrics: { ...found.metrics, 'generator/loss': made.loss },
        state: { ...found.state, ...made.state },
        gradients: { ...made.gradients, ...halved(found.gradients) },
      };
    };
    return {
      feeds,
      scalars,
      updates: [
        { of: '', optimiser: optimisers.generator, learningRate: 'learningRate', gradients: together },
      ],
      ...(averages ? { averages } : {}),
    };
  }
  const criticUpdates = Array.from(
    { length: steps },
    (_, i): Update => ({
      of: 'critic',
      optimiser: optimisers.critic,
      learningRate: 'criticLearningRate',
      gradients: (params, state, given) => critical(params, state, part(given, i, `critic-${i}`)),
    }),
  );
  return {
    feeds,
    scalars,
    updates: [
      ...criticUpdates,
      {
        of: 'generator',
        optimiser: optimisers.generator,
        learningRate: 'learningRate',
        gradients: (params, state, given) => generative(params, state, part(given, steps, 'generator')),
      },
    ],
    ...(averages ? { averages } : {}),
  };
}
