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
  /** score − Σ H(xᵢ); 0 would be perfect. */
  excess: number;
};

/** Pixel means nearer to 0 or 1 than float32 resolves at 1 are moved away: a pixel costs at most 16.6 nats. */
const CLIP = 2 ** -24;

const xLogY = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y));

/**
 * The terms of one image `x` under Bernoulli pixels with `pixelMeans`, both [channels · height · width] in 0…1, decoded
 * from the mean of q(z|x) = N(mean, exp(logVariance)). No decoder makes a grey pixel cheaper than its entropy, so plain
 * images have likely scores whatever they show (Serrà et al. 2020 take off a compressed length for that reason); the
 * excess is Σ KL(xᵢ ‖ pixelMeanᵢ) + kl, and equals the score where x is binary.
 */
export function anomalyTerms(
  x: Float32Array,
  { mean, logVariance }: { mean: Float32Array; logVariance: Float32Array },
  pixelMeans: Float32Array,
): AnomalyTerms {
  let [reconstruction, entropy, kl] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const p = Math.min(1 - CLIP, Math.max(CLIP, pixelMeans[i]!));
    reconstruction -= xLogY(x[i]!, p) + xLogY(1 - x[i]!, 1 - p);
    entropy -= xLogY(x[i]!, x[i]!) + xLogY(1 - x[i]!, 1 - x[i]!);
  }
  for (let j = 0; j < mean.length; j++)
    kl += 0.5 * (mean[j]! ** 2 + Math.exp(logVariance[j]!) - logVariance[j]! - 1);
  const score = reconstruction + kl;
  return { reconstruction, kl, score, excess: score - entropy };
}
