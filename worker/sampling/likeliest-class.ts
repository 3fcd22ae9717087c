// A conditional model read backwards: the class under which an image is most likely.
import { oneHotRow } from './label.ts';

/** What the two graphs of a model answer for one class, `row` being its one-hot weights [classes]. */
export type Conditional = {
  encode(row: Float32Array): Promise<{ mean: Float32Array; logVariance: Float32Array }>;
  /** Pixel means in 0…1 of one latent vector. */
  decode(z: Float32Array, row: Float32Array): Promise<Float32Array>;
};

/** Pixel means are kept this far from 0 and 1, where a single pixel would decide everything. */
const LEAST_PROBABILITY = 1e-6;

/** log p(x|z) − KL(q(z|x) ‖ p(z)) with z at the posterior mean (Kingma & Welling 2013, Eq. 10), Bernoulli pixels. */
export function boundOf(
  x: Float32Array,
  y: Float32Array,
  mean: Float32Array,
  logVariance: Float32Array,
): number {
  let bound = 0;
  x.forEach((value, i) => {
    const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, y[i]!));
    bound += value * Math.log(p) + (1 - value) * Math.log(1 - p);
  });
  mean.forEach((m, j) => {
    bound += 0.5 * (1 + logVariance[j]! - m * m - Math.exp(logVariance[j]!));
  });
  return bound;
}

/** argmax over y of the bound on log p(x|y): Bayes' rule, every class being as likely as any other before. */
export async function likeliestClass(
  x: Float32Array,
  classes: number,
  { encode, decode }: Conditional,
): Promise<number> {
  let best = { index: 0, bound: Number.NEGATIVE_INFINITY };
  for (let index = 0; index < classes; index++) {
    const row = oneHotRow(index, classes);
    const { mean, logVariance } = await encode(row);
    const bound = boundOf(x, await decode(mean, row), mean, logVariance);
    if (bound > best.bound) best = { index, bound };
  }
  return best.index;
}
