// What opsets 7 to 12 say with attributes instead of inputs, or mean otherwise.
import fc from 'fast-check';
import { createGraph, float, floats, int, ints, string } from '../graph.ts';
import { batch, commonBetween, flag, optional, several, shape } from './draws.ts';

const signed = (axis: number, rank: number, negative: boolean) => (negative ? axis - rank : axis);

export const OLD_FORMS = {
  Squeeze: fc
    .record({ ...commonBetween(7, 12), dims: shape({ min: 1 }), ones: several(flag), negative: flag })
    .map(({ dims, ones, negative, ...p }) => {
      const g = createGraph(p);
      const whole = dims.map((d, axis) => (ones[axis] ? 1 : d));
      const axes = whole.flatMap((_, axis) =>
        ones[axis] ? [signed(axis, whole.length, negative && p.opset >= 11)] : [],
      );
      const left = axes.length > 0 ? whole.length - axes.length : whole.filter((d) => d !== 1).length;
      const y = g.node('Squeeze', [g.operand(whole)], { axes: ints(axes.length > 0 ? axes : undefined) });
      return g.finish({ [y]: left }, 0);
    }),
  Unsqueeze: fc
    .record({ ...commonBetween(7, 12), dims: shape(), at: fc.nat(4), negative: flag })
    .map(({ dims, at, negative, ...p }) => {
      const g = createGraph(p);
      const axis = signed(at % (dims.length + 1), dims.length + 1, negative && p.opset >= 11);
      return g.finish(
        { [g.node('Unsqueeze', [g.operand(dims)], { axes: ints([axis]) })]: dims.length + 1 },
        0,
      );
    }),
  Split: fc
    .record({
      ...commonBetween(7, 12),
      dims: shape({ min: 1 }),
      axis: fc.nat(3),
      parts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      equal: flag,
    })
    .map(({ dims, axis, parts, equal, ...p }) => {
      const g = createGraph(p);
      const at = axis % dims.length;
      const sum = equal ? parts.length * parts[0]! : parts.reduce((n, d) => n + d);
      const names = g.split(
        'Split',
        [g.operand(dims.with(at, sum))],
        { axis: int(at), split: ints(equal ? undefined : parts) },
        parts.length,
      );
      return g.finish(Object.fromEntries(names.map((name) => [name, dims.length])), 0);
    }),
  Slice: fc
    .record({ ...commonBetween(7, 9), dims: shape({ min: 1 }), from: several(fc.nat(8)), all: flag })
    .map(({ dims, from, all, ...p }) => {
      const g = createGraph(p);
      const starts = dims.map((d, axis) => (from[axis]! % d) - (axis % 2 ? d : 0));
      const y = g.node('Slice', [g.operand(dims)], {
        starts: ints(starts),
        ends: ints(dims.map(() => 2 ** 31 - 1)),
        axes: ints(all ? undefined : dims.map((_, axis) => axis)),
      });
      return g.finish({ [y]: dims.length }, 0);
    }),
  Pad: fc
    .record({
      ...commonBetween(7, 10),
      dims: shape({ min: 1 }),
      mode: optional(fc.constantFrom('constant', 'reflect', 'edge')),
      pads: several(fc.nat(3), 8),
      value: optional(fc.constantFrom(0, 1.5)),
    })
    .map(({ dims, mode, pads, value, ...p }) => {
      const g = createGraph(p);
      const list = (side: number) =>
        dims.map((d, axis) =>
          mode === 'reflect' ? Math.min(pads[axis + 4 * side]!, d - 1) : pads[axis + 4 * side]!,
        );
      const y = g.node('Pad', [g.operand(dims)], {
        mode: string(mode),
        pads: ints([...list(0), ...list(1)]),
        value: float(value),
      });
      return g.finish({ [y]: dims.length }, 0);
    }),
  Dropout: fc
    .record({ ...commonBetween(7, 11), dims: shape(), ratio: optional(fc.constantFrom(0, 0.5)) })
    .map(({ dims, ratio, ...p }) => {
      const g = createGraph(p);
      return g.finish({ [g.node('Dropout', [g.operand(dims)], { ratio: float(ratio) })]: dims.length }, 0);
    }),
  BatchNormalization: fc
    .record({ ...commonBetween(7, 12), n: batch, channels: fc.integer({ min: 1, max: 9 }), conv: flag })
    .map(({ n, channels, conv, ...p }) => {
      const g = createGraph(p);
      const x = g.operand([n, channels, 3, 3]);
      const w = g.operand([channels, channels, 3, 3], { constant: true });
      const of = (positive: boolean) =>
        g.operand([channels], { constant: true, numbers: positive ? 'positive' : 'normal' });
      const statistics = [of(false), of(false), of(false), of(true)];
      const y = g.node('BatchNormalization', [conv ? g.node('Conv', [x, w]) : x, ...statistics], {
        epsilon: float(1e-3),
        momentum: float(0.9),
      });
      return g.finish({ [y]: 4 }, 1e-4);
    }),
  Gemm: fc
    .record({ ...commonBetween(7, 12), n: batch, k: fc.integer({ min: 1, max: 9 }), transB: flag })
    .map(({ n, k, transB, ...p }) => {
      const g = createGraph(p);
      const b = g.operand(transB ? [5, k] : [k, 5], { constant: true });
      const y = g.node('Gemm', [g.operand([n, k]), b, g.operand([5], { constant: true })], {
        transB: int(transB),
      });
      return g.finish({ [g.node('Relu', [y])]: 2 });
    }),
  Resize: fc
    .record({
      ...commonBetween(10, 10),
      spatial: several(fc.integer({ min: 1, max: 8 }), 2),
      scales: several(fc.constantFrom(1, 2, 3, 0.5, 1.5), 2),
      linear: flag,
    })
    .map(({ spatial, scales, linear, ...p }) => {
      const g = createGraph(p);
      const by = scales.map((scale, axis) => Math.max(scale, 1 / spatial[axis]!));
      const x = g.operand([2, 3, ...spatial]);
      const y = g.node('Resize', [x, g.constant('float32', [4], [1, 1, ...by])], {
        mode: string(linear ? 'linear' : 'nearest'),
      });
      return g.finish({ [y]: 4 }, linear ? 1e-5 : 0);
    }),
  Upsample: fc
    .record({
      ...commonBetween(7, 9),
      spatial: several(fc.integer({ min: 1, max: 8 }), 2),
      scales: several(fc.constantFrom(1, 2, 3, 1.5), 2),
      linear: flag,
    })
    .map(({ spatial, scales, linear, ...p }) => {
      const g = createGraph(p);
      const by = [1, 1, ...scales];
      const x = g.operand([2, 3, ...spatial]);
      const inputs = p.opset < 9 ? [x] : [x, g.constant('float32', [4], by)];
      const y = g.node('Upsample', inputs, {
        mode: string(linear ? 'linear' : 'nearest'),
        scales: p.opset < 9 ? floats(by) : undefined,
      });
      return g.finish({ [y]: 4 }, linear ? 1e-5 : 0);
    }),
};
