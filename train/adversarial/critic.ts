// Critics: from images, and their labels, to a score that is above zero for what looks real.
import {
  add,
  leakyRelu,
  matMul,
  max,
  mul,
  reshape,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { constant, normal, uniform } from '../initialisers.ts';
import { conv, initConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, ImageShape, NoiseSpec, Tensors } from '../model.ts';

export type Scores = {
  /** [batch]; the sigmoid of it is the probability of being real, where the loss has such. */
  score: Tensor;
  /** Logits of the classes, [batch, classes], with an auxiliary classifier. */
  classes?: Tensor;
};

/** All of its parameters are under `critic/`. */
export type Critic = {
  init(stream: Stream): HostTensors;
  /** Kernels that can be normalised. */
  kernels: readonly string[];
  /** Noise that scoring `batch` images in training takes. */
  noise(batch: number): Record<string, NoiseSpec>;
  score(params: Tensors, x: Tensor, labels: Tensor | undefined, noise: Tensors): Scores;
};

/**
 * How a critic uses labels. projection: the inner product of its features with a vector of the label is added to the
 * score (Miyato & Koyama 2018, Eq. 3); auxiliary: it tells the class as well (Odena et al. 2017).
 */
export const CONDITIONINGS = ['projection', 'auxiliary'] as const;
export type Conditioning = (typeof CONDITIONINGS)[number];

type Config = { image: ImageShape; classes?: number; conditioning?: Conditioning };

/** The last layer: a score, and what labels have to do with it. */
function head({ classes, conditioning }: Pick<Config, 'classes' | 'conditioning'>, units: number) {
  const projects = classes !== undefined && conditioning === 'projection';
  const tells = classes !== undefined && conditioning === 'auxiliary';
  return {
    kernels: ['critic/score/kernel', ...(projects ? ['critic/projection/kernel'] : [])],
    init: (stream: Stream, score: HostTensors): HostTensors => ({
      ...score,
      ...(projects ? { 'critic/projection/kernel': normal(stream, [classes, units], 0.02) } : {}),
      ...(tells ? initDense(stream, 'critic/classes', units, classes) : {}),
    }),
    scores(params: Tensors, features: Tensor, labels: Tensor | undefined): Scores {
      const plain = reshape(dense(params, 'critic/score', features), [-1]);
      if (tells) return { score: plain, classes: dense(params, 'critic/classes', features) };
      if (!projects) return { score: plain };
      const chosen = matMul(labels as Tensor2D, params['critic/projection/kernel'] as Tensor2D);
      return { score: add(plain, sum(mul(features, chosen), 1)) };
    },
  };
}

const KERNEL_SIZE = 4;
const SLOPE = 0.2;

/** Convolutions, each of which halves height and width; `channels` from the image inwards. */
export function convCritic(config: Config & { channels: readonly number[] }): Critic {
  const { image, channels } = config;
  const factor = 2 ** channels.length;
  const flat = channels.at(-1)! * Math.ceil(image.height / factor) * Math.ceil(image.width / factor);
  const last = head(config, flat);
  return {
    kernels: [...channels.map((_, i) => `critic/conv-${i}/kernel`), ...last.kernels],
    init: (stream) => ({
      ...Object.assign(
        {},
        ...channels.map((count, i) =>
          initConv(stream, `critic/conv-${i}`, channels[i - 1] ?? image.channels, count, KERNEL_SIZE),
        ),
      ),
      ...last.init(stream, initDense(stream, 'critic/score', flat, 1)),
    }),
    noise: () => ({}),
    score(params, x, labels) {
      const features = channels.reduce(
        (y, _, i) => leakyRelu(conv(params, `critic/conv-${i}`, y, 2), SLOPE),
        sub(mul(x, 2), 1) as Tensor,
      );
      return last.scores(params, reshape(features, [x.shape[0]!, flat]), labels);
    },
  };
}

/** Weights of the critic of Goodfellow et al. 2014 lie within this at first. */
const INITIAL_REACH = 0.005;
/** Shares of pixels and of hidden units that a training step keeps, in the authors' code. */
const KEPT = { pixels: 0.8, units: 0.5 };

/**
 * Layers of maxout units (Goodfellow et al. 2013), each the largest of `pieces` linear functions; with `dropout` as in
 * the code of Goodfellow et al. 2014.
 */
export function maxoutCritic(
  config: Config & { hidden: readonly number[]; pieces: number; dropout: boolean },
): Critic {
  const { image, hidden, pieces, dropout } = config;
  const sizes = [image.channels * image.height * image.width, ...hidden];
  const last = head(config, hidden.at(-1)!);
  const drop = (x: Tensor, noise: Tensors, layer: number): Tensor => {
    if (!dropout) return x;
    const kept = layer === 0 ? KEPT.pixels : KEPT.units;
    return mul(mul(x, step(sub(kept, noise[`drop-${layer}`]!))), 1 / kept);
  };
  return {
    kernels: [...hidden.map((_, i) => `critic/maxout-${i}/kernel`), ...last.kernels],
    init(stream) {
      const params: HostTensors = {};
      hidden.forEach((units, i) => {
        params[`critic/maxout-${i}/kernel`] = uniform(stream, [sizes[i]!, units * pieces], INITIAL_REACH);
        params[`critic/maxout-${i}/bias`] = constant([units * pieces], 0);
      });
      const score = {
        'critic/score/kernel': uniform(stream, [hidden.at(-1)!, 1], INITIAL_REACH),
        'critic/score/bias': constant([1], 0),
      };
      return { ...params, ...last.init(stream, score) };
    },
    noise: (batch) =>
      dropout
        ? Object.fromEntries(
            sizes.map((size, i) => [`drop-${i}`, { shape: [batch, size], distribution: 'uniform' }]),
          )
        : {},
    score(params, x, labels, noise) {
      const batch = x.shape[0]!;
      const features = hidden.reduce(
        (y, units, i) => {
          const all = dense(params, `critic/maxout-${i}`, drop(y, noise, i));
          // The units of a piece lie side by side: five times as fast as their pieces doing so.
          return max(reshape(all, [batch, pieces, units]), 1);
        },
        reshape(x, [batch, sizes[0]!]) as Tensor,
      );
      return last.scores(params, drop(features, noise, hidden.length), labels);
    },
  };
}
