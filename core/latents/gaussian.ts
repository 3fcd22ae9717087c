// Gaussian latents: N(0, 1) in every dimension, or where the codes of images are (the aggregate posterior; Makhzani et al.
// 2016), which training has not made quite the same.
import type { GaussianSpec } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';

/** From N(0, I) to the distribution that seeds draw from. */
export const fromStandard = ({ aggregate: of }: GaussianSpec, u: Float32Array): Float32Array =>
  of ? u.map((value, j) => of.means[j]! + of.deviations[j]! * value) : u;

/** And back. */
export const toStandard = ({ aggregate: of }: GaussianSpec, z: Float32Array): Float32Array =>
  of ? z.map((value, j) => (value - of.means[j]!) / of.deviations[j]!) : z;

/** [dimensions]: `temperature` scales the deviations. */
export function drawGaussian(
  spec: GaussianSpec,
  seed: string,
  index: number,
  temperature: number,
): Float32Array {
  const out = new Float32Array(spec.dimensions);
  createStream(seed, 'latent', index).fillNormal(out);
  return fromStandard(spec, temperature === 1 ? out : out.map((value) => value * temperature));
}
