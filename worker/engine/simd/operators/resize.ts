// Resize and Upsample, nearest, linear and cubic: one axis after the other, rows chosen by index and mixed with
// constant weights.
import type { Node } from '../../../../onnx/model.ts';
import { float, int, string } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { ADD, MUL } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { known, type Value } from '../value.ts';
import { select } from './arithmetic.ts';
import { floats, type Operator } from './operator.ts';
import { isCrop, positionsAlong, type Resized, resizedAxes } from './resize-axes.ts';
import { takeAlong } from './take.ts';

/** As far from the middle between two pixels a position still counts as the middle. */
const TIE = 1e-6;

const NEAREST: Record<string, (x: number, scale: number) => number> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5 - TIE),
  round_prefer_ceil: (x) => Math.floor(x + 0.5 + TIE),
  floor: Math.floor,
  ceil: Math.ceil,
  /** Before opset 11. */
  simple: (x, scale) => (scale < 1 ? Math.ceil(x) : Math.floor(x)),
};

const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

type Step = (builder: Builder, x: Value, axis: Resized, positions: readonly number[]) => Value;

const nearestAlong =
  (nearest: (x: number, scale: number) => number): Step =>
  (builder, x, { axis, from, scale }, positions) =>
    takeAlong(
      builder,
      x,
      axis,
      positions.map((position) => clamp(nearest(position, scale), from)),
    );

/** Σₜ weights[t] x[indices[t]] along one axis, t in order; weights and indices are one for each pixel of the output. */
function mixed(
  builder: Builder,
  x: Value,
  axis: number,
  taps: readonly { indices: readonly number[]; weights: readonly number[] }[],
): Value {
  const parts = taps.map(({ indices, weights }) => {
    const shape = [weights.length, ...Array<number>(x.shape.length - axis - 1).fill(1)];
    const factor = known('float32', shape, weights.map(Math.fround));
    return builder.elementwise('Resize', MUL, [takeAlong(builder, x, axis, indices), factor]);
  });
  return parts.reduce((sum, next) => builder.elementwise('Resize', ADD, [sum, next]));
}

/** x[⌊p⌋] (1 − t) + x[⌊p⌋ + 1] t, t the fraction of the position p. */
const linearAlong: Step = (builder, x, { axis, from }, positions) => {
  const inside = positions.map((position) => clamp(position, from));
  const low = inside.map(Math.floor);
  const fraction = inside.map((position, i) => position - low[i]!);
  return mixed(builder, x, axis, [
    { indices: low, weights: fraction.map((t) => 1 - t) },
    { indices: low.map((at) => clamp(at + 1, from)), weights: fraction },
  ]);
};

/** Keys 1981, with the coefficient a; the four pixels around a position. */
const cubicAlong =
  (a: number, excludesOutside: boolean): Step =>
  (builder, x, { axis, from }, positions) => {
    const near = (s: number) => ((a + 2) * s - (a + 3)) * s * s + 1;
    const far = (s: number) => ((a * s - 5 * a) * s + 8 * a) * s - 4 * a;
    const low = positions.map(Math.floor);
    const weights = positions.map((position, i) => {
      const s = position - low[i]!;
      const all = [far(s + 1), near(s), near(1 - s), far(2 - s)];
      if (!excludesOutside) return all;
      const inside = all.map((w, tap) => (low[i]! + tap - 1 < 0 || low[i]! + tap - 1 >= from ? 0 : w));
      const sum = inside.reduce((total, w) => total + w, 0);
      return inside.map((w) => w / sum);
    });
    return mixed(
      builder,
      x,
      axis,
      [0, 1, 2, 3].map((tap) => ({
        indices: low.map((at) => clamp(at + tap - 1, from)),
        weights: weights.map((all) => all[tap]!),
      })),
    );
  };

/** @throws Unsupported, or Error for a mode that does not exist. */
function stepOf(node: Node, opset: number): Step {
  const mode = string(node, 'mode', 'nearest');
  const excludes = int(node, 'exclude_outside', 0) !== 0;
  if (int(node, 'antialias', 0)) throw new Unsupported('Resize', 'antialias 1');
  if (mode === 'cubic') return cubicAlong(float(node, 'cubic_coeff_a', -0.75), excludes);
  if (excludes) throw new Unsupported('Resize', `exclude_outside 1 in mode '${mode}'`);
  if (mode === 'linear' || mode === 'bilinear') return linearAlong;
  if (mode !== 'nearest') throw new Error(`simd: ${node.op}: there is no mode '${mode}'`);
  const rule = opset < 11 ? 'simple' : string(node, 'nearest_mode', 'round_prefer_floor');
  if (!Object.hasOwn(NEAREST, rule)) throw new Error(`simd: Resize: there is no nearest_mode '${rule}'`);
  return nearestAlong(NEAREST[rule]!);
}

export const resize: Operator = (builder, node, inputs, { opset }) => {
  const x = floats(node, inputs, 0);
  const step = stepOf(node, opset);
  const axes = resizedAxes(node, x, inputs, opset);
  const positions = axes.map((axis) => positionsAlong(node, opset, axis));
  const resized = axes.reduce((value: Value, axis, i) => step(builder, value, axis, positions[i]!), x);
  if (!isCrop(node, opset)) return [resized];
  const beyond = known('float32', [], [Math.fround(float(node, 'extrapolation_value', 0))]);
  return [
    axes.reduce((value: Value, { axis, from, to }, i) => {
      const outside = positions[i]!.map((at) => (at < 0 || at > from - 1 ? 1 : 0));
      if (!outside.includes(1)) return value;
      const shape = [to, ...Array<number>(x.shape.length - axis - 1).fill(1)];
      return select(builder, 'Resize', known('bool', shape, outside), beyond, value);
    }, resized),
  ];
};
