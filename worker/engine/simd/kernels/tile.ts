// The inner loops of every product. B lies in panels of eight columns, [k][8]; a row of A is one or more runs of
// contiguous numbers. Each element is one sum over k in ascending order, so it has the same bits in whichever tile it
// is computed. Eight accumulators of four lanes: fewer leave the adders waiting, more spill registers.
import { apply } from './apply';
import { COPY, RELU } from './opcodes';

/** A finished tile: 4 rows of 8 columns, or 1 row of 4 panels. */
const TILE = memory.data(4 * 32, 16);

/** A run that begins where the row begins. */
const WHOLE = memory.data(12, 16);

/**
 * The table of runs for rows of `k` contiguous numbers. A run is three numbers, in bytes: its offset from the row's
 * beginning, its length, and the offset of its place in a panel.
 */
export function wholeRun(k: i32): usize {
  i32.store(WHOLE, 0);
  i32.store(WHOLE, k << 2, 4);
  i32.store(WHOLE, 0, 8);
  return WHOLE;
}

/** TILE = 4 rows of A, beginning at `a0` … `a3`, times one panel, `count` runs of them. */
export function tile4x8(
  a0: usize,
  a1: usize,
  a2: usize,
  a3: usize,
  panel: usize,
  runs: usize,
  count: i32,
): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  const last = runs + <usize>(12 * count);
  for (; runs < last; runs += 12) {
    const offset = <usize>i32.load(runs);
    let b = panel + <usize>i32.load(runs, 8);
    let p0 = a0 + offset;
    let p1 = a1 + offset;
    let p2 = a2 + offset;
    let p3 = a3 + offset;
    const end = p0 + <usize>i32.load(runs, 4);
    while (p0 < end) {
      const left = v128.load(b);
      const right = v128.load(b, 16);
      let x = v128.load32_splat(p0);
      c0 = f32x4.add(c0, f32x4.mul(x, left));
      c1 = f32x4.add(c1, f32x4.mul(x, right));
      x = v128.load32_splat(p1);
      c2 = f32x4.add(c2, f32x4.mul(x, left));
      c3 = f32x4.add(c3, f32x4.mul(x, right));
      x = v128.load32_splat(p2);
      c4 = f32x4.add(c4, f32x4.mul(x, left));
      c5 = f32x4.add(c5, f32x4.mul(x, right));
      x = v128.load32_splat(p3);
      c6 = f32x4.add(c6, f32x4.mul(x, left));
      c7 = f32x4.add(c7, f32x4.mul(x, right));
      p0 += 4;
      p1 += 4;
      p2 += 4;
      p3 += 4;
      b += 32;
    }
  }
  keep(c0, c1, c2, c3, c4, c5, c6, c7);
}

/**
 * TILE = one row times four panels, `panel` bytes apart: only the numbers that stand in its list (list.ts), which ends at
 * `end`.
 */
export function listed1x32(at: usize, end: usize, b: usize, panel: usize): void {
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  let c6 = c0;
  let c7 = c0;
  const second = b + panel;
  const third = second + panel;
  const fourth = third + panel;
  while (at < end) {
    const x = v128.load32_splat(at);
    const offset = <usize>i32.load(at, 4);
    const b0 = b + offset;
    c0 = f32x4.add(c0, f32x4.mul(x, v128.load(b0)));
    c1 = f32x4.add(c1, f32x4.mul(x, v128.load(b0, 16)));
    const b1 = second + offset;
    c2 = f32x4.add(c2, f32x4.mul(x, v128.load(b1)));
    c3 = f32x4.add(c3, f32x4.mul(x, v128.load(b1, 16)));
    const b2 = third + offset;
    c4 = f32x4.add(c4, f32x4.mul(x, v128.load(b2)));
    c5 = f32x4.add(c5, f32x4.mul(x, v128.load(b2, 16)));
    const b3 = fourth + offset;
    c6 = f32x4.add(c6, f32x4.mul(x, v128.load(b3)));
    c7 = f32x4.add(c7, f32x4.mul(x, v128.load(b3, 16)));
    at += 8;
  }
  keep(c0, c1, c2, c3, c4, c5, c6, c7);
}

function keep(c0: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, c6: v128, c7: v128): void {
  v128.store(TILE, c0);
  v128.store(TILE, c1, 16);
  v128.store(TILE, c2, 32);
  v128.store(TILE, c3, 48);
  v128.store(TILE, c4, 64);
  v128.store(TILE, c5, 80);
  v128.store(TILE, c6, 96);
  v128.store(TILE, c7, 112);
}

/** Eight columns of the tile, from the `part`-th eight on, after bias and activation, in place; returns their address. */
export function finish(part: i32, left: v128, right: v128, code: i32, alpha: f32, beta: f32): usize {
  const at = TILE + ((<usize>part) << 5);
  let x = f32x4.add(v128.load(at), left);
  let y = f32x4.add(v128.load(at, 16), right);
  if (code === RELU) {
    // The commonest, without a call.
    x = f32x4.max(x, f32x4.splat(0));
    y = f32x4.max(y, f32x4.splat(0));
  } else if (code !== COPY) {
    x = apply(code, x, x, alpha, beta);
    y = apply(code, y, y, alpha, beta);
  }
  v128.store(at, x);
  v128.store(at, y, 16);
  return at;
}

/** The `count` (≤ 8) first numbers at `from` go to `out`, `stride` bytes apart. */
export function put(out: usize, from: usize, count: i32, stride: usize): void {
  if (count >= 8 && stride === 4) {
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    return;
  }
  for (let i = 0; i < min(count, 8); i++) {
    f32.store(out, f32.load(from));
    from += 4;
    out += stride;
  }
}
