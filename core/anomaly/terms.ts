// How strange an image is to a VAE: its negative bound with the terms, and what is left of that without what no decoder
// could avoid. Larger is stranger in all of them.
import { type CodePosterior, codeKl } from './code-kl.ts';

/** In nats. */
export type AnomalyTerms = {
  /** −log p(x|z) at the mean z of q(z|x), or at its likeliest code. */
  reconstruction: number;
  /** KL(q(z|x) ‖ N(0, I)) (Kingma & Welling 2013, Appendix B); of codes as `codeKl` says. */
  kl: number;
  /** reconstruction + kl: the negative bound (Eq. 10), with the mean in place of a sample. */
  score: number;
  /** score − the least that a decoder could make the pixels cost; 0 would be perfect. */
  excess: number;
};

/** q(z|x) = N(mean, exp(logVariance)), [J] each. */
export type Posterior = { mean: Float32Array; logVariance: Float32Array };

/** p(x|z), [channels · height · width] each: Gaussian with a log-variance, else Bernoulli. */
export type Pixels = { mean: Float32Array; logVariance?: Float32Array };

/** −log p(x|z), and the least that it could be, with x itself for means: their difference is half the deviance. */
type Cost = { cost: number; least: number };

/** Pixel means are kept this far from 0 and 1, where a single pixel would decide everything: it costs 13.8 nats. */
const LEAST_PROBABILITY = 1e-6;

const xLogY = (x: number, y: number): number => (x === 0 ? 0 : x * Math.log(y));

/** The least is the entropy of the grey levels, Σ H(xᵢ). */
function bernoulliCost(x: Float32Array, means: Float32Array): Cost {
  let [cost, least] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, means[i]!));
    cost -= xLogY(x[i]!, p) + xLogY(1 - x[i]!, 1 - p);
    least -= xLogY(x[i]!, x[i]!) + xLogY(1 - x[i]!, 1 - x[i]!);
  }
  return { cost, least };
}

/** The least is that of an exact mean: the variances are the decoder's own. */
function gaussianCost(x: Float32Array, means: Float32Array, logVariances: Float32Array): Cost {
  let [distance, least] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    distance += 0.5 * (x[i]! - means[i]!) ** 2 * Math.exp(-logVariances[i]!);
    least += 0.5 * (Math.log(2 * Math.PI) + logVariances[i]!);
  }
  return { cost: distance + least, least };
}

function gaussianKl({ mean, logVariance }: Posterior): number {
  let kl = 0;
  for (let j = 0; j < mean.length; j++)
    kl += 0.5 * (mean[j]! ** 2 + Math.exp(logVariance[j]!) - logVariance[j]! - 1);
  return kl;
}

/**
 * The terms of one image `x` [channels · height · width] in 0…1 under `pixels` decoded from the mean of the posterior, or
 * from its likeliest code.
 * No decoder makes a grey pixel cheaper than its entropy, so plain images have likely scores whatever they show (Serrà
 * et al. 2020 take off a compressed length for that reason); the excess does not have that part, and equals the score
 * where pixels are Bernoulli and x is binary.
 */
export function anomalyTerms(
  x: Float32Array,
  posterior: Posterior | CodePosterior,
  pixels: Pixels,
): AnomalyTerms {
  const { cost: reconstruction, least } = pixels.logVariance
    ? gaussianCost(x, pixels.mean, pixels.logVariance)
    : bernoulliCost(x, pixels.mean);
  const kl = 'mean' in posterior ? gaussianKl(posterior) : codeKl(posterior);
  const score = reconstruction + kl;
  return { reconstruction, kl, score, excess: score - least };
}
