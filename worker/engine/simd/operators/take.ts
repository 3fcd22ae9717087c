// Elements chosen by index along one axis.
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { moveCost } from '../costs.ts';
import { isInteger } from '../element-type.ts';
import {
  axisOf,
  elementsOf,
  isConstant,
  known,
  numbersOf,
  requireTable,
  rowMajor,
  type Value,
} from '../value.ts';
import { type Operator, required } from './operator.ts';

/** `index` picks along `axis`; the axis becomes the shape of `index`. */
function take(builder: Builder, x: Value, axis: number, index: Value): Value {
  const length = x.shape[axis]!;
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  if (x.known && index.known && axis === 0 && x.shape.length === 1)
    return known(
      x.type,
      shape,
      index.known.map((i) => x.known![i < 0 ? i + length : i]!),
    );
  const from = builder.arranged(x).view;
  const indices = builder.arranged(index).view;
  const recipe = isConstant(x) && isConstant(index) ? ['take', shape, axis, from, indices] : undefined;
  const out = builder.tensor(x.type, shape, undefined, recipe);
  const outer = elementsOf(x.shape.slice(0, axis));
  const bytes = 4 * elementsOf(x.shape.slice(axis + 1));
  const count = elementsOf(index.shape);
  builder.emit({
    reads: [from.buffer, indices.buffer],
    writes: [out.view.buffer],
    nanoseconds: moveCost(elementsOf(shape), outer * count),
    bind(kernels, at) {
      const [to, a, i] = [at(out.view.buffer), at(from.buffer), at(indices.buffer)];
      return () => {
        if (kernels.take(to, a, i, outer, count, length, bytes) !== 0)
          throw new Error(`simd: Gather: an index must be from ${-length} to ${length - 1}`);
      };
    },
  });
  return out;
}

const requireIndices = (what: string, indices: readonly number[], length: number): void => {
  const wrong = indices.find((i) => i < -length || i >= length);
  if (wrong !== undefined)
    throw new Error(`simd: ${what}: an index must be from ${-length} to ${length - 1}, is ${wrong}`);
};

export const gather: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const index = required(node, inputs, 1);
  if (!isInteger(index.type)) throw new Error('simd: Gather: the indices must be integers');
  const axis = axisOf(int(node, 'axis', 0), x.shape.length, 'Gather');
  if (index.known) requireIndices('Gather', index.known, x.shape[axis]!);
  return [take(builder, x, axis, index)];
};

/** Each element from its own place along `axis`; the other places are its own. */
export const gatherElements: Operator = (builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const places = required(node, inputs, 1);
  const axis = axisOf(int(node, 'axis', 0), x.shape.length, 'GatherElements');
  const indices = numbersOf(places, 'GatherElements', 'indices');
  const fits = ({ shape }: Value) => shape.every((size, i) => i === axis || size <= x.shape[i]!);
  if (places.shape.length !== x.shape.length || !fits(places))
    throw new Error(`simd: GatherElements: indices [${places.shape}] do not fit [${x.shape}]`);
  const length = x.shape[axis]!;
  requireIndices('GatherElements', indices, length);
  const [steps, own] = [rowMajor(x.shape), rowMajor(places.shape)];
  const offsets = indices.map((index, i) =>
    own.reduce((sum, step, j) => {
      const place = Math.floor(i / step) % places.shape[j]!;
      return sum + steps[j]! * (j !== axis ? place : index < 0 ? index + length : index);
    }, 0),
  );
  const flat = builder.reshape(x, [elementsOf(x.shape)]);
  return [builder.reshape(takeAlong(builder, flat, 0, offsets), places.shape)];
};

/** The elements of x at `indices` (not negative) along `axis`. */
export const takeAlong = (builder: Builder, x: Value, axis: number, indices: readonly number[]): Value => {
  requireTable(indices.length);
  const buffer = builder.table(indices.join(), indices.length, () => indices);
  const index: Value = {
    type: 'int32',
    shape: [indices.length],
    view: { buffer, offset: 0, strides: rowMajor([indices.length]) },
  };
  return take(builder, x, axis, index);
};
