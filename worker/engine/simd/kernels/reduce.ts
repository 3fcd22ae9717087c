// Sums, means and maxima over some axes, and over windows: a window's steps are axes that are reduced.
import { MAXIMUM, MEAN } from './opcodes';
import { MAX_RANK, rank, size, stride } from './shape';

const INDEX = memory.data(4 * 8, 16);

/** Sum of n floats, `step` bytes apart, in double precision: two lanes of every second element, then both. */
function sum(a: usize, n: i32, step: i32): f64 {
  let total: f64 = 0;
  let i = 0;
  if (step === 4) {
    let low = f64x2.splat(0);
    let high = low;
    for (; i + 4 <= n; i += 4) {
      const x = v128.load(a);
      low = f64x2.add(low, f64x2.promote_low_f32x4(x));
      high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3)));
      a += 16;
    }
    low = f64x2.add(low, high);
    total = f64x2.extract_lane(low, 0) + f64x2.extract_lane(low, 1);
  }
  for (; i < n; i++) {
    total += <f64>f32.load(a);
    a += step;
  }
  return total;
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
 */
export function reduce(code: i32, out: usize, a: usize, kept: i32): void {
  const axes = rank();
  const last = axes - 1;
  const n = size(last);
  const step = stride(1, last);
  let count: f64 = 1;
  for (let axis = kept; axis < axes; axis++) count *= <f64>size(axis);
  memory.fill(INDEX, 0, 4 * MAX_RANK);
  let total: f64 = 0;
  let most: f32 = -Infinity;
  while (true) {
    if (code === MAXIMUM) most = max(most, maximum(a, n, step));
    else total += sum(a, n, step);
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
    f32.store(out, code === MAXIMUM ? most : <f32>(code === MEAN ? total / count : total));
    out += 4;
    total = 0;
    most = -Infinity;
    if (axis < 0) return;
  }
}
