// Shares of a whole, with intervals that hold near nothing and near all of it.

/** `count` of `of`. A mean of values in 0…1 is one too: its `count` is their sum, and its interval is too wide if at all. */
export type Share = { count: number; of: number };

/** Of the normal distribution, 95 % lies within so many deviations. */
const DEVIATIONS = 1.959964;

/**
 * The 95 % interval of a share, in 0…1, by Wilson (1927): the shares that the score test does not reject. Unlike
 * p ± 1.96 √(p (1 − p) / n) it is never empty and never leaves 0…1. `of` > 0.
 */
export function wilson({ count, of }: Share): [low: number, high: number] {
  const share = count / of;
  const square = DEVIATIONS ** 2 / of;
  const middle = (share + square / 2) / (1 + square);
  const half = Math.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square);
  return [count === 0 ? 0 : middle - half, count === of ? 1 : middle + half];
}

/** In per cent, with its 95 % interval. */
export function percent(share: Share): { value: number; interval: [low: number, high: number] } {
  const [low, high] = wilson(share);
  return { value: (100 * share.count) / share.of, interval: [100 * low, 100 * high] };
}
