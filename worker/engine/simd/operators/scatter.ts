// ScatterND: blocks of a tensor replaced at places that are known when the plan is made.
import { string } from '../attributes.ts';
import { moveCost } from '../costs.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, numbersOf, rowMajor } from '../value.ts';
import { type Operator, required } from './operator.ts';

export const scatterNd: Operator = (builder, node, inputs) => {
  const [x, updates] = [required(node, inputs, 0), required(node, inputs, 2)];
  const places = required(node, inputs, 1);
  const reduction = string(node, 'reduction', 'none');
  if (reduction !== 'none') throw new Unsupported('ScatterND', `reduction '${reduction}'`);
  const indices = numbersOf(places, 'ScatterND', 'indices');
  const depth = places.shape.at(-1) ?? 0;
  const block = x.shape.slice(depth);
  const expected = [...places.shape.slice(0, -1), ...block];
  if (depth > x.shape.length || updates.type !== x.type || updates.shape.join() !== expected.join())
    throw new Error(
      `simd: ScatterND: [${places.shape}] indices into [${x.shape}] need updates [${expected}], got [${updates.shape}]`,
    );
  const strides = rowMajor(x.shape);
  const offsets = Array.from({ length: depth && indices.length / depth }, (_, i) =>
    indices.slice(i * depth, (i + 1) * depth).reduce((sum, index, axis) => {
      const size = x.shape[axis]!;
      if (index < -size || index >= size)
        throw new Error(`simd: ScatterND: an index must be from ${-size} to ${size - 1}, is ${index}`);
      return sum + 4 * strides[axis]! * (index < 0 ? index + size : index);
    }, 0),
  );
  const [from, moved] = [builder.arranged(x).view.buffer, builder.arranged(updates).view.buffer];
  const table = builder.table(`scatter:${offsets}`, offsets.length, () => offsets);
  const out = builder.tensor(x.type, x.shape);
  const [bytes, blockBytes] = [4 * elementsOf(x.shape), 4 * elementsOf(block)];
  builder.emit({
    reads: [from, moved, table],
    writes: [out.view.buffer],
    nanoseconds: moveCost(elementsOf(x.shape), offsets.length),
    bind(kernels, at) {
      const [to, a, b, list] = [at(out.view.buffer), at(from), at(moved), at(table)];
      return () => kernels.scatter(to, a, bytes, b, list, offsets.length, blockBytes);
    },
  });
  return [out];
};
