// Mixtures of Gaussians on a line: distributions whose densities are known.
import type { Stream } from '../../../core/sampling/stream.ts';

export type Mixture = readonly { weight: number; mean: number; deviation: number }[];

export const density = (mixture: Mixture, x: number): number =>
  mixture.reduce((sum, { weight, mean, deviation }) => {
    const t = (x - mean) / deviation;
    return sum + (weight * Math.exp(-0.5 * t * t)) / (deviation * Math.sqrt(2 * Math.PI));
  }, 0);

export function draw(mixture: Mixture, stream: Stream): number {
  let left = stream.uniform();
  const chosen =
    mixture.find(({ weight }) => {
      left -= weight;
      return left < 0;
    }) ?? mixture.at(-1)!;
  return chosen.mean + chosen.deviation * stream.normal();
}

/** Where all of the mixture is but what nobody will draw: eight deviations beyond its components. */
export const supportOf = (mixture: Mixture): readonly [number, number] => [
  Math.min(...mixture.map(({ mean, deviation }) => mean - 8 * deviation)),
  Math.max(...mixture.map(({ mean, deviation }) => mean + 8 * deviation)),
];

/** Midpoints of `count` equal parts of [low, high]: as quadrature, and as places to look at. */
export const midpoints = ([low, high]: readonly [number, number], count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((i + 0.5) * (high - low)) / count);
