// Operators that only rename dimensions or permute elements: answers are exact.
import fc from 'fast-check';
import { createGraph, int, ints, string } from '../graph.ts';
import { axisOf, batch, common, flag, optional, several, shape } from './draws.ts';

/** A permutation: the positions of the keys in ascending order of the keys. */
const orderOf = (keys: readonly number[]) =>
  keys.map((_, at) => at).sort((a, b) => keys[a]! - keys[b]! || a - b);

export const Reshape = fc
  .record({
    ...common,
    dims: shape({ max: 5 }),
    /** Each turn merges two neighbours of the target, splits one of its even dimensions, or inserts a 1. */
    turns: fc.array(fc.record({ kind: fc.constantFrom('merge', 'split', 'one'), at: fc.nat(4) }), {
      maxLength: 5,
    }),
    zeros: several(flag, 5),
    minusOne: optional(fc.nat(4)),
    allowzero: optional(fc.constantFrom(0, 1)),
  })
  .map(({ dims, turns, zeros, minusOne, allowzero, ...p }) => {
    const g = createGraph(p);
    const target = [...dims];
    for (const { kind, at } of turns) {
      const axis = at % Math.max(1, target.length);
      if (kind === 'one' && target.length < 6) target.splice(at % (target.length + 1), 0, 1);
      else if (kind === 'merge' && axis + 1 < target.length)
        target.splice(axis, 2, target[axis]! * target[axis + 1]!);
      else if (kind === 'split' && target.length < 6 && (target[axis] ?? 1) % 2 === 0)
        target.splice(axis, 1, 2, target[axis]! / 2);
    }
    const written = target.map((d, axis) => (zeros[axis] && dims[axis] === d && allowzero !== 1 ? 0 : d));
    if (minusOne !== undefined && written.length > 0) written[minusOne % written.length] = -1;
    const y = g.node('Reshape', [g.operand(dims), g.integers(written)], {
      allowzero: int(p.opset >= 14 ? allowzero : undefined),
    });
    return g.finish({ [y]: target.length }, 0);
  });

export const Flatten = fc
  .record({
    ...common,
    dims: shape({ max: 5 }),
    axis: optional(fc.record({ at: fc.nat(5), negative: flag })),
  })
  .map(({ dims, axis, ...p }) => {
    const g = createGraph(p);
    // The axis may be the rank itself, when it is not negative; a scalar has axis 0 only.
    const given =
      axis &&
      (axis.negative && dims.length > 0 ? axisOf(dims.length, axis.at, true) : axis.at % (dims.length + 1));
    const y = g.node('Flatten', [g.operand(dims)], { axis: int(dims.length === 0 ? 0 : given) });
    return g.finish({ [y]: 2 }, 0);
  });

export const Transpose = fc
  .record({ ...common, dims: shape({ max: 5 }), keys: optional(several(fc.nat(99), 5)) })
  .map(({ dims, keys, ...p }) => {
    const g = createGraph(p);
    const perm = keys && orderOf(keys.slice(0, dims.length));
    const y = g.node('Transpose', [g.operand(dims)], { perm: ints(perm) });
    return g.finish({ [y]: dims.length }, 0);
  });

export const Squeeze = fc
  .record({ ...common, dims: shape(), ones: several(flag), negative: several(flag), all: flag })
  .map(({ dims, ones, negative, all, ...p }) => {
    const g = createGraph(p);
    const whole = dims.map((d, axis) => (ones[axis] ? 1 : d));
    const axes = whole.flatMap((_, axis) => (ones[axis] ? [axis] : []));
    const everything = all || axes.length === 0;
    const x = g.operand(whole);
    const signed = axes.map((axis) => axisOf(whole.length, axis, negative[axis]!));
    const y = g.node('Squeeze', everything ? [x] : [x, g.integers(signed)]);
    return g.finish(
      { [y]: everything ? whole.filter((d) => d !== 1).length : whole.length - axes.length },
      0,
    );
  });

export const Unsqueeze = fc
  .record({
    ...common,
    dims: shape(),
    added: fc.nat(3),
    keys: several(fc.nat(99), 7),
    negative: several(flag, 7),
  })
  .map(({ dims, added, keys, negative, ...p }) => {
    const g = createGraph(p);
    const rank = dims.length + added;
    const axes = orderOf(keys.slice(0, rank)).slice(0, added);
    const signed = axes.map((axis) => axisOf(rank, axis, negative[axis]!));
    return g.finish({ [g.node('Unsqueeze', [g.operand(dims), g.integers(signed)])]: rank }, 0);
  });

export const DepthToSpace = fc
  .record({
    ...common,
    n: batch,
    channels: fc.integer({ min: 1, max: 4 }),
    block: fc.integer({ min: 1, max: 3 }),
    spatial: several(fc.integer({ min: 1, max: 5 }), 2),
    mode: optional(fc.constantFrom('DCR', 'CRD')),
  })
  .map(({ n, channels, block, spatial, mode, ...p }) => {
    const g = createGraph(p);
    const x = g.operand([n, channels * block * block, ...spatial]);
    return g.finish({ [g.node('DepthToSpace', [x], { blocksize: int(block), mode: string(mode) })]: 4 }, 0);
  });

export const SpaceToDepth = fc
  .record({
    ...common,
    n: batch,
    channels: fc.integer({ min: 1, max: 4 }),
    block: fc.integer({ min: 1, max: 3 }),
    spatial: several(fc.integer({ min: 1, max: 4 }), 2),
  })
  .map(({ n, channels, block, spatial, ...p }) => {
    const g = createGraph(p);
    const x = g.operand([n, channels, ...spatial.map((d) => d * block)]);
    return g.finish({ [g.node('SpaceToDepth', [x], { blocksize: int(block) })]: 4 }, 0);
  });

export const Tile = fc
  .record({ ...common, dims: shape(), repeats: several(fc.integer({ min: 1, max: 3 })), fed: flag })
  .map(({ dims, repeats, fed, ...p }) => {
    const g = createGraph(p);
    const times = repeats.slice(0, dims.length);
    const by = fed ? g.feed([times.length], times, 'int64') : g.integers(times);
    return g.finish({ [g.node('Tile', [g.operand(dims), by])]: dims.length }, 0);
  });

export const Dropout = fc
  .record({ ...common, dims: shape(), ratio: optional(fc.constantFrom(0, 0.5)), trainingMode: flag })
  .map(({ dims, ratio, trainingMode, ...p }) => {
    const g = createGraph(p);
    const inputs = [g.operand(dims)];
    if (ratio !== undefined || trainingMode)
      inputs.push(ratio === undefined ? '' : g.constant('float32', [], [ratio]));
    if (trainingMode) inputs.push(g.constant('bool', [], [0]));
    return g.finish({ [g.node('Dropout', inputs)]: dims.length }, 0);
  });

export const Expand = fc
  .record({
    ...common,
    dims: shape({ max: 5 }),
    ones: several(flag, 5),
    /** Leading dimensions that the target has beyond the tensor's, and axes where the target says 1. */
    extra: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    kept: several(flag, 5),
    short: fc.nat(2),
  })
  .map(({ dims, ones, extra, kept, short, ...p }) => {
    const g = createGraph(p);
    const small = dims.map((d, axis) => (ones[axis] ? 1 : d));
    const target = [...extra, ...dims.map((d, axis) => (kept[axis] ? 1 : d))];
    const written = extra.length === 0 ? target.slice(Math.min(short, target.length)) : target;
    const y = g.node('Expand', [g.operand(small), g.integers(written)]);
    return g.finish({ [y]: Math.max(small.length, written.length) }, 0);
  });
