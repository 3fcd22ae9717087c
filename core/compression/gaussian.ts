// How often each whole number comes when a Gaussian is quantised, as frequencies of the arithmetic coder. They are
// part of the byte format: + − × ÷ of doubles, which IEEE 754 fixes to the last bit, then whole numbers.
import type { Slot } from './arithmetic.ts';

/** Of the slots of a table. */
export const TABLE_BITS = 16;
const TOTAL = 2 ** TABLE_BITS;

/**
 * The numbers from −most on, to `most` of a Gaussian, whose two ends stand for all beyond; the slot of k is from
 * starts[k + most] to the next one.
 */
export type Table = { most: number; starts: Uint32Array };

/** Deviations from the mean that have slots of their own. */
const REACH = 5;
const LARGEST_MOST = 2000;

/** Φ(x), the distribution function of N(0, 1), to 1.5·10⁻⁷: Abramowitz & Stegun (1964), 26.2.19. */
export function normalDistribution(x: number): number {
  const y = x < 0 ? -x : x;
  const p =
    1 +
    y *
      (0.049867347 +
        y * (0.0211410061 + y * (0.0032776263 + y * (0.0000380036 + y * (0.0000488906 + y * 0.000005383)))));
  const p2 = p * p;
  const p4 = p2 * p2;
  const p8 = p4 * p4;
  const beyond = 0.5 / (p8 * p8);
  return x < 0 ? beyond : 1 - beyond;
}

/** Of N(0, 1) in steps of `ratio`, above 0: the slot of k is Φ((k + ½) ratio) − Φ((k − ½) ratio), and never empty. */
export function gaussianTable(ratio: number): Table {
  const most = Math.min(LARGEST_MOST, Math.max(1, Math.ceil(REACH / ratio)));
  const count = 2 * most + 1;
  const starts = new Uint32Array(count + 1);
  for (let i = 1; i < count; i++)
    starts[i] = i + Math.floor((TOTAL - count) * normalDistribution((i - most - 0.5) * ratio));
  starts[count] = TOTAL;
  return { most, starts };
}

/** The slot of k, −most…most. */
export function slotOf({ most, starts }: Table, k: number): Slot {
  const start = starts[k + most]!;
  return { start, frequency: starts[k + most + 1]! - start, bits: TABLE_BITS };
}

/** The number whose slot has the part `point` of 2^TABLE_BITS. */
export function numberAt({ most, starts }: Table, point: number): number {
  let [low, high] = [0, starts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= point) low = middle;
    else high = middle - 1;
  }
  return low - most;
}
