// Functions of one tensor, element by element, and Softmax.
import fc from 'fast-check';
import type { Attribute } from '../../../../onnx/model.ts';
import { createGraph, float, int, type Numbers } from '../graph.ts';
import { axisOf, common, flag, optional, shape } from './draws.ts';

type Options = { numbers?: Numbers; tolerance?: number; alpha?: fc.Arbitrary<number | undefined> };

const unary = (op: string, { numbers, tolerance, alpha = fc.constant(undefined) }: Options = {}) =>
  fc
    .record({ ...common, dims: shape({ max: 5 }), scale: fc.constantFrom(1, 5, 0.01), alpha })
    .map(({ dims, scale, alpha, ...p }) => {
      const g = createGraph(p);
      const x = g.operand(dims, { numbers, scale });
      const attributes: Record<string, Attribute | undefined> = { alpha: float(alpha) };
      return g.finish({ [g.node(op, [x], attributes)]: dims.length }, tolerance);
    });

export const Sqrt = unary('Sqrt', { numbers: 'positive' });
export const Exp = unary('Exp');
export const Log = unary('Log', { numbers: 'positive' });
export const Neg = unary('Neg', { tolerance: 0 });
export const Abs = unary('Abs', { tolerance: 0 });
export const Relu = unary('Relu', { tolerance: 0 });
export const LeakyRelu = unary('LeakyRelu', { alpha: optional(fc.constantFrom(0.2, 0, 1.5, -0.1)) });
export const Elu = unary('Elu', { alpha: optional(fc.constantFrom(0.5, 1, 2)) });
export const Tanh = unary('Tanh');
export const Sigmoid = unary('Sigmoid');
export const Softplus = unary('Softplus');
export const Identity = unary('Identity', { tolerance: 0 });

export const Softmax = fc
  .record({
    ...common,
    dims: shape({ min: 1 }),
    axis: optional(fc.record({ at: fc.nat(3), negative: flag })),
    scale: fc.constantFrom(1, 20),
  })
  .map(({ dims, axis, scale, ...p }) => {
    const g = createGraph(p);
    const given = axis && axisOf(dims.length, axis.at, axis.negative);
    const y = g.node('Softmax', [g.operand(dims, { scale })], { axis: int(given) });
    return g.finish({ [y]: dims.length });
  });
