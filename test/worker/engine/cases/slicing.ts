// Operators that take tensors apart and put them together: answers are exact.
import fc from 'fast-check';
import { createGraph, int, string } from '../graph.ts';
import { axisOf, common, flag, optional, several, shape, size } from './draws.ts';

/** What exporters write for "to the end". */
const FAR = [2 ** 31 - 1, Number.MAX_SAFE_INTEGER];

export const Concat = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    sizes: fc.array(fc.record({ size, stored: flag }), { minLength: 1, maxLength: 4 }),
    axis: fc.nat(3),
    negative: flag,
    /** The first tensor once more at the end. */
    again: flag,
  })
  .map(({ dims, sizes, axis, negative, again, ...p }) => {
    const g = createGraph(p);
    const at = axis % dims.length;
    const inputs = sizes.map(({ size, stored }, i) =>
      g.operand(dims.with(at, size), { constant: stored && i > 0 }),
    );
    if (again) inputs.push(inputs[0]!);
    return g.finish(
      { [g.node('Concat', inputs, { axis: int(axisOf(dims.length, axis, negative)) })]: dims.length },
      0,
    );
  });

export const Split = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    how: fc.constantFrom('equal', 'sizes', 'number'),
    parts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
    /** With `num_outputs`, the last part may be smaller. */
    missing: fc.nat(4),
  })
  .map(({ dims, axis, how, parts, missing, ...p }) => {
    const g = createGraph(p);
    const given = axis && axisOf(dims.length, axis.at, axis.negative);
    const at = (given ?? 0) < 0 ? given! + dims.length : (given ?? 0);
    const even = parts.length * parts[0]!;
    const number = how === 'number' && p.opset >= 18;
    const length =
      how === 'sizes'
        ? parts.reduce((sum, d) => sum + d)
        : number
          ? even - Math.min(missing, parts[0]! - 1)
          : even;
    const inputs = [g.operand(dims.with(at, length))];
    // Since opset 18 a split without sizes says how many there are.
    if (how === 'sizes') inputs.push(g.integers(parts));
    const names = g.split(
      'Split',
      inputs,
      { axis: int(given), num_outputs: int(how !== 'sizes' && p.opset >= 18 ? parts.length : undefined) },
      parts.length,
    );
    return g.finish(Object.fromEntries(names.map((name) => [name, dims.length])), 0);
  });

/** Bounds inside and outside the tensor, counted from either end; the result holds at least one element. */
export const Slice = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    cuts: several(
      fc.record({
        used: flag,
        from: fc.nat(8),
        length: size,
        step: fc.integer({ min: 1, max: 3 }),
        back: flag,
      }),
    ),
    signs: several(fc.record({ start: flag, end: flag, axis: flag, far: flag })),
    axesGiven: flag,
    reversed: flag,
    type: fc.constantFrom('int64' as const, 'int32' as const),
  })
  .map(({ dims, cuts, signs, axesGiven, reversed, type, ...p }) => {
    const g = createGraph(p);
    const rows = dims.flatMap((d, axis) => {
      const { used, from, length, step, back } = cuts[axis]!;
      const sign = signs[axis]!;
      if (!used && axesGiven) return [];
      const start = from % d;
      const end = back ? Math.max(start - length, -1) : Math.min(start + length, d);
      const far = type === 'int32' ? FAR[0]! : FAR[start % 2]!;
      const beyond = back ? end < 0 : end === d;
      const outside = back ? (sign.far ? -far : -d - 1) : sign.far ? far : d;
      const written = beyond ? outside : sign.end ? end - d : end;
      return [
        {
          start: sign.start ? start - d : start,
          end: written,
          step: back ? -step : step,
          axis: axisOf(dims.length, axis, sign.axis),
        },
      ];
    });
    if (reversed && axesGiven) rows.reverse();
    const list = (values: number[]) => g.constant(type, [values.length], values);
    const inputs = [g.operand(dims), list(rows.map((r) => r.start)), list(rows.map((r) => r.end))];
    const stepped = rows.some((r) => r.step !== 1);
    if (axesGiven || stepped) inputs.push(axesGiven ? list(rows.map((r) => r.axis)) : '');
    if (stepped) inputs.push(list(rows.map((r) => r.step)));
    return g.finish({ [g.node('Slice', inputs)]: dims.length }, 0);
  });

export const Gather = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    indices: shape({ max: 2 }),
    picks: several(fc.nat(8), 6),
    negative: flag,
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    type: fc.constantFrom('int64' as const, 'int32' as const, 'fed' as const),
    stored: flag,
  })
  .map(({ dims, indices, picks, negative, axis, type, stored, ...p }) => {
    const g = createGraph(p);
    const given = axis && axisOf(dims.length, axis.at, axis.negative);
    const length = dims.at(given ?? 0)!;
    const values = Array.from({ length: indices.reduce((n, d) => n * d, 1) }, (_, i) => {
      const pick = (picks[i % picks.length]! + i) % length;
      return negative && i % 2 === 0 ? pick - length : pick;
    });
    const data = g.operand(dims, { constant: stored && type === 'fed' });
    const index =
      type === 'fed'
        ? g.node('Cast', [g.feed(indices, values)], { to: int(7) })
        : g.constant(type, indices, values);
    const y = g.node('Gather', [data, index], { axis: int(given) });
    return g.finish({ [y]: dims.length - 1 + indices.length }, 0);
  });

/** Blocks put at stored places, some of them twice. */
export const ScatterND = fc
  .record({
    ...common,
    dims: shape({ min: 1, max: 3 }),
    depth: fc.nat(2),
    count: fc.integer({ min: 1, max: 5 }),
    stored: flag,
  })
  .map(({ dims, depth, count, stored, ...p }) => {
    const g = createGraph(p);
    const reach = (depth % dims.length) + 1;
    const indices = Array.from({ length: count }, (_, i) =>
      dims.slice(0, reach).map((d, axis) => ((i * (axis + 3) + p.seed) % d) - (i % 2 ? d : 0)),
    );
    const updates = g.operand([count, ...dims.slice(reach)], { constant: stored });
    const places = g.constant('int64', [count, reach], indices.flat());
    return g.finish({ [g.node('ScatterND', [g.operand(dims), places, updates])]: dims.length }, 0);
  });

export const Pad = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    mode: optional(fc.constantFrom('constant', 'reflect', 'edge')),
    pads: several(fc.integer({ min: -3, max: 4 }), 8),
    value: optional(fc.constantFrom(0, 1.5, -2)),
    axes: optional(fc.record({ used: several(flag), negative: several(flag) })),
  })
  .map(({ dims, mode, pads, value, axes, ...p }) => {
    const g = createGraph(p);
    const withAxes = axes && p.opset >= 18;
    const chosen = dims.flatMap((_, axis) => (!withAxes || axes.used[axis] ? [axis] : []));
    const list = (side: number) =>
      chosen.map((axis) => {
        const d = dims[axis]!;
        const wanted = pads[axis + 4 * side]!;
        if (wanted < 0)
          return (mode ?? 'constant') === 'constant' ? -Math.min(-wanted, Math.floor((d - 1) / 2)) : 0;
        // A reflection is at most as long as what it reflects.
        return mode === 'reflect' ? Math.min(wanted, d - 1) : wanted;
      });
    const inputs = [g.operand(dims), g.integers([...list(0), ...list(1)])];
    const constant = mode === undefined || mode === 'constant';
    if (constant && value !== undefined) inputs.push(g.constant('float32', [], [value]));
    else if (withAxes) inputs.push('');
    // Axes are int64: onnxruntime reads no other, though the operator allows int32.
    if (withAxes) {
      const signed = chosen.map((axis) => axisOf(dims.length, axis, axes.negative[axis]!));
      inputs.push(g.integers(signed));
    }
    return g.finish({ [g.node('Pad', inputs, { mode: string(mode) })]: dims.length }, 0);
  });
