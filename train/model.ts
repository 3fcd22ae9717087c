// What a model is: parameters plus pure functions over tensors (contract 1).
// Randomness comes in as feeds; nothing in a model draws numbers or reads tensor values.
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../core/sampling/stream.ts';
import type { GraphName } from '../models/card.ts';
import type { LatentSpec } from '../models/latent.ts';
import type { Mask } from '../models/masks.ts';
import type { DiscreteLayer, Drawn } from './latents/layer.ts';

/** Named tensors; insertion order is the order in files and graphs. */
export type Tensors = Record<string, Tensor>;

/** A tensor on the host, row-major. */
export type HostTensor = { shape: number[]; data: Float32Array };
export type HostTensors = Record<string, HostTensor>;

/** Parameters (trained) and state (not trained: running means, moving averages). */
export type Weights = { params: HostTensors; state: HostTensors };

/** One noise input of a step: standard normal deviates, or uniform in the open interval (0, 1). */
export type NoiseSpec = { shape: number[]; distribution: 'normal' | 'uniform' };

/** One input of a step: noise, or what a source of data gives. */
export type FeedSpec = { shape: number[]; distribution: NoiseSpec['distribution'] | 'data' };

/** What one step is fed, by name, row-major. */
export type Feeds = Record<string, Float32Array>;

export type ImageShape = { width: number; height: number; channels: 1 | 3 };

export type Likelihood = 'bernoulli' | 'gaussian' | 'continuous-bernoulli';

/** Scalars that change from step to step, by name: KL weight, temperature, momentum, … */
export type Schedule = Record<string, Scalar>;

export type LossResult = {
  /** Mean over the minibatch, nats per image, to be minimised. */
  loss: Scalar;
  /** Means over the minibatch, nats per image: `elbo` (unweighted), `reconstruction`, `kl`, … */
  metrics: Record<string, Scalar>;
  /** The next model state (batch-normalisation averages); same names and shapes as the one passed in. */
  state: Tensors;
};

/** A diagonal Gaussian over latents, [batch, latentDimensions]. */
export type Posterior = { mean: Tensor; logVariance: Tensor };

/** What one posterior sample of each image gives, in nats; tensors are [samples, batch]. */
export type Terms = {
  /** log p(x|z) */
  logLikelihood: Tensor;
  /** log p(z) */
  logPrior: Tensor;
  /** log q(z|x) */
  logPosterior: Tensor;
  /** KL(q(z|x) ‖ p(z)), in closed form as far as there is one, [batch]. */
  kl: Tensor;
};

/**
 * A VAE. Images are [batch, channels, height, width] in 0…1; latents are [batch, latentDimensions], N(0, I) a priori.
 * A conditional model takes `labels` as well, one-hot [batch, classes].
 */
export type Vae = {
  image: ImageShape;
  /** Of a conditional model alone. */
  classes?: number;
  latentDimensions: number;
  likelihood: Likelihood;
  /** Initial parameters (trained) and state (not trained). `pixelMeans` [channels·height·width]: training-set mean image. */
  init(stream: Stream, pixelMeans: Float32Array): Weights;
  /** Noise that one `loss` call on `batch` images takes. */
  lossNoise(batch: number): Record<string, NoiseSpec>;
  /** `klWeight` of the schedule weighs the KL term, 0…1. */
  loss(
    params: Tensors,
    state: Tensors,
    x: Tensor,
    noise: Tensors,
    schedule: Schedule,
    labels?: Tensor,
  ): LossResult;
  /**
   * Posterior q(z|x), inference mode: `mean`, `logVariance` [batch, latentDimensions]. Of a model with `terms` they are
   * those met on the way of `epsilon` [batch, latentDimensions], z = mean + σ ε; without it, on the way of the means.
   */
  encode(params: Tensors, state: Tensors, x: Tensor, labels?: Tensor, epsilon?: Tensor): Posterior;
  /** Pixel means of p(x|z) in 0…1, [batch, channels, height, width], inference mode. */
  decode(params: Tensors, state: Tensors, z: Tensor, labels?: Tensor): Tensor;
  /** What p(x|z) has besides its means, by the name in a package (`Pixels.parameters`), inference mode. */
  pixelParameters(params: Tensors, state: Tensors, z: Tensor, labels?: Tensor): Tensors;
  /** log p(x|z) per image, [batch], inference mode. */
  logLikelihood(params: Tensors, state: Tensors, x: Tensor, z: Tensor, labels?: Tensor): Tensor;
  /**
   * Of a model whose posterior is more than the diagonal Gaussian that `encode` gives: the terms of posterior samples
   * made of `epsilon` [samples · batch, latentDimensions], sample by sample, inference mode.
   */
  terms?(params: Tensors, state: Tensors, x: Tensor, epsilon: Tensor, labels?: Tensor): Terms;
};

/** What a VAE that has been trained is asked for. */
export type Inference = Omit<Vae, 'init' | 'lossNoise' | 'loss'>;

/** A density of discrete latents, as far as a bound needs it; images are [rows, channels, height, width]. */
export type DiscreteInference = {
  image: ImageShape;
  likelihood: Likelihood;
  layers: readonly DiscreteLayer[];
  /** Logits of layer number `layer`, from the values of the layers before it, [rows, …`shapeOf`]. */
  logits(params: Tensors, x: Tensor, layer: number, before: readonly Tensor[]): Tensor;
  /**
   * log w of values that were drawn from the layers for `x`, nats, [rows]: the log of its mean over samples bounds log p
   * of what the model predicts from below.
   */
  logWeight(params: Tensors, x: Tensor, drawn: Drawn): Tensor;
};

/** An input or output of a graph; `shape` is that of one row of a batch, images are [channels, height, width]. */
export type GraphTensor = { shape: number[]; meaning: string; range?: [number, number] };

/** A function of a trained model that is exported; all of its inputs and outputs are rows of one batch. */
export type GraphSpec = {
  inputs: Record<string, GraphTensor>;
  outputs: Record<string, GraphTensor>;
  run(params: Tensors, state: Tensors, inputs: Tensors): Tensors;
};

/** A trained model, whatever its family: what it can do is what its graphs are. */
export type Model = {
  image: ImageShape;
  /** Of a model whose decoder takes labels. */
  classes?: number;
  /** Of a model that draws from latents. */
  latent?: LatentSpec;
  graphs: Partial<Record<GraphName, GraphSpec>>;
  /** Of a model with a completer: the halves that it can be given. */
  masks?: readonly Mask[];
  /** Of a model with a classifier: training images whose class it was told. */
  labelledImages?: number;
  /** Of a model whose classifier has its logits over a temperature: that, and the labels that it was fitted on. */
  scaling?: { temperature: number; split: string };
  /** Of a model with a density of Gaussian latents: what bounds, directions and codes are made of. */
  density?: Inference;
  /** Of a model with a density of discrete latents: what the multi-sample bound is made of. */
  discrete?: DiscreteInference;
};

/** A model that can be trained. `pixelMeans` [channels·height·width] is the mean training image, 0…1. */
export type Trainable = Model & { init(stream: Stream, pixelMeans: Float32Array): Weights };
