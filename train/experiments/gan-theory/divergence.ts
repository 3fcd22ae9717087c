// The Jensen–Shannon divergence, and what Goodfellow et al. 2014 say of the value of the game by it.
import { density, type Mixture, midpoints, supportOf } from './mixture.ts';

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/** JSD(p, q) in nats, 0 … log 2, of the masses of the same cells; each sums to 1. */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  return p.reduce((sum, a, i) => {
    const b = q[i]!;
    return sum + 0.5 * (xLogX(a) + xLogX(b)) - xLogX(0.5 * (a + b));
  }, 0);
}

/** D* = p_data / (p_data + p_g), Goodfellow et al. 2014, Proposition 1. */
export const optimalCritic = (data: number, generated: number): number => data / (data + generated);

/** Cells of a line for masses, the two that reach to infinity included. */
export type Cells = { low: number; width: number; count: number };

export const cellOf = ({ low, width, count }: Cells, x: number): number =>
  Math.max(0, Math.min(count - 1, Math.floor((x - low) / width)));

/** Masses of `points`, each of which stands for as much as any other. */
export function massesOfPoints(cells: Cells, points: ArrayLike<number>): number[] {
  const masses = new Array<number>(cells.count).fill(0);
  for (let i = 0; i < points.length; i++) masses[cellOf(cells, points[i]!)]! += 1 / points.length;
  return masses;
}

/** Parts of the support that the density is summed over. */
const PARTS = 20_000;

export function massesOf(cells: Cells, mixture: Mixture): number[] {
  const support = supportOf(mixture);
  const masses = new Array<number>(cells.count).fill(0);
  for (const x of midpoints(support, PARTS))
    masses[cellOf(cells, x)]! += (density(mixture, x) * (support[1] - support[0])) / PARTS;
  return masses;
}

/** JSD of two known densities, by quadrature over both supports. */
export function divergenceOf(a: Mixture, b: Mixture): number {
  const [one, other] = [supportOf(a), supportOf(b)];
  const [low, high] = [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
  const width = (high - low) / PARTS;
  const places = midpoints([low, high], PARTS);
  return jensenShannon(
    places.map((x) => density(a, x) * width),
    places.map((x) => density(b, x) * width),
  );
}
