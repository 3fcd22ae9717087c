// Operators that go by positions along axes: where the largest element lies, one-hot vectors, triangles and diagonals.
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { type ElementType, elementType, isInteger } from '../element-type.ts';
import * as code from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { axisOf, elementsOf, known, numbersOf, requireTable, rowMajor, type Value } from '../value.ts';
import { select } from './arithmetic.ts';
import { TYPES } from './constants.ts';
import { floats, type Operator, required } from './operator.ts';
import { reduceAxes } from './reduction.ts';
import { part } from './slicing.ts';

/** Whole numbers that follow from `name`, for kernels to read. */
function whole(
  builder: Builder,
  name: string,
  shape: readonly number[],
  numberAt: (i: number) => number,
): Value {
  const length = elementsOf(shape);
  requireTable(length);
  const buffer = builder.table(name, length, () => Array.from({ length }, (_, i) => numberAt(i)));
  return { type: 'int32', shape, view: { buffer, offset: 0, strides: rowMajor(shape) } };
}

/** from, from + 1, … along `axis` of `rank` axes. */
const positions = (builder: Builder, length: number, axis: number, rank: number, from = 0): Value =>
  whole(
    builder,
    `positions:${from},${length}`,
    Array.from({ length: rank }, (_, i) => (i === axis ? length : 1)),
    (i) => from + i,
  );

const toFloats = (builder: Builder, what: string, x: Value): Value =>
  builder.elementwise(what, code.CONVERT, [x], { type: 'float32' });

/**
 * The first or the last of the largest elements, or of the smallest; a NaN counts as one. Positions are counted from 1,
 * from the end where the first is asked for, and 0 is what is not among the largest: their maximum tells.
 */
export const extremePosition: Operator = (builder, node, inputs) => {
  const given = floats(node, inputs, 0);
  const axis = axisOf(int(node, 'axis', 0), given.shape.length, node.op);
  const last = int(node, 'select_last_index', 0) !== 0;
  const step = (opcode: number, values: [Value] | [Value, Value], options = {}) =>
    builder.elementwise(node.op, opcode, values, options);
  const x = node.op === 'ArgMin' ? step(code.NEG, [given]) : given;
  const length = x.shape[axis]!;
  const most = reduceAxes(builder, node.op, code.MAXIMUM, x, [axis]);
  const equals = (other: Value) => step(code.EQUAL, [x, other], { type: 'bool' });
  const isNumber = equals(x);
  const found = step(code.OR, [equals(most), step(code.XOR, [isNumber, known('bool', [], [1])])]);
  const counted = toFloats(builder, node.op, positions(builder, length, axis, x.shape.length));
  const rank = step(code.AFFINE, [counted], last ? { alpha: 1, beta: 1 } : { alpha: -1, beta: length });
  const best = reduceAxes(builder, node.op, code.MAXIMUM, step(code.KEEP, [rank, found]), [axis]);
  const index = step(code.AFFINE, [best], last ? { alpha: 1, beta: -1 } : { alpha: -1, beta: length });
  const y = step(code.TRUNCATE, [index], { type: 'int64' });
  return [int(node, 'keepdims', 1) === 1 ? y : builder.reshape(y, y.shape.toSpliced(axis, 1))];
};

/** values[1] where the position along the new axis is the index, which counts from the end if negative; else values[0]. */
export const oneHot: Operator = (builder, node, inputs) => {
  const [indices, values] = [required(node, inputs, 0), required(node, inputs, 2)];
  const depth = Math.floor(numbersOf(inputs[1], 'OneHot', 'a depth')[0] ?? 0);
  if (depth < 1 || values.shape.join() !== '2')
    throw new Error(`simd: OneHot: depth ${depth} must be at least 1, the values [${values.shape}] two`);
  if (values.type === 'float64') throw new Unsupported('OneHot', 'type float64');
  const rank = indices.shape.length + 1;
  const axis = axisOf(int(node, 'axis', -1), rank, 'OneHot');
  const index = builder.reshape(
    isInteger(indices.type) ? indices : floats(node, inputs, 0),
    indices.shape.toSpliced(axis, 0, 1),
  );
  const at = (from: number): Value => {
    const places = positions(builder, depth, axis, rank, from);
    return isInteger(index.type)
      ? builder.elementwise('OneHot', code.EQUAL_WHOLE, [index, places], { type: 'bool' })
      : builder.elementwise('OneHot', code.EQUAL, [index, toFloats(builder, 'OneHot', places)], {
          type: 'bool',
        });
  };
  const hot = builder.elementwise('OneHot', code.OR, [at(0), at(-depth)]);
  const [off, on] = [0, 1].map((i) => builder.reshape(part(builder, values, 0, i, 1), [])) as [Value, Value];
  return [select(builder, 'OneHot', hot, on, off)];
};

/** 1 where column − row, of the last two axes, is as `within` says, else 0. */
function diagonals(
  builder: Builder,
  name: string,
  shape: readonly number[],
  within: (distance: number) => boolean,
): Value {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return whole(builder, `${name}:${rows},${columns}`, [rows, columns], (i) =>
    Number(within((i % columns) - Math.floor(i / columns))),
  );
}

/** The upper or the lower triangle from diagonal `k` on; the rest is 0. */
export const trilu: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  if (x.shape.length < 2) throw new Error(`simd: Trilu: [${x.shape}] must have two axes or more`);
  const k = inputs[1] ? (numbersOf(inputs[1], 'Trilu', 'a diagonal')[0] ?? 0) : 0;
  const upper = int(node, 'upper', 1) !== 0;
  const kept = diagonals(builder, `trilu:${upper},${k}`, x.shape, (d) => (upper ? d >= k : d <= k));
  return [builder.elementwise('Trilu', code.KEEP, [x, kept])];
};

/** Ones on diagonal `k` of a matrix of the shape of another. */
export const eyeLike: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const k = int(node, 'k', 0);
  const number = int(node, 'dtype', 0);
  const type: ElementType = number ? elementType(TYPES.get(number) ?? 'undefined', 'EyeLike') : x.type;
  if (x.shape.length !== 2) throw new Error(`simd: EyeLike: [${x.shape}] must have two axes`);
  const ones = diagonals(builder, `eye:${k}`, x.shape, (d) => d === k);
  return [{ ...(isInteger(type) ? ones : toFloats(builder, 'EyeLike', ones)), type } as Value];
};
