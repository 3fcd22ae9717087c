// VAEs with several groups of latents, drawn one after the other: layers of a hierarchy, or steps of a sequence.
// Latents are the standard normal ε behind every group (non-centred), so the prior of all of them together is N(0, I)
// and a picture is a plain function of them; the posterior of a group depends on the image and on the groups before.
import { add, concat, mean, slice, type Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { bySample, type Estimator } from '../estimators/bounds.ts';
import { logits } from '../initialisers.ts';
import { gaussianKl, gaussianLogDensity, standardNormalLogDensity } from '../likelihoods.ts';
import type { HostTensors, ImageShape, Likelihood, Tensors, Terms, Vae } from '../model.ts';
import type { Applied } from '../networks/network.ts';
import { pixelDistribution } from './pixels.ts';
import { boundLoss, reparameterise, repeat } from './posterior.ts';

export type Structure = {
  /** Latents of each group, in the order in which they are drawn. */
  groups: readonly number[];
  init(stream: Stream): { params: HostTensors; state: HostTensors };
  /** What the posterior of each group sees of an image [batch, channels, height, width]: [batch, features] each. */
  features(
    params: Tensors,
    state: Tensors,
    x: Tensor,
    training: boolean,
  ): { ofGroups: Tensor[]; state: Tensors };
  /** What the decoder has before the first group, [1, units]. */
  start(params: Tensors): Tensor;
  /** Posterior of group `g` from its features and what the decoder has made of the groups before it. */
  posterior(
    params: Tensors,
    features: Tensor,
    before: Tensor,
    g: number,
  ): { mean: Tensor; logVariance: Tensor };
  /** What the decoder has once group `g` is drawn. */
  advance(params: Tensors, before: Tensor, epsilon: Tensor, g: number): Tensor;
  /** From what it had after each group to [batch, outputChannels, height, width], unbounded. */
  pixels(params: Tensors, state: Tensors, after: Tensor[], training: boolean): Applied;
};

export type StructuredConfig = {
  image: ImageShape;
  likelihood: Likelihood;
  estimator: Estimator;
  samples: number;
};

type Walk = {
  z: Tensor;
  kl: Tensor;
  logPosterior: Tensor;
  mean: Tensor;
  logVariance: Tensor;
  after: Tensor[];
};

export function createStructuredVae(config: StructuredConfig, structure: Structure): Vae {
  const { image, likelihood, estimator, samples } = config;
  const { groups } = structure;
  const latentDimensions = groups.reduce((sum, size) => sum + size, 0);
  const firsts = groups.map((_, g) => groups.slice(0, g).reduce((sum, size) => sum + size, 0));
  const groupOf = (t: Tensor, g: number) => slice(t, [0, firsts[g]!], [-1, groups[g]!]);

  /** Draws group after group from the posterior; without `epsilon` it takes the means. */
  function walk(params: Tensors, features: Tensor[], epsilon?: Tensor): Walk {
    const parts = groups.map(() => undefined as unknown as { mean: Tensor; logVariance: Tensor; z: Tensor });
    const after: Tensor[] = [];
    let before = structure.start(params);
    for (const g of groups.keys()) {
      const q = structure.posterior(params, features[g]!, before, g);
      const z = epsilon ? reparameterise(q.mean, q.logVariance, groupOf(epsilon, g)) : q.mean;
      before = structure.advance(params, before, z, g);
      after.push(before);
      parts[g] = { ...q, z };
    }
    const sum = (of: (part: (typeof parts)[number]) => Tensor) => parts.map(of).reduce((a, b) => add(a, b));
    const joined = (of: (part: (typeof parts)[number]) => Tensor) => concat(parts.map(of), 1);
    return {
      z: joined(({ z }) => z),
      mean: joined(({ mean }) => mean),
      logVariance: joined(({ logVariance }) => logVariance),
      kl: sum(({ mean, logVariance }) => gaussianKl(mean, logVariance)),
      logPosterior: sum(({ z, mean, logVariance }) => gaussianLogDensity(z, mean, logVariance)),
      after,
    };
  }

  /** Terms of samples [samples · batch]; the KL of a later group is an average over samples of the earlier ones. */
  function termsOf(params: Tensors, state: Tensors, x: Tensor, epsilon: Tensor, training: boolean) {
    const count = epsilon.shape[0]! / x.shape[0]!;
    const features = structure.features(params, state, x, training);
    const repeated = features.ofGroups.map((h) => repeat(h, count));
    const walked = walk(params, repeated, epsilon);
    const decoded = structure.pixels(params, state, walked.after, training);
    const pixels = pixelDistribution(likelihood, image.channels, decoded.y);
    const terms: Terms = {
      logLikelihood: bySample(pixels.logDensity(repeat(x, count)), count),
      logPrior: bySample(standardNormalLogDensity(walked.z), count),
      logPosterior: bySample(walked.logPosterior, count),
      kl: mean(bySample(walked.kl, count), 0),
    };
    return { terms, state: { ...state, ...features.state, ...decoded.state } };
  }

  const decodeWith = (params: Tensors, state: Tensors, z: Tensor) => {
    const after: Tensor[] = [];
    let before = structure.start(params);
    for (const g of groups.keys()) {
      before = structure.advance(params, before, groupOf(z, g), g);
      after.push(before);
    }
    return pixelDistribution(likelihood, image.channels, structure.pixels(params, state, after, false).y);
  };

  return {
    image,
    latentDimensions,
    likelihood,

    init(stream, pixelMeans) {
      const { params, state } = structure.init(stream);
      const bias = params['decoder/pixels/bias'];
      if (bias?.data.length === pixelMeans.length) bias.data.set(logits(pixelMeans));
      return { params, state };
    },

    lossNoise: (batch) => ({
      epsilon: { shape: [samples * batch, latentDimensions], distribution: 'normal' },
    }),

    loss(params, state, x, noise, { klWeight }) {
      const { terms, state: next } = termsOf(params, state, x, noise.epsilon!, true);
      return { ...boundLoss(terms, estimator, klWeight!), state: next };
    },

    encode(params, state, x, _, epsilon) {
      const { ofGroups } = structure.features(params, state, x, false);
      const { mean, logVariance } = walk(params, ofGroups, epsilon);
      return { mean, logVariance };
    },

    decode: (params, state, z) => decodeWith(params, state, z).mean,
    pixelParameters: (params, state, z) => decodeWith(params, state, z).parameters,
    logLikelihood: (params, state, x, z) => decodeWith(params, state, z).logDensity(x),
    terms: (params, state, x, epsilon) => termsOf(params, state, x, epsilon, false).terms,
  };
}
