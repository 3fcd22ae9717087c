// Uniform latents, between `low` and `high` in every dimension (Goodfellow et al. 2014: −√3 to √3).
import type { UniformSpec } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';

/** [dimensions]: uniform around the middle of low…high, as far to either side as half of it times `temperature`. */
export function drawUniform(
  { dimensions, low, high }: UniformSpec,
  seed: string,
  index: number,
  temperature: number,
): Float32Array {
  const stream = createStream(seed, 'latent', index);
  const [middle, reach] = [(low + high) / 2, ((high - low) / 2) * temperature];
  return Float32Array.from({ length: dimensions }, () => middle + reach * (2 * stream.uniform() - 1));
}
