// Operators of two and more tensors that broadcast against each other.
import fc from 'fast-check';
import type { DataType } from '../../../../onnx/model.ts';
import { createGraph, float, int, type Numbers } from '../graph.ts';
import { common, commonBetween, flag, optional, part, partOf, shape } from './draws.ts';

const whole = shape({ max: 5 });

const binary = (op: string, left: Numbers, right: Numbers) =>
  fc
    .record({
      ...commonBetween(7, 26),
      whole,
      parts: fc.tuple(part, part),
      stored: fc.constantFrom('none', 'left', 'right'),
      /** x ∘ x: both inputs are one tensor. */
      same: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
    })
    .map(({ whole, parts, stored, same, ...p }) => {
      const g = createGraph(p);
      const shapes = parts.map((one) => partOf(whole, one));
      const a = g.operand(shapes[0]!, { constant: stored === 'left' && !same, numbers: same ? right : left });
      const b = same ? a : g.operand(shapes[1]!, { constant: stored === 'right', numbers: right });
      const rank = same ? shapes[0]!.length : Math.max(...shapes.map((one) => one.length));
      return g.finish({ [g.node(op, [a, b])]: rank });
    });

export const Add = binary('Add', 'normal', 'normal');
export const Sub = binary('Sub', 'normal', 'normal');
export const Mul = binary('Mul', 'normal', 'normal');
export const Div = binary('Div', 'normal', 'nonzero');

/** Truth values of fed or stored numbers that are often equal, as numbers. */
const comparison = (op: string, since: number) =>
  fc
    .record({
      ...commonBetween(since, 26),
      whole,
      parts: fc.tuple(part, part),
      type: fc.constantFrom<DataType>('float32', 'int32', 'int64'),
      stored: flag,
    })
    .map(({ whole, parts, type, stored, ...p }) => {
      const g = createGraph(p);
      const shapes = parts.map((one) => partOf(whole, one));
      const values = (dims: readonly number[], by: number) =>
        Array.from({ length: dims.reduce((n, d) => n * d, 1) }, (_, i) => ((i * by + p.seed) % 5) - 2);
      const a = g.feed(shapes[0]!, values(shapes[0]!, 3), type);
      const b = stored
        ? g.constant(type, shapes[1]!, values(shapes[1]!, 7))
        : g.feed(shapes[1]!, values(shapes[1]!, 7), type);
      const y = g.node('Cast', [g.node(op, [a, b])], { to: int(1) });
      return g.finish({ [y]: Math.max(...shapes.map((dims) => dims.length)) }, 0);
    });

export const Equal = comparison('Equal', 11);
export const Greater = comparison('Greater', 9);
export const Less = comparison('Less', 9);
export const GreaterOrEqual = comparison('GreaterOrEqual', 12);
export const LessOrEqual = comparison('LessOrEqual', 12);

const logic = (op: string, operands: number) =>
  fc.record({ ...commonBetween(7, 26), whole, parts: fc.tuple(part, part) }).map(({ whole, parts, ...p }) => {
    const g = createGraph(p);
    const shapes = parts.slice(0, operands).map((one) => partOf(whole, one));
    const inputs = shapes.map((dims, at) =>
      g.feed(
        dims,
        Array.from({ length: dims.reduce((n, d) => n * d, 1) }, (_, i) => (i * 3 + at + p.seed) % 2),
        'bool',
      ),
    );
    const y = g.node('Cast', [g.node(op, inputs)], { to: int(1) });
    return g.finish({ [y]: Math.max(...shapes.map((dims) => dims.length)) }, 0);
  });

export const And = logic('And', 2);
export const Or = logic('Or', 2);
export const Xor = logic('Xor', 2);
export const Not = logic('Not', 1);

export const Where = fc
  .record({
    ...commonBetween(9, 26),
    whole,
    parts: fc.tuple(part, part, part),
    stored: flag,
  })
  .map(({ whole, parts, stored, ...p }) => {
    const g = createGraph(p);
    const [of, yes, no] = parts.map((one) => partOf(whole, one)) as [number[], number[], number[]];
    const which = Array.from({ length: of.reduce((n, d) => n * d, 1) }, (_, i) => (i + p.seed) % 2);
    const condition = stored ? g.constant('bool', of, which) : g.feed(of, which, 'bool');
    const y = g.node('Where', [condition, g.operand(yes), g.operand(no, { constant: stored })]);
    return g.finish({ [y]: Math.max(of.length, yes.length, no.length) }, 0);
  });

/** Exponents that are numbers in the file, of bases that they are defined for. */
const PowOfNumber = fc
  .record({
    ...common,
    dims: shape(),
    exponent: fc.oneof(
      fc.constantFrom(2, 0.5, 3, -1, 1, 0, 4, -2, -0.5, 1 / 3, 2.5),
      fc.float({ min: -3, max: 3, noNaN: true }),
    ),
    rank: fc.nat(1),
  })
  .map(({ dims, exponent, rank, ...p }) => {
    const g = createGraph(p);
    const numbers = !Number.isInteger(exponent) ? 'positive' : exponent < 0 ? 'nonzero' : 'normal';
    const x = g.operand(dims, { numbers });
    const y = g.node('Pow', [x, g.constant('float32', Array(rank).fill(1), [exponent])]);
    return g.finish({ [y]: Math.max(dims.length, rank) });
  });
export const Pow = fc.oneof(PowOfNumber, binary('Pow', 'positive', 'normal'));

const variadic = (op: string) =>
  fc
    .record({
      ...commonBetween(8, 26),
      whole,
      operands: fc.array(fc.record({ part, stored: flag }), { minLength: 1, maxLength: 4 }),
    })
    .map(({ whole, operands, ...p }) => {
      const g = createGraph(p);
      const shapes = operands.map((one) => partOf(whole, one.part));
      const inputs = shapes.map((dims, i) => g.operand(dims, { constant: i > 0 && operands[i]!.stored }));
      return g.finish(
        { [g.node(op, inputs)]: Math.max(...shapes.map((dims) => dims.length)) },
        op.startsWith('M') && op !== 'Mean' ? 0 : 1e-6,
      );
    });

export const Min = variadic('Min');
export const Max = variadic('Max');
export const Sum = variadic('Sum');
export const Mean = variadic('Mean');

/** Before opset 11 the bounds are attributes. */
export const Clip = fc
  .record({
    ...commonBetween(7, 26),
    dims: shape(),
    min: optional(fc.constantFrom(-0.5, 0, -1)),
    max: optional(fc.constantFrom(0.5, 1, 6)),
    stored: flag,
  })
  .map(({ dims, min, max, stored, ...p }) => {
    const g = createGraph(p);
    const x = g.operand(dims);
    if (p.opset < 11)
      return g.finish({ [g.node('Clip', [x], { min: float(min), max: float(max) })]: dims.length }, 0);
    const bound = (value: number | undefined) => {
      if (value === undefined) return '';
      return stored ? g.constant('float32', [], [value]) : g.feed([], [value]);
    };
    const inputs = [x, bound(min), bound(max)];
    // Optional inputs at the end may also be left out altogether.
    while (p.seed % 2 === 0 && inputs.at(-1) === '') inputs.pop();
    return g.finish({ [g.node('Clip', inputs)]: dims.length }, 0);
  });

/** The slope broadcasts to the input, and not the other way round. */
export const PRelu = fc
  .record({ ...common, dims: shape(), slope: part, stored: flag })
  .map(({ dims, slope, stored, ...p }) => {
    const g = createGraph(p);
    const inputs = [g.operand(dims), g.operand(partOf(dims, slope), { constant: stored })];
    return g.finish({ [g.node('PRelu', inputs)]: dims.length });
  });
