// Semi-supervised learning by feature matching (Salimans et al. 2016, Sections 3.1 and 5): a classifier of K classes takes
// real images for one of them and generated ones for none; the generator matches the mean of its last hidden layer.
import {
  add,
  concat,
  logSumExp,
  mean,
  mul,
  relu,
  reshape,
  type Scalar,
  slice,
  softplus,
  split,
  square,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import type { Averages } from '../averages.ts';
import { differentiate } from '../differentiate.ts';
import { dense, initDense } from '../layers/dense.ts';
import { initWeightNorm, weightNorm } from '../layers/weight-norm.ts';
import type { FeedSpec, HostTensors, ImageShape, LossResult, Tensors } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import { group, prefix, within } from '../runner/names.ts';
import type { Learner } from '../runner/step.ts';
import type { Generator } from './generator.ts';
import { softmaxCrossEntropy } from './losses.ts';

/** Standard deviations of the noise that a step adds to the pixels and to every hidden layer, in the authors' code. */
const NOISE = { pixels: 0.3, units: 0.5 };

/** Its parameters are under `critic/`, its kernels weight-normalised. */
export type ClassCritic = {
  init(stream: Stream): HostTensors;
  /** Normal deviates that a step on `batch` images takes. */
  noise(batch: number): Record<string, FeedSpec>;
  /** The last hidden layer [batch, units] and the logits [batch, classes]; without `noise` in inference mode. */
  of(params: Tensors, x: Tensor, noise?: Tensors): { features: Tensor; logits: Tensor };
};

export function classCritic(image: ImageShape, classes: number, hidden: readonly number[]): ClassCritic {
  const sizes = [image.channels * image.height * image.width, ...hidden];
  const name = (i: number) => (i < hidden.length ? `critic/layer-${i}` : 'critic/classes');
  const kernels = sizes.map((_, i) => `${name(i)}/kernel`);
  return {
    init(stream) {
      const params: HostTensors = Object.assign(
        {},
        ...sizes.map((size, i) => initDense(stream, name(i), size, hidden[i] ?? classes)),
      );
      return { ...params, ...initWeightNorm(params, kernels) };
    },
    noise: (batch) =>
      Object.fromEntries(
        sizes.map((size, i) => [`layer-${i}`, { shape: [batch, size], distribution: 'normal' }]),
      ),
    of(params, x, noise) {
      const weights = weightNorm(params, kernels);
      const shaken = (h: Tensor, i: number): Tensor =>
        noise ? add(h, mul(noise[`layer-${i}`]!, i === 0 ? NOISE.pixels : NOISE.units)) : h;
      const features = hidden.reduce(
        (h: Tensor, _, i) => relu(dense(weights, name(i), shaken(h, i))),
        reshape(x, [x.shape[0]!, sizes[0]!]),
      );
      return { features, logits: dense(weights, name(hidden.length), shaken(features, hidden.length)) };
    },
  };
}

/**
 * −E log D(x) − E log(1 − D(G(z))) with D = Z / (Z + 1), Z the sum of the exponentials of the K logits (Section 5: of
 * K + 1 classes the logit of the last is 0).
 */
export function unsupervisedLoss(real: Tensor, fake: Tensor): Scalar {
  const [high, low] = [logSumExp(real, 1), logSumExp(fake, 1)];
  return add(mean(sub(softplus(high), high)), mean(softplus(low))) as Scalar;
}

/** |E f(x) − E f(G(z))|², the means over the batch (Section 3.1). */
export const matchingLoss = (real: Tensor, fake: Tensor): Scalar =>
  sum(square(sub(mean(real, 0), mean(fake, 0)))) as Scalar;

type Players = {
  image: ImageShape;
  classes: number;
  latent: { dimensions: number; distribution: 'normal' | 'uniform' };
  toLatents(noise: Tensor): Tensor;
  generator: Generator;
  critic: ClassCritic;
  labelledBatch: number;
  optimiser: Optimiser;
  averages?: Averages;
};

/**
 * A step of the critic, then one of the generator on the same images and latents of its own. Feeds: `x` without labels,
 * `labelled` with `labels`, `z` of both steps, noise.
 */
export function featureMatchingLearner(of: Players): Learner {
  const { image, classes, latent, generator, critic, labelledBatch, optimiser, averages } = of;
  const shape = [image.channels, image.height, image.width];
  const data = (count: number, ...dims: number[]): FeedSpec => ({
    shape: [count, ...dims],
    distribution: 'data',
  });
  /** Images of the first or the second half of `z`. */
  const make = (params: Tensors, state: Tensors, { x, z }: Tensors, half: 0 | 1) => {
    const batch = x!.shape[0]!;
    const part = slice(z!, [half * batch, 0], [batch, latent.dimensions]);
    return generator.generate(within(params, 'generator'), state, of.toLatents(part), undefined, true);
  };
  return {
    feeds: (batch) => ({
      x: data(batch, ...shape),
      labelled: data(labelledBatch, ...shape),
      labels: data(labelledBatch, classes),
      z: { shape: [2 * batch, latent.dimensions], distribution: latent.distribution },
      ...prefix('critic', critic.noise(labelledBatch + 2 * batch)),
      ...prefix('generator', critic.noise(2 * batch)),
    }),
    scalars: ['learningRate'],
    updates: [
      {
        of: 'critic',
        optimiser,
        learningRate: 'learningRate',
        gradients(params, state, feeds) {
          const { images } = make(params, state, feeds, 0);
          const batch = feeds.x!.shape[0]!;
          return differentiate(within(params, 'critic'), (at): LossResult => {
            const all = concat([feeds.labelled!, feeds.x!, images], 0);
            const { logits } = critic.of(at, all, group(feeds, 'critic'));
            const [known, real, fake] = split(logits, [labelledBatch, batch, batch]) as [
              Tensor,
              Tensor,
              Tensor,
            ];
            const [supervised, unsupervised] = [
              softmaxCrossEntropy(known, feeds.labels!),
              unsupervisedLoss(real, fake),
            ];
            return { loss: add(supervised, unsupervised), metrics: { supervised, unsupervised }, state: {} };
          });
        },
      },
      {
        of: 'generator',
        optimiser,
        learningRate: 'learningRate',
        gradients: (params, state, feeds) =>
          differentiate(within(params, 'generator'), (at): LossResult => {
            const made = make(at, state, feeds, 1);
            const { features } = critic.of(
              within(params, 'critic'),
              concat([feeds.x!, made.images], 0),
              group(feeds, 'generator'),
            );
            const [real, fake] = split(features, 2) as [Tensor, Tensor];
            return { loss: matchingLoss(real, fake), metrics: {}, state: made.state };
          }),
      },
    ],
    ...(averages ? { averages } : {}),
  };
}
