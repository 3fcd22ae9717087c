// Matrix products: activations times packed weights.
import { line } from './pixels';
import { BLOCK, multiply } from './rows';
import { wholeRun } from './tile';

/**
 * out[row][column] = activation(Σₖ a[row][k] b[k][column] + bias[column]).
 * `b`: packed, see pack.ts; `bias`: floats for whole groups of 4 panels, or 0 for none.
 * `lda`, `ldc`: bytes from row to row; `room`: see rows.ts.
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
  room: usize,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const runs = wholeRun(k);
  for (let row = 0; row < rows; row += BLOCK) {
    const some = min(BLOCK, rows - row);
    line(some, a + <usize>row * lda, lda, out + <usize>row * ldc, ldc);
    multiply(some, runs, 1, 0, k, b, bias, 4, columns, room, code, alpha, beta);
  }
}
