// The planner writes dimensions and strides here before it calls a strided loop: [rank, sizes…, strides of the
// output…, of the first input…, of the second…], eight places each, strides in bytes.

export const MAX_RANK: i32 = 8;
const TABLE = memory.data(4 * (1 + 4 * 8), 16);

/** Where the planner writes. */
export function shapeTable(): usize {
  return TABLE;
}

export function rank(): i32 {
  return i32.load(TABLE);
}

export function size(axis: i32): i32 {
  return i32.load(TABLE + ((<usize>axis) << 2), 4);
}

/** Which: 0 the output, 1 the first input, 2 the second. */
export function stride(which: i32, axis: i32): i32 {
  return i32.load(TABLE + ((<usize>(axis + (which + 1) * MAX_RANK)) << 2), 4);
}
