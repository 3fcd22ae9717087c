// Sums and means along axes.
import fc from 'fast-check';
import { createGraph, int, ints, type Numbers } from '../graph.ts';
import { axisOf, commonBetween, flag, optional, several, shape } from './draws.ts';

/** Axes are an attribute below opset `inputSince`, and an input from there on. */
const reduction = (op: string, inputSince: number, { oldest = 7, numbers = 'normal' as Numbers } = {}) =>
  fc
    .record({
      ...commonBetween(oldest, 26),
      dims: shape({ max: 5 }),
      axes: optional(fc.record({ used: several(flag, 5), negative: several(flag, 5), reversed: flag })),
      keepdims: optional(flag),
      noop: optional(flag),
    })
    .map(({ dims, axes, keepdims, noop, ...p }) => {
      const g = createGraph(p);
      const asInput = p.opset >= inputSince;
      const chosen = axes && dims.flatMap((_, axis) => (axes.used[axis] ? [axis] : []));
      if (axes?.reversed) chosen?.reverse();
      const signed = chosen?.map((axis) => axisOf(dims.length, axis, p.opset >= 11 && axes!.negative[axis]!));
      const given = signed && (signed.length > 0 || asInput);
      const x = g.operand(dims, { numbers });
      const y = g.node(op, given && asInput ? [x, g.integers(signed)] : [x], {
        axes: ints(given && !asInput ? signed : undefined),
        keepdims: int(keepdims),
        noop_with_empty_axes: int(asInput ? noop : undefined),
      });
      const none = !chosen || chosen.length === 0;
      const reduced = none ? (asInput && noop ? 0 : dims.length) : chosen.length;
      // Rounding adds up with what is summed.
      const tolerance = 1e-6 * dims.reduce((n, d) => n * d, 10);
      return g.finish({ [y]: keepdims === false ? dims.length - reduced : dims.length }, tolerance);
    });

export const ReduceSum = reduction('ReduceSum', 13);
export const ReduceMean = reduction('ReduceMean', 18);
export const ReduceMax = reduction('ReduceMax', 18);
export const ReduceMin = reduction('ReduceMin', 18);
export const ReduceL1 = reduction('ReduceL1', 18);
export const ReduceL2 = reduction('ReduceL2', 18);
export const ReduceSumSquare = reduction('ReduceSumSquare', 18);
export const ReduceLogSum = reduction('ReduceLogSum', 18, { numbers: 'positive' });
export const ReduceLogSumExp = reduction('ReduceLogSumExp', 18);
