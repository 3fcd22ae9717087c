// What a model is: parameters plus pure functions over tensors (contract 1).
// Randomness comes in as `noise`; nothing in a model draws numbers or reads tensor values.
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Stream } from '../core/sampling/stream.ts';

/** Named tensors; insertion order is the order in files and graphs. */
export type Tensors = Record<string, Tensor>;

/** A tensor on the host, row-major. */
export type HostTensor = { shape: number[]; data: Float32Array };
export type HostTensors = Record<string, HostTensor>;

/** One noise input of a step: standard normal deviates, or uniform in the open interval (0, 1). */
export type NoiseSpec = { shape: number[]; distribution: 'normal' | 'uniform' };

export type ImageShape = { width: number; height: number; channels: 1 | 3 };

export type Likelihood = 'bernoulli' | 'gaussian' | 'continuous-bernoulli';

/** Scalars that a schedule changes from step to step; each is a rank-0 float32 input of the step. */
export type Schedule = {
  /** Weight of the KL term, 0…1 (warm-up). */
  klWeight: Scalar;
};

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
  init(stream: Stream, pixelMeans: Float32Array): { params: HostTensors; state: HostTensors };
  /** Noise that one `loss` call on `batch` images takes. */
  lossNoise(batch: number): Record<string, NoiseSpec>;
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

/** What a model that has been trained is asked for. */
export type Inference = Omit<Vae, 'init' | 'lossNoise' | 'loss'>;
