// The numbers of a row that are not 0, each with the place of its weights: a product with 0 adds nothing to a sum that
// began at 0, to the bit, as long as the weights are finite.

/** For each set of lanes, as bits: the bytes that bring them to the front. */
const FRONT = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6, 7,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 8, 9, 10, 11, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0, 0, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 1, 2, 3, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0, 4, 5, 6, 7, 12, 13, 14, 15, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 0, 0, 0, 0, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0,
  0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
]);

/** How many numbers of a row are not 0. */
export function filled(a: usize, runs: usize, count: i32): i32 {
  const zero = f32x4.splat(0);
  let lanes = zero;
  let rest = 0;
  for (const last = runs + <usize>(12 * count); runs < last; runs += 12) {
    let at = a + <usize>i32.load(runs);
    const end = at + <usize>i32.load(runs, 4);
    for (; at + 16 <= end; at += 16) lanes = i32x4.sub(lanes, f32x4.ne(v128.load(at), zero));
    for (; at < end; at += 4) rest += i32(f32.load(at) !== 0);
  }
  return (
    rest +
    i32x4.extract_lane(lanes, 0) +
    i32x4.extract_lane(lanes, 1) +
    i32x4.extract_lane(lanes, 2) +
    i32x4.extract_lane(lanes, 3)
  );
}

/**
 * Writes pairs of number and place in a panel, bytes, in the order of the row; `out` holds one pair for each
 * number and four more. `always`: 15 where zeros count, too, else 0. Returns the end of the list.
 */
export function list(out: usize, a: usize, runs: usize, count: i32, always: i32): usize {
  const zero = f32x4.splat(0);
  for (const last = runs + <usize>(12 * count); runs < last; runs += 12) {
    let at = a + <usize>i32.load(runs);
    const end = at + <usize>i32.load(runs, 4);
    let place = i32.load(runs, 8);
    let offsets = i32x4.add(i32x4.splat(place), i32x4(0, 32, 64, 96));
    for (; at + 16 <= end; at += 16) {
      const x = v128.load(at);
      const lanes = i32x4.bitmask(f32x4.ne(x, zero)) | always;
      const order = v128.load(FRONT + ((<usize>lanes) << 4));
      const numbers = v128.swizzle(x, order);
      const places = v128.swizzle(offsets, order);
      v128.store(out, i32x4.shuffle(numbers, places, 0, 4, 1, 5));
      v128.store(out, i32x4.shuffle(numbers, places, 2, 6, 3, 7), 16);
      out += (<usize>popcnt(lanes)) << 3;
      offsets = i32x4.add(offsets, i32x4.splat(128));
      place += 128;
    }
    for (; at < end; at += 4) {
      const x = f32.load(at);
      f32.store(out, x);
      i32.store(out, place, 4);
      out += (<usize>i32(x !== 0 || always !== 0)) << 3;
      place += 32;
    }
  }
  return out;
}
