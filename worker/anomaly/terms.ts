// How strange an image is to a VAE: its negative bound with the terms, and what is left of that without the entropy
// of its own grey levels. Larger is stranger in all of them.

/** In nats. */
export type AnomalyTerms = {
  /** −log p(x|z) at the mean z of q(z|x). */
  reconstruction: number;
  /** KL(q(z|x) ‖ N(0, I)) (Kingma & Welling 2013, Appendix B). */
  kl: number;
  /** reconstruction + kl: the negative bound (Eq. 10), with the mean in place of a sample. */
  score: number;
  /** score − the least that the pixels could cost; 0 would be perfect. */
  excess: number;
};

export type Posterior = { mean: Float32Array; logVariance: Float32Array };

/** Pixel means are kept this far from 0 and 1, where a single pixel would decide everything: it costs 13.8 nats. */
const LEAST_PROBABILITY = 1e-6;

const xLogY = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y));

/**
 * −log p(x|z) of Bernoulli pixels, and the least that it could be: Σ H(xᵢ), with x itself for means. Their difference
 * is Σ KL(xᵢ ‖ meanᵢ), half the deviance.
 */
function bernoulliCost(x: Float32Array, means: Float32Array): { cost: number; least: number } {
  let [cost, least] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, means[i]!));
    cost -= xLogY(x[i]!, p) + xLogY(1 - x[i]!, 1 - p);
    least -= xLogY(x[i]!, x[i]!) + xLogY(1 - x[i]!, 1 - x[i]!);
  }
  return { cost, least };
}

/**
 * The terms of one image `x` under `pixelMeans`, both [channels · height · width] in 0…1, decoded from the mean of
 * q(z|x) = N(mean, exp(logVariance)). No decoder makes a grey pixel cheaper than its entropy, so plain images have
 * likely scores whatever they show (Serrà et al. 2020 take off a compressed length for that reason); the excess does
 * not have that part, and equals the score where x is binary.
 */
export function anomalyTerms(
  x: Float32Array,
  { mean, logVariance }: Posterior,
  pixelMeans: Float32Array,
): AnomalyTerms {
  const { cost: reconstruction, least } = bernoulliCost(x, pixelMeans);
  let kl = 0;
  for (let j = 0; j < mean.length; j++)
    kl += 0.5 * (mean[j]! ** 2 + Math.exp(logVariance[j]!) - logVariance[j]! - 1);
  const score = reconstruction + kl;
  return { reconstruction, kl, score, excess: score - least };
}
