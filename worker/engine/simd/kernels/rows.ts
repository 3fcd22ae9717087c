// Up to 32 rows of A (pixels.ts says where they are) times all panels of B. Where many numbers of a row are 0, as behind
// a ReLU, only the others are multiplied: a sum has the same bits in either way.
import { filled, list } from './list';
import { areFinite } from './pack';
import { from, to } from './pixels';
import { finish, listed1x32, put, tile4x8 } from './tile';

/** Rows at a time: their lists stay in the second-level cache while the panels pass by. */
export const BLOCK: i32 = 32;

/** Where the list of each row ends; 0 for four rows that a tile multiplies as they are. */
const ENDS = memory.data(4 * 32, 16);

function endOf(i: i32): usize {
  return <usize>i32.load(ENDS + ((<usize>i) << 2));
}

/**
 * Whether lists of four rows, with so many numbers, beat a tile of `places`. A number of a list costs 7 cycles for 32 columns, to
 * make the list takes one for each place; a place of the tile costs 6 for 8 columns.
 */
function areSparse(numbers: i32, places: i32, columns: i32): bool {
  return 7 * numbers * ((columns + 31) >> 5) + 4 * places < 6 * places * ((columns + 7) >> 3);
}

/** Sums of eight columns become results. */
function store(
  i: i32,
  part: i32,
  column: i32,
  columns: i32,
  bias: usize,
  channel: usize,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const zero = f32x4.splat(0);
  const offset = (<usize>column) << 2;
  const left = bias ? v128.load(bias + offset) : zero;
  const right = bias ? v128.load(bias + offset, 16) : zero;
  put(
    to(i) + <usize>column * channel,
    finish(part, left, right, code, alpha, beta),
    columns - column,
    channel,
  );
}

/**
 * out[row][column] = activation(Σₖ a[row][k] b[k][column] + bias[column]).
 * `runs`: see tile.ts, `count` of them, or of the `all` behind those (0: there are
 * none) where b is not finite; `b`: packed, see pack.ts; `channel`: bytes
 * from column to column of the output; `bias` may be 0; `room`: for each row 8 k + 32 bytes.
 */
export function multiply(
  rows: i32,
  runs: usize,
  count: i32,
  all: i32,
  k: i32,
  b: usize,
  bias: usize,
  channel: usize,
  columns: i32,
  room: usize,
  code: i32,
  alpha: f32,
  beta: f32,
): void {
  const panel = (<usize>k) << 5;
  const size = ((<usize>k) << 3) + 32;
  const always = areFinite(b, k, columns) ? 0 : 15;
  if (always && all) {
    runs += <usize>(12 * count);
    count = all;
  }
  let places = 0;
  for (let run = 0; run < count; run++) places += i32.load(runs + <usize>(12 * run), 4) >> 2;
  let dense = 0;
  for (let i = 0; i < rows; ) {
    if (rows - i >= 4) {
      let numbers = 4 * places;
      if (!always) {
        numbers = 0;
        for (let r = 0; r < 4; r++) numbers += filled(from(i + r), runs, count);
      }
      if (!areSparse(numbers, places, columns)) {
        i32.store(ENDS + ((<usize>i) << 2), 0);
        dense++;
        i += 4;
        continue;
      }
    }
    for (const last = min(rows, i + 4); i < last; i++)
      i32.store(ENDS + ((<usize>i) << 2), <i32>list(room + <usize>i * size, from(i), runs, count, always));
  }
  for (let first = 0; first < columns; first += 32) {
    const weights = b + <usize>(first >> 3) * panel;
    const behind = min(columns, first + 32);
    if (dense)
      for (let column = first; column < behind; column += 8) {
        for (let i = 0; i < rows; ) {
          if (endOf(i)) {
            i++;
            continue;
          }
          tile4x8(
            from(i),
            from(i + 1),
            from(i + 2),
            from(i + 3),
            weights + <usize>((column - first) >> 3) * panel,
            runs,
            count,
          );
          for (let r = 0; r < 4; r++) store(i + r, r, column, columns, bias, channel, code, alpha, beta);
          i += 4;
        }
      }
    for (let i = 0; i < rows; ) {
      const end = endOf(i);
      if (end === 0) {
        i += 4;
        continue;
      }
      listed1x32(room + <usize>i * size, end, weights, panel);
      for (let column = first; column < behind; column += 8)
        store(i, (column - first) >> 3, column, columns, bias, channel, code, alpha, beta);
      i++;
    }
  }
}
