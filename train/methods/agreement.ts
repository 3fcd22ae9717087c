// Agreement of a classifier with itself: what it is sure of at an image, it should say of the image warped as well
// (FixMatch, Sohn et al. 2020).
import { add, log, mean, mul, neg, type Scalar, step, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { stopGradient } from '../layers/stop-gradient.ts';

const SMALLEST = 1e-6;

/**
 * Mean over the batch of −log q(ŷ|warped) where q(ŷ|x) exceeds `confidence`, which is at least ½, for some class ŷ, and of
 * 0 elsewhere (Eq. 4); `q` [batch, classes] at the images as they are, which is held, `logWarped` the logs at the warped.
 */
export const pseudoLabelLoss = (q: Tensor, logWarped: Tensor, confidence: number): Scalar =>
  neg(mean(sum(mul(stopGradient(step(sub(q, confidence))), logWarped), 1))) as Scalar;

/** KL of the mean of `q` [batch, classes] over the batch from equally many of each class: what p(y) of M2 says of all images. */
export function imbalance(q: Tensor): Scalar {
  const shares = mean(q, 0);
  return sum(mul(shares, log(add(mul(shares, q.shape[1]!), SMALLEST)))) as Scalar;
}
