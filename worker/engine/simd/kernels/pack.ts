// Weights as the products want them: panels of 8 columns, [k][8], zeros up to whole groups of 4 panels, and behind them
// four numbers that are 0 if all of B is finite.
import { widen4 } from './half';

/** Sums of 0 · x, where the panels end. */
function check(panels: usize, end: usize): void {
  const zero = f32x4.splat(0);
  let sum = zero;
  for (let at = panels; at < end; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(at), zero));
  v128.store(end, sum);
}

/** Whether the numbers packed at `b` hold neither an infinity nor a NaN. */
export function areFinite(b: usize, k: i32, columns: i32): bool {
  const sum = v128.load(b + ((<usize>k * ((columns + 31) >> 5)) << 7));
  return !v128.any_true(f32x4.ne(sum, f32x4.splat(0)));
}

/** A matrix [k][columns] of any strides (bytes) → panels. */
export function pack(out: usize, b: usize, k: i32, columns: i32, strideK: i32, strideColumn: i32): void {
  const panels = out;
  const padded = (columns + 31) & ~31;
  for (let column = 0; column < padded; column += 8) {
    let from = b + column * strideColumn;
    const end = out + ((<usize>k) << 5);
    if (columns - column >= 8 && strideColumn === 4) {
      for (; out < end; out += 32) {
        v128.store(out, v128.load(from));
        v128.store(out, v128.load(from, 16), 16);
        from += strideK;
      }
      continue;
    }
    const width = max(0, min(8, columns - column));
    for (; out < end; out += 32) {
      for (let j = 0; j < 8; j++)
        f32.store(out + ((<usize>j) << 2), j < width ? f32.load(from + j * strideColumn) : 0);
      from += strideK;
    }
  }
  check(panels, out);
}

/** The same from float16: a matrix row by row, `strideK` bytes from row to row. */
export function packHalf(out: usize, b: usize, k: i32, columns: i32, strideK: i32): void {
  const panels = out;
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
  check(panels, out);
}
