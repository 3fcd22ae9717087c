// Functions of one tensor, element by element, and Softmax.
import fc from 'fast-check';
import type { Attribute } from '../../../../onnx/model.ts';
import { createGraph, float, int, type Numbers, string } from '../graph.ts';
import { axisOf, commonBetween, commonSince, flag, optional, shape } from './draws.ts';

type Drawn = fc.Arbitrary<number | undefined>;
type Options = { numbers?: Numbers; tolerance?: number; since?: number; attributes?: Record<string, Drawn> };

const unary = (op: string, { numbers, tolerance, since = 7, attributes = {} }: Options = {}) =>
  fc
    .record({
      ...commonBetween(since, 26),
      dims: shape({ max: 5 }),
      scale: fc.constantFrom(1, 5, 0.01),
      drawn: fc.record(attributes),
    })
    .map(({ dims, scale, drawn, ...p }) => {
      const g = createGraph(p);
      const x = g.operand(dims, { numbers, scale });
      const given: Record<string, Attribute | undefined> = Object.fromEntries(
        Object.entries(drawn).map(([name, value]) => [name, float(value)]),
      );
      return g.finish({ [g.node(op, [x], given)]: dims.length }, tolerance);
    });
const of = (...values: number[]) => optional(fc.constantFrom(...values));

export const Sqrt = unary('Sqrt', { numbers: 'positive' });
export const Exp = unary('Exp');
export const Log = unary('Log', { numbers: 'positive' });
export const Neg = unary('Neg', { tolerance: 0 });
export const Abs = unary('Abs', { tolerance: 0 });
export const Relu = unary('Relu', { tolerance: 0 });
export const LeakyRelu = unary('LeakyRelu', { attributes: { alpha: of(0.2, 0, 1.5, -0.1) } });
export const Elu = unary('Elu', { attributes: { alpha: of(0.5, 1, 2) } });
export const Tanh = unary('Tanh');
export const Sigmoid = unary('Sigmoid');
export const Softplus = unary('Softplus');
export const Identity = unary('Identity', { tolerance: 0 });
export const Floor = unary('Floor', { tolerance: 0 });
export const Ceil = unary('Ceil', { tolerance: 0 });
export const Round = unary('Round', { tolerance: 0, since: 11 });
export const Sign = unary('Sign', { tolerance: 0, since: 9 });
export const Sin = unary('Sin');
export const Cos = unary('Cos');
export const Erf = unary('Erf', { since: 9 });
export const Reciprocal = unary('Reciprocal', { numbers: 'nonzero' });
export const HardSigmoid = unary('HardSigmoid', {
  attributes: { alpha: of(0.5, 0.1), beta: of(0.25, 0.75) },
});
export const HardSwish = unary('HardSwish', { since: 14 });
export const Selu = unary('Selu', { attributes: { alpha: of(1.5), gamma: of(0.5, 2) } });
export const Mish = unary('Mish', { since: 18 });
export const Softsign = unary('Softsign');
export const Celu = unary('Celu', { since: 12, attributes: { alpha: of(0.5, 2) } });
export const ThresholdedRelu = unary('ThresholdedRelu', {
  since: 10,
  attributes: { alpha: of(0, 0.5) },
  tolerance: 0,
});

export const Tan = unary('Tan', { tolerance: 1e-4 });
export const Shrink = unary('Shrink', { since: 9, attributes: { lambd: of(0, 1), bias: of(0.25) } });

const truth = (op: string, since: number, attributes: Record<string, fc.Arbitrary<boolean | undefined>>) =>
  fc.record({ ...commonBetween(since, 26), given: fc.record(attributes) }).map(({ given, ...p }) => {
    const g = createGraph(p);
    const x = g.feed([7], [0, -1, Number.NaN, Infinity, -Infinity, 3e38, 1e-45]);
    const flags = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, int(value)]));
    return g.finish({ [g.node('Cast', [g.node(op, [x], flags)], { to: int(1) })]: 1 }, 0);
  });
export const IsNaN = truth('IsNaN', 9, {});
export const IsInf = truth('IsInf', 10, {
  detect_negative: optional(flag),
  detect_positive: optional(flag),
});

export const Gelu = fc
  .record({ ...commonSince(20), dims: shape(), approximate: optional(fc.constantFrom('none', 'tanh')) })
  .map(({ dims, approximate, ...p }) => {
    const g = createGraph(p);
    const y = g.node('Gelu', [g.operand(dims)], { approximate: string(approximate) });
    return g.finish({ [y]: dims.length });
  });

const softmax = (op: string) =>
  fc
    .record({
      ...commonBetween(7, 26),
      dims: shape({ min: 2 }),
      axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
      scale: fc.constantFrom(1, 20),
    })
    .map(({ dims, axis, scale, ...p }) => {
      const g = createGraph(p);
      const given = axis && axisOf(dims.length, axis.at, axis.negative && p.opset >= 11);
      const y = g.node(op, [g.operand(dims, { scale })], { axis: int(given) });
      return g.finish({ [y]: dims.length });
    });

export const Softmax = softmax('Softmax');
export const LogSoftmax = softmax('LogSoftmax');
