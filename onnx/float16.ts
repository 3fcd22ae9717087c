// float16 (IEEE 754 binary16) numbers as their 16 bits.

// One pair of views for all calls: arrays of their own would cost more than the conversion.
const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** The float16 nearest to `value`, ties to even, as its 16 bits. Beyond ±65504 it is infinite. */
export function toHalf(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa ? 0x200 : 0);
  const e = exponent - 112;
  if (e >= 31) return sign | 0x7c00;
  // A subnormal half shifts the whole significand right; the hidden bit becomes visible.
  const significand = e <= 0 ? mantissa | 0x800000 : mantissa;
  const shift = e <= 0 ? 14 - e : 13;
  if (shift > 25) return sign;
  const base = e <= 0 ? 0 : e << 10;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  // A carry out of the mantissa moves into the exponent, which is the right neighbour.
  const up = rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0;
  return sign | (base + kept + up);
}

/** The number that a float16 stands for. */
export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa
          ? Number.NaN
          : Number.POSITIVE_INFINITY
        : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return half & 0x8000 ? -magnitude : magnitude;
}
