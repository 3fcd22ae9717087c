// Errors in units in the last place of float32, and grids of float32 numbers to look for them on.

const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The distance from |x| to the next float32 above it; 2⁻¹⁴⁹ for subnormal numbers. */
export function ulpOf(x: number): number {
  const exponent = Math.floor(Math.log2(Math.min(Math.max(Math.abs(x), 2 ** -126), LARGEST)));
  // log2 may round up to the next power of two.
  return 2 ** (exponent - (2 ** exponent > Math.abs(x) && exponent > -126 ? 1 : 0) - 23);
}

/**
 * How many ulp a float32 is away from the exact value: 0 for NaN and the infinities where they belong, infinite
 * where one of them is and should not be, or is not and should.
 */
export function ulpError(actual: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Infinity;
  // What rounds to infinity: half an ulp above the largest number.
  const rounded = Math.abs(exact) >= LARGEST + 2 ** 103 ? Math.sign(exact) * Infinity : exact;
  if (actual === rounded) return 0;
  // One rounding too early or too late at the edge of the range counts in ulp as elsewhere.
  const a = Math.abs(actual) === Infinity ? Math.sign(actual) * 2 ** 128 : actual;
  const e = Math.abs(exact) === Infinity ? exact : rounded === exact ? exact : Math.sign(exact) * 2 ** 128;
  const error = Math.abs(a - e) / ulpOf(exact);
  return Number.isNaN(error) ? Infinity : error;
}

/** Every `step`-th float32 by its bits: all exponents, both signs, subnormal numbers, infinities, NaN. */
export function everyFloat(step: number): Float32Array {
  const count = Math.floor(2 ** 32 / step);
  return new Float32Array(Uint32Array.from({ length: count }, (_, i) => i * step).buffer);
}

/** `count` numbers from `low` to `high`, evenly apart. */
export const evenly = (low: number, high: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** Edges that a step may miss: zeros, ends of ranges, and where exp overflows, underflows and becomes subnormal. */
export const EDGES = Float32Array.of(
  0,
  -0,
  1,
  -1,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  2 ** -126 - 2 ** -149,
  LARGEST,
  -LARGEST,
  Infinity,
  -Infinity,
  Number.NaN,
  1 - 2 ** -24,
  1 + 2 ** -23,
  88.722839,
  88.72284,
  -87.33654,
  -87.33655,
  -103.278929,
  -103.97207,
  -103.97208,
  88,
  -88,
  -104,
  9.010913,
  -9.010913,
  Math.LN2,
  Math.SQRT2,
  Math.SQRT1_2,
);
