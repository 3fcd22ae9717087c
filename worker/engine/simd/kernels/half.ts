// float16 weights as they lie in a file → float32.

/** Four float16 numbers at `a`. */
export function widen4(a: usize): v128 {
  const h = v128.load_ext<u16>(a);
  const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
  const magnitude = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
  // The exponent's bias differs by 112; a multiplication mends subnormal numbers as well.
  const scaled = f32x4.mul(magnitude, f32x4.splat(5.192296858534828e33));
  const special = i32x4.ge_s(magnitude, i32x4.splat(0x0f800000));
  const y = v128.bitselect(v128.or(magnitude, i32x4.splat(0x7f800000)), scaled, special);
  return v128.or(y, sign);
}

/** n numbers at `a` → `out`; both hold room for a multiple of four. */
export function widen(out: usize, a: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    v128.store(out, widen4(a));
    out += 16;
    a += 8;
  }
}
