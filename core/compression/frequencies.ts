// How often each value of a variable comes, by its logits, as frequencies of the arithmetic coder. They are part of the
// byte format: + − × ÷ of doubles, which IEEE 754 fixes to the last bit, then whole numbers.
import { TABLE_BITS, type Table } from './gaussian.ts';

const TOTAL = 2 ** TABLE_BITS;
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
/** exp of less than this is nothing beside 1, in parts of a table. */
const LEAST = -40;
/** Terms of the series of exp, whose argument is at most ½ ln 2 up to its sign. */
const TERMS = 14;

/** exp(x) for x ≤ 0, to about 1 part in 10¹⁵; 0 below −40. */
export function exponential(x: number): number {
  if (!(x >= LEAST)) return 0;
  const halvings = Math.floor(0.5 - x * Math.LOG2E);
  const rest = x + halvings * LN2_HIGH + halvings * LN2_LOW;
  let value = 1;
  for (let n = TERMS; n > 0; n--) value = 1 + (rest / n) * value;
  for (let i = 0; i < halvings; i++) value *= 0.5;
  return value;
}

/**
 * Of the values 0, 1, … with probabilities softmax(logits), or of a bit with sigmoid(logit) where there is one logit:
 * the slot of k begins at k + ⌊(2¹⁶ − n) P(less than k)⌋, and is never empty.
 * @throws Error when no logit is the largest: one of them is infinite, or all are −∞.
 */
export function frequencyTable(logits: Float32Array): Table {
  const all = logits.length === 1 ? [0, logits[0]!] : [...logits];
  const count = all.length;
  const largest = Math.max(...all);
  if (!Number.isFinite(largest))
    throw new Error(`frequencies: the largest logit must be a number, got ${largest}`);
  const below = new Float64Array(count + 1);
  for (let k = 0; k < count; k++) below[k + 1] = below[k]! + exponential(all[k]! - largest);
  const starts = Uint32Array.from(
    below,
    (weight, k) => k + Math.floor((TOTAL - count) * (weight / below[count]!)),
  );
  return { most: 0, starts };
}
