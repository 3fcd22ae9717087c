// What a decoder's output channels mean: the distribution of pixels given latents.
import { add, exp, mul, sigmoid, slice, softplus, step, sub, type Tensor } from '@tensorflow/tfjs-core';
import {
  bernoulliLogDensity,
  continuousBernoulliLogDensity,
  continuousBernoulliMean,
  gaussianLogDensity,
} from '../likelihoods.ts';
import type { Likelihood, Tensors } from '../model.ts';

export type Pixels = {
  /** In 0…1, shaped like the images. */
  mean: Tensor;
  /**
   * What the distribution has besides its mean, shaped like the images: `log_variance` of Gaussian pixels, `logits` of
   * continuous-Bernoulli ones.
   */
  parameters: Tensors;
  /** log p(x|z), [batch]. */
  logDensity(x: Tensor): Tensor;
  /** Images drawn with `noise`, shaped like them: uniform for Bernoulli pixels, normal for Gaussian ones. */
  sample(noise: Tensor): Tensor;
};

/** Smallest log-variance of a Gaussian pixel: half a grey level. A flat pixel would drive it to −∞. */
export const HALF_GREY_LEVEL = 2 * Math.log(0.5 / 255);

/**
 * `y` [batch, outputs, height, width], unbounded: logits, or `channels` of means (through a sigmoid) and then of
 * log-variances, which stay above `floor`. With `shared`, the one log-variance [1] of all pixels of a Gaussian, there
 * are means alone.
 */
export function pixelDistribution(
  likelihood: Likelihood,
  channels: number,
  y: Tensor,
  { floor = HALF_GREY_LEVEL, shared }: { floor?: number | undefined; shared?: Tensor | undefined } = {},
): Pixels {
  if (likelihood === 'bernoulli') {
    const mean = sigmoid(y);
    return {
      mean,
      parameters: {},
      logDensity: (x) => bernoulliLogDensity(x, y),
      sample: (uniform) => step(sub(mean, uniform)),
    };
  }
  if (likelihood === 'continuous-bernoulli')
    return {
      mean: continuousBernoulliMean(y),
      parameters: { logits: y },
      logDensity: (x) => continuousBernoulliLogDensity(x, y),
      sample() {
        throw new Error(
          "pixels: likelihood 'continuous-bernoulli' has no sampler; use bernoulli or gaussian",
        );
      },
    };
  const half = (first: number) => slice(y, [0, first, 0, 0], [-1, channels, -1, -1]);
  const mean = sigmoid(half(0));
  const bounded = (raw: Tensor) => (Number.isFinite(floor) ? add(softplus(sub(raw, floor)), floor) : raw);
  const logVariance = shared ? add(mul(mean, 0), bounded(shared)) : bounded(half(channels));
  return {
    mean,
    parameters: { log_variance: logVariance },
    logDensity: (x) => gaussianLogDensity(x, mean, logVariance),
    sample: (normal) => add(mean, mul(exp(mul(logVariance, 0.5)), normal)),
  };
}
