// Reductions over axes.
import type { Value } from '../../graph-builder.ts';
import type { Kernel, KernelTable, Recorder } from '../recorder.ts';
import { cast } from './elementwise.ts';

/** Axes as TensorFlow.js passes them (one, several, or none for all), counted from the front. */
export function axesOf(axis: unknown, rank: number): number[] {
  const list =
    axis === undefined || axis === null
      ? [...Array(rank).keys()]
      : Array.isArray(axis)
        ? axis
        : [axis as number];
  return list.map((a: number) => (a < 0 ? a + rank : a)).sort((p, q) => p - q);
}

const reducedShape = (shape: readonly number[], axes: number[], keepDims: boolean): number[] =>
  shape.flatMap((d, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [d]));

function reduce(r: Recorder, op: string, x: Value, axis: unknown, keepDims: boolean): Value {
  const axes = axesOf(axis, x.shape.length);
  if (axes.length === 0) return x;
  const shape = reducedShape(x.shape, axes, keepDims);
  const keepdims = Number(keepDims);
  // Opset 17: ReduceSum takes its axes as an input, the other reductions as an attribute.
  return op === 'ReduceSum'
    ? r.emit(op, [x, r.int64(axes)], shape, { keepdims })
    : r.emit(op, [x], shape, { axes, keepdims });
}

const reduction =
  (op: string): Kernel =>
  (r, { x }, { axis, reductionIndices, keepDims = false }) =>
    reduce(r, op, x!, axis ?? reductionIndices, keepDims as boolean);

const boolean =
  (op: string): Kernel =>
  (r, { x }, { axis, keepDims = false }) =>
    cast(r, reduce(r, op, cast(r, x!, 'int32'), axis, keepDims as boolean), 'bool');

const extremum =
  (op: string): Kernel =>
  (r, { x }, { axis }) => {
    const [only] = axesOf(axis, x!.shape.length);
    const index = r.emit(
      op,
      [x!],
      reducedShape(x!.shape, [only!], false),
      { axis: only!, keepdims: 0 },
      'int64',
    );
    return cast(r, index, 'int32');
  };

export const reductions: KernelTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
  Prod: reduction('ReduceProd'),
  All: boolean('ReduceMin'),
  Any: boolean('ReduceMax'),
  ArgMax: extremum('ArgMax'),
  ArgMin: extremum('ArgMin'),
  Softmax: (r, { logits }, { dim }) =>
    r.emit('Softmax', [logits!], logits!.shape, { axis: axesOf(dim, logits!.shape.length)[0]! }),
  Cumsum: (r, { x }, { axis, exclusive, reverse }) =>
    r.emit('CumSum', [x!, r.int64([axesOf(axis, x!.shape.length)[0]!])], x!.shape, {
      exclusive: Number(exclusive),
      reverse: Number(reverse),
    }),
};
