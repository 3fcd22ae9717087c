// Grids of continuous latents, row by row from the top left.
import type { ContinuousSpec } from '../../models/latent.ts';
import { normalQuantile } from '../sampling/normal.ts';
import { fromStandard } from './gaussian.ts';

/**
 * The point of a latent of two dimensions at the shares `right` and `down` of its prior, 0 to 1 without the ends, from
 * the top left: through the inverse distribution function (Kingma & Welling 2013, Appendix A).
 */
export function planePoint(spec: ContinuousSpec, right: number, down: number): Float32Array {
  if (spec.prior === 'gaussian')
    return fromStandard(spec, Float32Array.of(normalQuantile(right), -normalQuantile(down)));
  const quantile = (p: number) => spec.low + (spec.high - spec.low) * p;
  return Float32Array.of(quantile(right), -(quantile(down) - (spec.low + spec.high)));
}

/** The points of a square map with `size` points a side, at equal shares of the prior. */
export const manifoldGrid = (spec: ContinuousSpec, size: number): Float32Array[] =>
  Array.from({ length: size * size }, (_, i) =>
    planePoint(spec, ((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size),
  );

/**
 * A plane through three latents, row by row: `origin` at the top left, `right` at the top right, `down` at the
 * bottom left.
 */
export function planeGrid(
  origin: Float32Array,
  right: Float32Array,
  down: Float32Array,
  size: number,
): Float32Array[] {
  const share = (i: number) => (size === 1 ? 0 : i / (size - 1));
  return Array.from({ length: size * size }, (_, i) => {
    const [u, v] = [share(i % size), share(Math.floor(i / size))];
    return origin.map((value, d) => value + (right[d]! - value) * u + (down[d]! - value) * v);
  });
}
