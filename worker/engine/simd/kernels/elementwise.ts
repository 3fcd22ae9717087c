// One strided loop for every operation on elements: arithmetic with broadcasting, activations, copies, transposes.
import { apply } from './apply';
import { COPY, FILL } from './opcodes';
import { MAX_RANK, rank, size, stride } from './shape';

const INDEX = memory.data(4 * 8, 16);

/** One run along the last axis; strides in bytes. */
function row(
  code: i32,
  out: usize,
  a: usize,
  b: usize,
  n: i32,
  to: i32,
  sa: i32,
  sb: i32,
  alpha: f32,
  beta: f32,
): void {
  let i = 0;
  if (to === 4 && (sa === 4 || sa === 0) && (sb === 4 || sb === 0)) {
    if (code === COPY && sa === 4) {
      for (; i + 4 <= n; i += 4) {
        v128.store(out, v128.load(a));
        out += 16;
        a += 16;
      }
    }
    if (code === FILL) {
      const value = f32x4.splat(alpha);
      for (; i + 4 <= n; i += 4) {
        v128.store(out, value);
        out += 16;
      }
    }
    for (; i + 4 <= n; i += 4) {
      const x = sa ? v128.load(a) : v128.load32_splat(a);
      const y = sb ? v128.load(b) : v128.load32_splat(b);
      v128.store(out, apply(code, x, y, alpha, beta));
      out += 16;
      a += sa << 2;
      b += sb << 2;
    }
  }
  if (code === COPY) {
    for (; i < n; i++) {
      i32.store(out, i32.load(a));
      out += to;
      a += sa;
    }
    return;
  }
  // The same function on one lane: an element has the same bits wherever it stands.
  for (; i < n; i++) {
    f32.store(
      out,
      f32x4.extract_lane(apply(code, v128.load32_splat(a), v128.load32_splat(b), alpha, beta), 0),
    );
    out += to;
    a += sa;
    b += sb;
  }
}

/** out[i] = code(a[i], b[i]) over the shape table; an operation of one input is given `b` = `a`. */
export function elementwise(code: i32, out: usize, a: usize, b: usize, alpha: f32, beta: f32): void {
  const last = rank() - 1;
  const n = size(last);
  const to = stride(0, last);
  const sa = stride(1, last);
  const sb = stride(2, last);
  memory.fill(INDEX, 0, 4 * MAX_RANK);
  while (true) {
    row(code, out, a, b, n, to, sa, sb, alpha, beta);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      const at = INDEX + ((<usize>axis) << 2);
      const next = i32.load(at) + 1;
      out += stride(0, axis);
      a += stride(1, axis);
      b += stride(2, axis);
      if (next < size(axis)) {
        i32.store(at, next);
        break;
      }
      out -= next * stride(0, axis);
      a -= next * stride(1, axis);
      b -= next * stride(2, axis);
      i32.store(at, 0);
    }
    if (axis < 0) return;
  }
}
