// A conditional model read backwards: the class under which an image is most likely.
import { anomalyTerms, type Posterior } from '../anomaly/terms.ts';
import { oneHotRow } from './label.ts';

/** What the two graphs of a model answer for one class, `row` being its one-hot weights [classes]. */
export type Conditional = {
  encode(row: Float32Array): Promise<Posterior>;
  /** Pixel means in 0…1 of one latent vector. */
  decode(z: Float32Array, row: Float32Array): Promise<Float32Array>;
};

/** argmax over y of the bound on log p(x|y): Bayes' rule, every class being as likely as any other before. */
export async function likeliestClass(
  x: Float32Array,
  classes: number,
  { encode, decode }: Conditional,
): Promise<number> {
  let best = { index: 0, score: Number.POSITIVE_INFINITY };
  for (let index = 0; index < classes; index++) {
    const row = oneHotRow(index, classes);
    const posterior = await encode(row);
    const { score } = anomalyTerms(x, posterior, { mean: await decode(posterior.mean, row) });
    if (score < best.score) best = { index, score };
  }
  return best.index;
}
