// Critics: from images, and their labels or latents, to a score that is above zero for what looks real.
import {
  add,
  concat,
  leakyRelu,
  matMul,
  max,
  mul,
  ones,
  reshape,
  step,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { constant, normal, uniform } from '../initialisers.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { HostTensors, ImageShape, NoiseSpec, Tensors } from '../model.ts';
import { convFeatures, SLOPE } from './conv-features.ts';

export type Scores = {
  /** [batch]; the sigmoid of it is the probability of being real, where the loss has such. */
  score: Tensor;
  /** Logits of the classes, [batch, classes], with an auxiliary classifier. */
  classes?: Tensor;
};

/** What is judged: images [batch, channels, height, width] 0…1; with them their one-hot labels, or latents [batch, J]. */
export type Judged = { x: Tensor; z?: Tensor | undefined; labels?: Tensor | undefined };

/** All of its parameters are under `critic/`. */
export type Critic = {
  init(stream: Stream): HostTensors;
  /** Kernels that can be normalised. */
  kernels: readonly string[];
  /** Noise that scoring `batch` images in training takes. */
  noise(batch: number): Record<string, NoiseSpec>;
  score(params: Tensors, judged: Judged, noise: Tensors): Scores;
};

/**
 * How a critic uses labels. projection: the inner product of its features with a vector of the label is added to the
 * score (Miyato & Koyama 2018, Eq. 3); auxiliary: it tells the class as well (Odena et al. 2017); concatenated: it is given
 * them beside the pixels, a convolutional one as images of one level (Mirza & Osindero 2014, Eq. 2).
 */
export const CONDITIONINGS = ['projection', 'auxiliary', 'concatenated'] as const;
export type Conditioning = (typeof CONDITIONINGS)[number];

type Config = {
  image: ImageShape;
  classes?: number;
  conditioning?: Conditioning;
  /** Dimensions of the latents that it judges with each image (Donahue et al. 2017; Dumoulin et al. 2017). */
  latent?: number | undefined;
};

/** How many numbers of a label are beside the pixels. */
const besideOf = ({ classes = 0, conditioning }: Config): number =>
  conditioning === 'concatenated' ? classes : 0;

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

/** Units of the layer that latents go through, and of the one where they meet the features of their image. */
const JOINT_UNITS = 256;

/** What features [batch, units] become with the latents of their images; without latents nothing. */
function joint(latent: number | undefined, units: number) {
  if (latent === undefined)
    return { units, kernels: [], init: () => ({}), of: (_params: Tensors, features: Tensor) => features };
  const through = (params: Tensors, name: string, x: Tensor) => leakyRelu(dense(params, name, x), SLOPE);
  return {
    units: JOINT_UNITS,
    kernels: ['critic/latents/kernel', 'critic/joint/kernel'],
    init: (stream: Stream): HostTensors => ({
      ...initDense(stream, 'critic/latents', latent, JOINT_UNITS),
      ...initDense(stream, 'critic/joint', units + JOINT_UNITS, JOINT_UNITS),
    }),
    of: (params: Tensors, features: Tensor, z: Tensor | undefined): Tensor =>
      through(params, 'critic/joint', concat([features, through(params, 'critic/latents', z!)], 1)),
  };
}

/** Convolutions; `channels` from the image inwards. */
export function convCritic(config: Config & { channels: readonly number[] }): Critic {
  const { image, channels } = config;
  const beside = besideOf(config);
  const seen = convFeatures({ ...image, channels: image.channels + beside }, channels, 'critic');
  const given = ({ x, labels }: Judged): Tensor => {
    if (beside === 0) return x;
    const level = ones([1, 1, image.height, image.width]);
    return concat([x, mul(reshape(labels!, [-1, beside, 1, 1]), level)], 1);
  };
  const met = joint(config.latent, seen.units);
  const last = head(config, met.units);
  return {
    kernels: [...seen.kernels, ...met.kernels, ...last.kernels],
    init: (stream) => ({
      ...seen.init(stream),
      ...met.init(stream),
      ...last.init(stream, initDense(stream, 'critic/score', met.units, 1)),
    }),
    noise: () => ({}),
    score: (params, judged) =>
      last.scores(params, met.of(params, seen.of(params, given(judged)), judged.z), judged.labels),
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
  const { image, hidden, pieces, dropout, latent = 0 } = config;
  const pixels = image.channels * image.height * image.width;
  const beside = besideOf(config);
  const sizes = [pixels + latent + beside, ...hidden];
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
    score(params, { x, z, labels }, noise) {
      const batch = x.shape[0]!;
      const given = [reshape(x, [batch, pixels]), ...(z ? [z] : []), ...(beside > 0 ? [labels!] : [])];
      const features = hidden.reduce(
        (y, units, i) => {
          const all = dense(params, `critic/maxout-${i}`, drop(y, noise, i));
          // The units of a piece lie side by side: five times as fast as their pieces doing so.
          return max(reshape(all, [batch, pieces, units]), 1);
        },
        given.length > 1 ? concat(given, 1) : given[0]!,
      );
      return last.scores(params, drop(features, noise, hidden.length), labels);
    },
  };
}
