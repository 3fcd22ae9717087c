// Operators that go by positions: the largest element's, one-hot vectors, triangles, diagonals, elements by their place.
import fc from 'fast-check';
import { createStream } from '../../../../core/sampling/stream.ts';
import { createGraph, type GraphBuilder, int } from '../graph.ts';
import { axisOf, commonBetween, commonSince, flag, optional, shape } from './draws.ts';

const asFloat = (g: GraphBuilder, x: string) => g.node('Cast', [x], { to: int(1) });

/** Few values, so that there are several that are the largest. */
const extreme = (op: string) =>
  fc
    .record({
      ...commonBetween(7, 26),
      dims: shape({ min: 1 }),
      axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
      keepdims: optional(flag),
      last: optional(flag),
    })
    .map(({ dims, axis, keepdims, last, ...p }) => {
      const g = createGraph(p);
      const stream = createStream('positions', p.seed);
      const count = dims.reduce((n, d) => n * d, 1);
      const x = g.feed(
        dims,
        Array.from({ length: count }, () => Math.floor(5 * stream.uniform()) - 2),
      );
      const y = g.node(op, [x], {
        axis: int(axis && axisOf(dims.length, axis.at, axis.negative && p.opset >= 11)),
        keepdims: int(keepdims),
        select_last_index: int(p.opset >= 12 ? last : undefined),
      });
      return g.finish({ [asFloat(g, y)]: keepdims === false ? dims.length - 1 : dims.length }, 0);
    });
export const ArgMax = extreme('ArgMax');
export const ArgMin = extreme('ArgMin');

export const OneHot = fc
  .record({
    ...commonBetween(9, 26),
    dims: shape({ min: 1, max: 3 }),
    depth: fc.integer({ min: 1, max: 9 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    stored: flag,
    floats: flag,
  })
  .map(({ dims, depth, axis, stored, floats, ...p }) => {
    const g = createGraph(p);
    const stream = createStream('positions', p.seed);
    const count = dims.reduce((n, d) => n * d, 1);
    // Some count from the end, some are no class at all.
    const classes = Array.from(
      { length: count },
      () => Math.floor((2 * depth + 2) * stream.uniform()) - depth - 1,
    );
    const index = stored
      ? g.constant(floats ? 'float32' : 'int64', dims, classes)
      : g.feed(dims, classes, floats ? 'float32' : 'int64');
    const size = g.constant(floats ? 'float32' : 'int64', [], [depth]);
    const y = g.node('OneHot', [index, size, g.operand([2])], {
      axis: int(axis && axisOf(dims.length + 1, axis.at, axis.negative)),
    });
    return g.finish({ [y]: dims.length + 1 }, 0);
  });

export const Trilu = fc
  .record({
    ...commonSince(17),
    dims: shape({ min: 2 }),
    k: optional(fc.integer({ min: -4, max: 4 })),
    fed: flag,
    upper: optional(flag),
  })
  .map(({ dims, k, fed, upper, ...p }) => {
    const g = createGraph(p);
    const x = g.operand(dims);
    const diagonal = k === undefined ? [] : [fed ? g.feed([], [k], 'int64') : g.constant('int64', [], [k])];
    return g.finish({ [g.node('Trilu', [x, ...diagonal], { upper: int(upper) })]: dims.length }, 0);
  });

export const EyeLike = fc
  .record({
    ...commonBetween(9, 26),
    dims: shape({ min: 2, max: 2 }),
    k: optional(fc.integer({ min: -4, max: 4 })),
    dtype: optional(fc.constantFrom(1, 6, 7)),
  })
  .map(({ dims, k, dtype, ...p }) => {
    const g = createGraph(p);
    const y = g.node('EyeLike', [g.operand(dims)], { k: int(k), dtype: int(dtype) });
    return g.finish({ [asFloat(g, y)]: 2 }, 0);
  });

export const GatherElements = fc
  .record({
    ...commonBetween(11, 26),
    dims: shape({ min: 1 }),
    rows: fc.integer({ min: 1, max: 12 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    fed: flag,
  })
  .map(({ dims, rows, axis, fed, ...p }) => {
    const g = createGraph(p);
    const given = axis && axisOf(dims.length, axis.at, axis.negative);
    const along = ((given ?? 0) + dims.length) % dims.length;
    const stream = createStream('positions', p.seed);
    // Of other axes, a part will do.
    const places = dims.map((d, i) => (i === along ? rows : Math.ceil(d / 2)));
    const count = places.reduce((n, d) => n * d, 1);
    const indices = Array.from(
      { length: count },
      () => Math.floor(2 * dims[along]! * stream.uniform()) - dims[along]!,
    );
    const index = fed ? g.feed(places, indices, 'int64') : g.constant('int64', places, indices);
    const y = g.node('GatherElements', [g.operand(dims), index], { axis: int(given) });
    return g.finish({ [y]: dims.length }, 0);
  });
