// Gaussian latents: N(0, 1) in every dimension.
import type { GaussianSpec } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';

/** [dimensions]: N(0, temperature²). */
export function drawGaussian(
  { dimensions }: GaussianSpec,
  seed: string,
  index: number,
  temperature: number,
): Float32Array {
  const out = new Float32Array(dimensions);
  createStream(seed, 'latent', index).fillNormal(out);
  return temperature === 1 ? out : out.map((value) => value * temperature);
}
