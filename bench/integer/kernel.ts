// The product with integers, as it would be in the engine: activations of 16 bits, weights of 8, sums of 32, exact.
// One instruction multiplies and adds two pairs, so that the tile of 4 × 8 does twice the work of the float one.
import { startAssembly } from '../assembly.ts';

const TILES = ['00', '01', '10', '11', '20', '21', '30', '31'];

/** A: rows of int16, k even; B: per 8 columns and pair of k, 16 int8: column 0 k, column 0 k + 1, column 1 k, … */
const SOURCE = `
export function product(a: usize, b: usize, out: usize, rows: i32, k: i32, columns: i32): void {
  const lda = <usize>k << 1;
  for (let column = 0; column < columns; column += 8) {
    const panel = b + <usize>(column >> 3) * (<usize>k << 3);
    for (let row = 0; row < rows; row += 4) {
      let p0 = a + <usize>row * lda, p1 = p0 + lda, p2 = p1 + lda, p3 = p2 + lda, q = panel;
      ${TILES.map((t) => `let c${t} = i32x4.splat(0);`).join('\n')}
      const end = p0 + lda;
      while (p0 < end) {
        const left = v128.load_ext<i8>(q), right = v128.load_ext<i8>(q, 8);
        ${[0, 1, 2, 3]
          .map(
            (r) => `const x${r} = v128.load32_splat(p${r});
        c${r}0 = i32x4.add(c${r}0, i32x4.dot_i16x8_s(x${r}, left));
        c${r}1 = i32x4.add(c${r}1, i32x4.dot_i16x8_s(x${r}, right));`,
          )
          .join('\n')}
        p0 += 4; p1 += 4; p2 += 4; p3 += 4; q += 16;
      }
      const to = out + (<usize>(row * columns + column) << 2), ldc = <usize>columns << 2;
      ${[0, 1, 2, 3].map((r) => `v128.store(to + ${r} * ldc, c${r}0); v128.store(to + ${r} * ldc, c${r}1, 16);`).join('\n')}
    }
  }
}
export function row(a: usize, b: usize, out: usize, k: i32, columns: i32): void {
  const panel = <usize>k << 3;
  for (let column = 0; column < columns; column += 32) {
    let p = a, q0 = b + <usize>(column >> 3) * panel, q1 = q0 + panel, q2 = q1 + panel, q3 = q2 + panel;
    ${TILES.map((t) => `let c${t} = i32x4.splat(0);`).join('\n')}
    const end = a + (<usize>k << 1);
    while (p < end) {
      const x = v128.load32_splat(p);
      ${[0, 1, 2, 3]
        .map(
          (i) => `c${i}0 = i32x4.add(c${i}0, i32x4.dot_i16x8_s(x, v128.load_ext<i8>(q${i})));
      c${i}1 = i32x4.add(c${i}1, i32x4.dot_i16x8_s(x, v128.load_ext<i8>(q${i}, 8)));
      q${i} += 16;`,
        )
        .join('\n')}
      p += 4;
    }
    const to = out + (<usize>column << 2);
    ${TILES.map((t, i) => `v128.store(to, c${t}, ${16 * i});`).join(' ')}
  }
}`;

export type IntegerKernel = {
  memory: WebAssembly.Memory;
  /** out [rows, columns] int32 = a [rows, k] · b; rows a multiple of 4, columns of 32, k of 2. Addresses in bytes. */
  product(a: number, b: number, out: number, rows: number, k: number, columns: number): void;
  /** The same for one row. */
  row(a: number, b: number, out: number, k: number, columns: number): void;
};

export const createIntegerKernel = async (): Promise<IntegerKernel> =>
  (await startAssembly(SOURCE, 512)) as IntegerKernel;
