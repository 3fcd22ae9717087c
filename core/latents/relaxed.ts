// A relaxed categorical variable: the Gumbel-Softmax distribution (Jang, Gu & Poole 2017), alias Concrete (Maddison et al.
// 2017). As the temperature falls its samples become one-hot and its mean the probabilities; as it rises both become flat.
import { log } from '../sampling/normal.ts';
import { createStream } from '../sampling/stream.ts';

/** Probabilities of a variable that shows all of this. */
export const EXAMPLE = [0.05, 0.1, 0.4, 0.1, 0.25, 0.1] as const;

/** softmax of values [classes]. */
function softmax(values: Float64Array): Float64Array {
  const top = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - top));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Sample `index` of a seed, weights [classes] that sum to 1, at `temperature` τ > 0 (Eq. 2): softmax((log π + g) / τ) with
 * Gumbel noise g, the same at every temperature, so that a sample moves as τ does.
 */
export function relaxedSample(
  probabilities: readonly number[],
  temperature: number,
  seed: string,
  index: number,
): Float64Array {
  const stream = createStream(seed, 'relaxed', index);
  return softmax(
    Float64Array.from(probabilities, (p) => (log(p) - log(-log(stream.uniform()))) / temperature),
  );
}

/** The mean [classes] of the first `count` samples of a seed. */
export function relaxedMean(
  probabilities: readonly number[],
  temperature: number,
  seed: string,
  count: number,
): Float64Array {
  const sum = new Float64Array(probabilities.length);
  for (let i = 0; i < count; i++)
    relaxedSample(probabilities, temperature, seed, i).forEach((weight, k) => {
      sum[k]! += weight;
    });
  return sum.map((total) => total / count);
}
