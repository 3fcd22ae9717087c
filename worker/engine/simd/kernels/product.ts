// Matrix products: activations times packed weights.
import { add1x32, clear, finish, put, tile4x8, wholeRun } from './tile';

/**
 * out[row][column] = activation(Σₖ a[row][k] b[k][column] + bias[column]).
 * `b`: panels of 8 columns, padded to whole groups of 4 panels; `bias`: as many floats, or 0 for none.
 * `lda`, `ldc`: bytes from row to row.
 */
export function product(
  a: usize,
  lda: usize,
  b: usize,
  bias: usize,
  out: usize,
  ldc: usize,
  rows: i32,
  k: i32,
  columns: i32,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const runs = wholeRun(k);
  const panel = (<usize>k) << 5;
  const tiled = rows & ~3;
  const zero = f32x4.splat(0);
  if (tiled > 0) {
    for (let column = 0; column < columns; column += 8) {
      const weights = b + <usize>(column >> 3) * panel;
      const offset = (<usize>column) << 2;
      const left = bias ? v128.load(bias + offset) : zero;
      const right = bias ? v128.load(bias + offset, 16) : zero;
      for (let row = 0; row < tiled; row += 4) {
        const from = a + <usize>row * lda;
        tile4x8(from, from + lda, from + 2 * lda, from + 3 * lda, weights, runs, 1);
        for (let r = 0; r < 4; r++) {
          const done = finish(r, left, right, code, alpha, beta);
          put(out + <usize>(row + r) * ldc + offset, done, columns - column, 4);
        }
      }
    }
  }
  for (let row = tiled; row < rows; row++) {
    for (let column = 0; column < columns; column += 32) {
      clear();
      add1x32(a + <usize>row * lda, b + <usize>(column >> 3) * panel, panel, (<usize>k) << 2);
      for (let part = 0; part < 4 && column + part * 8 < columns; part++) {
        const offset = (<usize>(column + part * 8)) << 2;
        const left = bias ? v128.load(bias + offset) : zero;
        const right = bias ? v128.load(bias + offset, 16) : zero;
        const done = finish(part, left, right, code, alpha, beta);
        put(out + <usize>row * ldc + offset, done, columns - column - part * 8, 4);
      }
    }
  }
}

/** A matrix [k][columns] of any strides (bytes) → panels of 8 columns, zeros up to whole groups of 4 panels. */
export function pack(out: usize, b: usize, k: i32, columns: i32, strideK: i32, strideColumn: i32): void {
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
}
