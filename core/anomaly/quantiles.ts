// A distribution by its quantiles at a few levels, linear in between.

/** Ascending `quantiles` at ascending `levels`, which go from 0 to 1. */
export type Distribution = { levels: readonly number[]; quantiles: readonly number[] };

/** Levels for a model card: fine at both ends, where verdicts are made. */
export const LEVELS = [
  0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99,
  0.995, 0.998, 0.999, 1,
];

/** Where `at` lies between neighbours of the ascending `from`, carried over to `to`; beyond an end is that end. */
function carry(at: number, from: ArrayLike<number>, to: ArrayLike<number>): number {
  let above = 0;
  while (above < from.length && from[above]! <= at) above += 1;
  if (above === 0) return to[0]!;
  if (above === from.length) return to[above - 1]!;
  const share = (at - from[above - 1]!) / (from[above]! - from[above - 1]!);
  return to[above - 1]! + share * (to[above]! - to[above - 1]!);
}

/** The value that a share `level` of the distribution is below. */
export const valueAt = (level: number, { levels, quantiles }: Distribution): number =>
  carry(level, levels, quantiles);

/** The share of the distribution, 0…1, that is below `value`. */
export const shareBelow = (value: number, { levels, quantiles }: Distribution): number =>
  carry(value, quantiles, levels);

/** The distribution of `values`, at least two, at `LEVELS`. */
export function distributionOf(values: ArrayLike<number>): Distribution {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  const quantiles = LEVELS.map((level) => {
    const below = Math.min(last - 1, Math.floor(level * last));
    return sorted[below]! + (level * last - below) * (sorted[below + 1]! - sorted[below]!);
  });
  return { levels: LEVELS, quantiles };
}
