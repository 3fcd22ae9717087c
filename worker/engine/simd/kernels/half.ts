// float16 weights as they lie in a file → float32.

/** Four float16 numbers at `a`. */
function widen4(a: usize): v128 {
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

/** `pack` of product.ts from float16: a matrix [k][columns], row by row, `strideK` bytes from row to row. */
export function packHalf(out: usize, b: usize, k: i32, columns: i32, strideK: i32): void {
  const padded = (columns + 31) & ~31;
  for (let column = 0; column < padded; column += 8) {
    let from = b + (column << 1);
    const end = out + ((<usize>k) << 5);
    const width = max(0, min(8, columns - column));
    for (; out < end; out += 32) {
      v128.store(out, width > 0 ? widen4(from) : f32x4.splat(0));
      v128.store(out, width > 4 ? widen4(from + 8) : f32x4.splat(0), 16);
      // What was read beyond the last column belongs to the next row.
      for (let j = width; j < 8; j++) f32.store(out + ((<usize>j) << 2), 0);
      from += strideK;
    }
  }
}
