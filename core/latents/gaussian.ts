// Gaussian latents: N(0, 1) in every dimension, or where the codes of images are (the aggregate posterior; Makhzani et al.
// 2016; as a mixture: Ghosh et al. 2020), which training has not made quite the same.
import type { GaussianSpec } from '../../models/latent.ts';
import { createStream } from '../sampling/stream.ts';

type Aggregate = NonNullable<GaussianSpec['aggregate']>;

/** Mean and deviation of all that a mixture draws, in dimension `j`. */
function momentsOf(
  { weights, means, deviations }: Aggregate,
  j: number,
): { mean: number; deviation: number } {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, k) => sum + weight * means[k]![j]!, 0) / total;
  const squares = weights.reduce(
    (sum, weight, k) => sum + weight * (deviations[k]![j]! ** 2 + (means[k]![j]! - mean) ** 2),
    0,
  );
  return { mean, deviation: Math.sqrt(squares / total) };
}

/** From N(0, I) to the normal distribution with mean and deviations of what seeds draw. */
export const fromStandard = ({ aggregate: of }: GaussianSpec, u: Float32Array): Float32Array =>
  of
    ? u.map((value, j) => {
        const { mean, deviation } = momentsOf(of, j);
        return mean + deviation * value;
      })
    : u;

/** And back. */
export const toStandard = ({ aggregate: of }: GaussianSpec, z: Float32Array): Float32Array =>
  of
    ? z.map((value, j) => {
        const { mean, deviation } = momentsOf(of, j);
        return (value - mean) / deviation;
      })
    : z;

/** The part of a mixture at the share `at`, in (0, 1), of its weights. */
function partAt(weights: readonly number[], at: number): number {
  let left = at * weights.reduce((sum, weight) => sum + weight, 0);
  const part = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return part < 0 ? weights.length - 1 : part;
}

/** [dimensions]: `temperature` scales the deviations, and leaves the part of a mixture as it is. */
export function drawGaussian(
  { dimensions, aggregate: of }: GaussianSpec,
  seed: string,
  index: number,
  temperature: number,
): Float32Array {
  const out = new Float32Array(dimensions);
  createStream(seed, 'latent', index).fillNormal(out);
  const u = temperature === 1 ? out : out.map((value) => value * temperature);
  if (!of) return u;
  const k = partAt(of.weights, createStream(seed, 'part', index).uniform());
  return u.map((value, j) => of.means[k]![j]! + of.deviations[k]![j]! * value);
}
