// Transcendental functions on four lanes, from additions, multiplications and divisions alone, so that every CPU
// gives the same bits. Polynomials after the Cephes library (S. L. Moshier); errors are stated in the tests.

/** 2ⁿ for whole n in −126…127. */
function power2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2. */
function expTail(r: v128): v128 {
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  return f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
}

/** eˣ: x = n ln 2 + r. */
export function exp(x: v128): v128 {
  // Beyond these bounds the result is 0 or ∞ in any case; NaN stays NaN.
  const c = f32x4.min(f32x4.max(x, f32x4.splat(-104)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(c, f32x4.splat(Mathf.LOG2E)));
  // ln 2 in two parts, the first exact in few bits, so that n times it is exact.
  let r = f32x4.sub(c, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  const tail = f32x4.mul(expTail(r), f32x4.mul(r, r));
  const y = f32x4.add(f32x4.add(tail, r), f32x4.splat(1));
  // In two steps, since 2ⁿ alone would leave the range of exponents.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(y, power2(half)), power2(i32x4.sub(whole, half)));
}

/** eˣ − 1, exact to the last bits near 0 as well. */
export function expm1(x: v128): v128 {
  const near = f32x4.add(f32x4.mul(expTail(x), f32x4.mul(x, x)), x);
  const far = f32x4.sub(exp(x), f32x4.splat(1));
  return v128.bitselect(near, far, f32x4.lt(f32x4.abs(x), f32x4.splat(0.34)));
}

/** ln x: x = 2ⁿ m with m in √½…√2. */
export function log(x: v128): v128 {
  const subnormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
  const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
  let n = i32x4.sub(v128.and(i32x4.shr_u(scaled, 23), i32x4.splat(0xff)), i32x4.splat(126));
  n = i32x4.sub(n, v128.and(subnormal, i32x4.splat(23)));
  let m = v128.or(v128.and(scaled, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, f32x4.splat(0.707106781186547524));
  n = i32x4.add(n, low); // a true lane is −1
  m = f32x4.sub(f32x4.add(m, v128.and(m, low)), f32x4.splat(1));
  const e = f32x4.convert_i32x4_s(n);
  const square = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.151461031e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.167699874e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, m), f32x4.splat(3.3333331174e-1));
  let y = f32x4.mul(f32x4.mul(p, m), square);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(-2.1219444e-4)));
  y = f32x4.sub(y, f32x4.mul(square, f32x4.splat(0.5)));
  y = f32x4.add(f32x4.add(m, y), f32x4.mul(e, f32x4.splat(0.693359375)));
  y = v128.bitselect(f32x4.splat(-Infinity), y, f32x4.eq(x, f32x4.splat(0)));
  y = v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(Infinity)));
  return v128.bitselect(y, f32x4.splat(NaN), f32x4.ge(x, f32x4.splat(0)));
}

/** tanh x: a polynomial near 0, 1 − 2 / (e^2|x| + 1) elsewhere. */
export function tanh(x: v128): v128 {
  const magnitude = f32x4.abs(x);
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-3.33332819422e-1));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, square), x), x);
  const e = exp(f32x4.add(magnitude, magnitude));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(e, f32x4.splat(1))));
  const signed = v128.or(far, v128.and(x, i32x4.splat(0x80000000)));
  return v128.bitselect(near, signed, f32x4.lt(magnitude, f32x4.splat(0.625)));
}

/** 1 / (1 + e⁻ˣ), as t / (1 + t) with t = eˣ where x < 0, so that nothing overflows. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const t = exp(f32x4.neg(f32x4.abs(x)));
  const top = v128.bitselect(t, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(one, t));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + t), t = e^−|x|. */
export function softplus(x: v128): v128 {
  const t = exp(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(f32x4.splat(1), t);
  // What rounding took from 1 + t comes back to first order: ln(u + d) ≈ ln u + d / u.
  const lost = f32x4.sub(t, f32x4.sub(u, f32x4.splat(1)));
  const log1p = f32x4.add(log(u), f32x4.div(lost, u));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), log1p);
}

/** 2 / √π ∫₀ˣ e^−t² dt: beyond ±4 it is ±1; a quotient of polynomials between (Eigen's coefficients). */
export function erf(x: v128): v128 {
  const c = f32x4.min(f32x4.max(x, f32x4.splat(-4)), f32x4.splat(4));
  const square = f32x4.mul(c, c);
  let p = f32x4.splat(-2.72614225801306e-10);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.77068142495902e-8));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-2.10102402082508e-6));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.69250639462346e-5));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-7.34990630326855e-4));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-2.9545998085402e-3));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-1.60960333262415e-2));
  let q = f32x4.splat(-1.45660718464996e-5);
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-2.13374055278905e-4));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-1.68282697438203e-3));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-7.37332916720468e-3));
  q = f32x4.add(f32x4.mul(q, square), f32x4.splat(-1.42647390514189e-2));
  // The quotient first: c p would be subnormal where c is hardly normal.
  return f32x4.mul(c, f32x4.div(p, q));
}

/** The nearest float16, ties to even. */
export function roundHalf(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const magnitude = v128.andnot(x, i32x4.splat(0x80000000));
  const odd = v128.and(i32x4.shr_u(magnitude, 13), i32x4.splat(1));
  let normal = i32x4.add(i32x4.add(magnitude, i32x4.splat(0x0fff)), odd);
  normal = v128.andnot(normal, i32x4.splat(0x1fff));
  normal = v128.bitselect(f32x4.splat(Infinity), normal, f32x4.ge(normal, f32x4.splat(65536)));
  // Adding ½ leaves 2⁻²⁴, the step of float16's subnormal numbers, as the last bit.
  const half = f32x4.splat(0.5);
  const subnormal = f32x4.sub(f32x4.add(magnitude, half), half);
  const y = v128.bitselect(subnormal, normal, f32x4.lt(magnitude, f32x4.splat(6.103515625e-5)));
  return v128.bitselect(v128.or(y, sign), x, f32x4.eq(x, x));
}
