// Sums, means and maxima over some axes, and over windows: a window's steps are axes that are reduced.
import { MAXIMUM, MEAN } from './opcodes';
import { MAX_RANK, rank, size, stride } from './shape';

const INDEX = memory.data(4 * 8, 16);

/** Four sums in double precision: element e of what is reduced, counted in order, belongs to lane e mod 4. */
const LANES = memory.data(8 * 4, 16);

/**
 * Adds a row of n floats, `step` bytes apart, the first of which is number `first` of all. Which lane an element belongs
 * to follows from its number alone, however it lies in memory: an image sums in the same order alone and in a batch.
 */
function addRow(a: usize, n: i32, step: i32, first: i32): void {
  let i = 0;
  for (; i < n && (first + i) & 3; i++) {
    addTo(first + i, a);
    a += step;
  }
  if (i + 4 <= n) {
    let low = v128.load(LANES);
    let high = v128.load(LANES, 16);
    if (step === 4) {
      for (; i + 4 <= n; i += 4) {
        const x = v128.load(a);
        low = f64x2.add(low, f64x2.promote_low_f32x4(x));
        high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)));
        a += 16;
      }
    } else {
      const twice = step << 1;
      for (; i + 4 <= n; i += 4) {
        const x = f32x4.replace_lane(f32x4.splat(f32.load(a)), 1, f32.load(a + step));
        const b = a + twice;
        const y = f32x4.replace_lane(f32x4.splat(f32.load(b)), 1, f32.load(b + step));
        low = f64x2.add(low, f64x2.promote_low_f32x4(x));
        high = f64x2.add(high, f64x2.promote_low_f32x4(y));
        a += twice << 1;
      }
    }
    v128.store(LANES, low);
    v128.store(LANES, high, 16);
  }
  for (; i < n; i++) {
    addTo(first + i, a);
    a += step;
  }
}

function addTo(element: i32, a: usize): void {
  const lane = LANES + ((<usize>element & 3) << 3);
  f64.store(lane, f64.load(lane) + <f64>f32.load(a));
}

/** The lanes' sum; they are 0 afterwards. */
function takeLanes(): f64 {
  const both = f64x2.add(v128.load(LANES), v128.load(LANES, 16));
  memory.fill(LANES, 0, 32);
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}

function maximum(a: usize, n: i32, step: i32): f32 {
  let most: f32 = -Infinity;
  for (let i = 0; i < n; i++) {
    most = max(most, f32.load(a));
    a += step;
  }
  return most;
}

/**
 * out[…] = code(a[…, …]): the first `kept` axes of the shape table are the output's, contiguous; the others are reduced.
 * A sum is that of the lanes, and then, one by one, of the last elements that do not fill them.
 */
export function reduce(code: i32, out: usize, a: usize, kept: i32): void {
  const axes = rank();
  const last = axes - 1;
  const n = size(last);
  const step = stride(1, last);
  let count = 1;
  for (let axis = kept; axis < axes; axis++) count *= size(axis);
  const whole = count & ~3;
  memory.fill(INDEX, 0, 4 * MAX_RANK);
  memory.fill(LANES, 0, 32);
  let first = 0;
  let most: f32 = -Infinity;
  let total: f64 = 0;
  while (true) {
    if (code === MAXIMUM) most = max(most, maximum(a, n, step));
    else {
      const inLanes = max(0, min(n, whole - first));
      addRow(a, inLanes, step, first);
      if (first <= whole && whole < first + n) total = takeLanes();
      for (let i = inLanes; i < n; i++) total += <f64>f32.load(a + i * step);
      first += n;
    }
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      const at = INDEX + ((<usize>axis) << 2);
      const next = i32.load(at) + 1;
      a += stride(1, axis);
      if (next < size(axis)) {
        i32.store(at, next);
        break;
      }
      a -= next * stride(1, axis);
      i32.store(at, 0);
    }
    if (axis >= kept) continue;
    if (whole === count) total = takeLanes();
    f32.store(out, code === MAXIMUM ? most : <f32>(code === MEAN ? total / <f64>count : total));
    out += 4;
    first = 0;
    total = 0;
    most = -Infinity;
    if (axis < 0) return;
  }
}
