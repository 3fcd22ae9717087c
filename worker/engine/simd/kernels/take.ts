// Movement that strides cannot say: rows chosen by index, and blocks put where a table says.

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

/** out = a, `bytes` long, but for `count` blocks of b, one behind the other there, at the byte offsets of `offsets`. */
export function scatter(
  out: usize,
  a: usize,
  bytes: usize,
  b: usize,
  offsets: usize,
  count: i32,
  block: usize,
): void {
  memory.copy(out, a, bytes);
  for (let i = 0; i < count; i++) {
    memory.copy(out + <usize>i32.load(offsets + ((<usize>i) << 2)), b, block);
    b += block;
  }
}
