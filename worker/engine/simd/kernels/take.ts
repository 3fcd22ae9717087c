// Movement that strides cannot say: rows chosen by index, and float16 weights as they lie in a file.

/**
 * out[o][j][…] = a[o][index[j]][…] for blocks of `bytes` bytes; a negative index counts from `length`.
 * @returns 0, or 1 when an index is out of range: then nothing more is written.
 */
export function take(
  out: usize,
  a: usize,
  index: usize,
  outer: i32,
  count: i32,
  length: i32,
  bytes: usize,
): i32 {
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < count; j++) {
      let i = i32.load(index + ((<usize>j) << 2));
      if (i < 0) i += length;
      if (i < 0 || i >= length) return 1;
      const from = a + <usize>i * bytes;
      if (bytes === 4) i32.store(out, i32.load(from));
      else memory.copy(out, from, bytes);
      out += bytes;
    }
    a += <usize>length * bytes;
  }
  return 0;
}

/** n float16 numbers at `a` → float32 at `out`; both hold room for a multiple of four. */
export function widen(out: usize, a: usize, n: i32): void {
  for (let i = 0; i < n; i += 4) {
    const h = v128.load_ext<u16>(a);
    const sign = i32x4.shl(v128.and(h, i32x4.splat(0x8000)), 16);
    const magnitude = i32x4.shl(v128.and(h, i32x4.splat(0x7fff)), 13);
    // The exponent's bias differs by 112; a multiplication mends subnormal numbers as well.
    const scaled = f32x4.mul(magnitude, f32x4.splat(5.192296858534828e33));
    const special = i32x4.ge_s(magnitude, i32x4.splat(0x0f800000));
    const y = v128.bitselect(v128.or(magnitude, i32x4.splat(0x7f800000)), scaled, special);
    v128.store(out, v128.or(y, sign));
    out += 16;
    a += 8;
  }
}
