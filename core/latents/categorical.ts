// Categorical latents: variables of one class each, as flat one-hot vectors, the classes of the first variable first.
import type { CategoricalSpec } from '../../models/latent.ts';
import { log } from '../sampling/normal.ts';
import { createStream, type Stream } from '../sampling/stream.ts';

/** [variables · classes], every class of a variable as likely. */
export function drawCategorical(
  { variables, classes }: CategoricalSpec,
  seed: string,
  index: number,
): Float32Array {
  const stream = createStream(seed, 'latent', index);
  const out = new Float32Array(variables * classes);
  for (let v = 0; v < variables; v++) out[v * classes + Math.floor(stream.uniform() * classes)] = 1;
  return out;
}

/** The first of the largest. */
export function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

/**
 * A class with probability softmax(logits / temperature): the largest of logit + temperature · Gumbel noise (Gumbel
 * 1954; Jang et al. 2017, Eq. 1), which takes one uniform number of `stream` for each class.
 */
export const drawClass = (logits: Float32Array, temperature: number, stream: Stream): number =>
  argmax(Float64Array.from(logits, (logit) => logit - temperature * log(-log(stream.uniform()))));
