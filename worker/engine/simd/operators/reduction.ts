// Operators that sum up axes, or find what is largest along them: the reductions and the softmaxes.
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { reductionCost } from '../costs.ts';
import { ABS, ADD, DIV, EXP, LOG, MAXIMUM, MEAN, MUL, NEG, SQRT, SUB, SUM } from '../kernels/opcodes.ts';
import { collapse, shapeTable } from '../layout.ts';
import { Unsupported } from '../unsupported.ts';
import { axesOf, axisOf, elementsOf, isConstant, known, type Value } from '../value.ts';
import { floats, type Operator } from './operator.ts';
import { given } from './slicing.ts';

/** Reduces the last axes of a view: the first `kept` remain. */
export function reduceLast(builder: Builder, what: string, code: number, x: Value, kept: number): Value {
  const view = builder.viewOf(x);
  const shape = x.shape.slice(0, kept);
  const recipe = isConstant(x) ? ['reduce', code, x.shape, kept, view] : undefined;
  const out = builder.tensor('float32', shape, undefined, recipe);
  if (elementsOf(shape) === 0) return out;
  if (elementsOf(x.shape) === 0) {
    if (code === MEAN) throw new Unsupported(what, 'an axis of size 0');
    const nothing = code === SUM ? 0 : Number.NEGATIVE_INFINITY;
    return builder.restride(known('float32', [], [nothing]), shape, () => ({
      offset: 0,
      strides: shape.map(() => 0),
    }));
  }
  const outer = collapse(shape, [view.strides.slice(0, kept)]);
  const inner = collapse(x.shape.slice(kept), [view.strides.slice(kept)]);
  const table = shapeTable({
    sizes: [...outer.sizes, ...inner.sizes],
    strides: [[], [...outer.strides[0]!, ...inner.strides[0]!]],
  });
  builder.emit({
    reads: [view.buffer],
    writes: [out.view.buffer],
    nanoseconds: reductionCost(elementsOf(x.shape), elementsOf(shape)),
    bind(kernels, at) {
      const [to, from] = [at(out.view.buffer), at(view.buffer) + 4 * view.offset];
      return () => {
        kernels.setShape(table);
        kernels.reduce(code, to, from, outer.sizes.length);
      };
    },
  });
  return out;
}

/** Reduces `axes`; they stay with size 1. */
export function reduceAxes(
  builder: Builder,
  what: string,
  code: number,
  x: Value,
  axes: readonly number[],
): Value {
  if (axes.length === 0) return x;
  const others = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  const order = [...others, ...axes];
  const turned = builder.restride(
    x,
    order.map((axis) => x.shape[axis]!),
    (strides) => ({ offset: 0, strides: order.map((axis) => strides[axis]!) }),
  );
  const out = reduceLast(builder, what, code, turned, others.length);
  return builder.reshape(
    out,
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

type Reduce = (builder: Builder, what: string, x: Value, axes: readonly number[]) => Value;

const plain =
  (code: number): Reduce =>
  (builder, what, x, axes) =>
    reduceAxes(builder, what, code, x, axes);

const square = (builder: Builder, what: string, x: Value) => builder.elementwise(what, MUL, [x, x]);

/** max x + log Σ e^(x − max x) */
const logSumExp: Reduce = (builder, what, x, axes) => {
  const most = reduceAxes(builder, what, MAXIMUM, x, axes);
  const powers = builder.elementwise(what, EXP, [builder.elementwise(what, SUB, [x, most])]);
  const log = builder.elementwise(what, LOG, [reduceAxes(builder, what, SUM, powers, axes)]);
  return builder.elementwise(what, ADD, [log, most]);
};

export const REDUCTIONS: Record<string, Reduce> = {
  ReduceSum: plain(SUM),
  ReduceMean: plain(MEAN),
  ReduceMax: plain(MAXIMUM),
  ReduceMin: (builder, what, x, axes) => {
    const negative = (value: Value) => builder.elementwise(what, NEG, [value]);
    return negative(reduceAxes(builder, what, MAXIMUM, negative(x), axes));
  },
  ReduceL1: (builder, what, x, axes) =>
    reduceAxes(builder, what, SUM, builder.elementwise(what, ABS, [x]), axes),
  ReduceL2: (builder, what, x, axes) =>
    builder.elementwise(what, SQRT, [reduceAxes(builder, what, SUM, square(builder, what, x), axes)]),
  ReduceSumSquare: (builder, what, x, axes) => reduceAxes(builder, what, SUM, square(builder, what, x), axes),
  ReduceLogSum: (builder, what, x, axes) =>
    builder.elementwise(what, LOG, [reduceAxes(builder, what, SUM, x, axes)]),
  ReduceLogSumExp: logSumExp,
};

export const REDUCTION_NAMES: readonly string[] = Object.keys(REDUCTIONS);

/** The axes are an input or, in older opsets, an attribute; none means all, or nothing by `noop_with_empty_axes`. */
export const reduction: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const asked = given(node, inputs, 1, 'axes') ?? [];
  const whole = asked.length === 0 && int(node, 'noop_with_empty_axes', 0) !== 1;
  const axes = whole ? x.shape.map((_, i) => i) : axesOf(asked, x.shape.length, node.op);
  const out = REDUCTIONS[node.op]!(builder, node.op, x, axes);
  if (int(node, 'keepdims', 1) === 1) return [out];
  return [
    builder.reshape(
      out,
      x.shape.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
};

/** e^(x − max) / Σ e^(x − max) along `axes`. */
export function softmaxAlong(builder: Builder, what: string, x: Value, axes: readonly number[]): Value {
  const most = reduceAxes(builder, what, MAXIMUM, x, axes);
  const powers = builder.elementwise(what, EXP, [builder.elementwise(what, SUB, [x, most])]);
  return builder.elementwise(what, DIV, [powers, reduceAxes(builder, what, SUM, powers, axes)]);
}

/** Softmax and LogSoftmax. Before opset 13 they go along all axes from the given one on. */
export const softmax: Operator = (builder, node, inputs, { opset }) => {
  const x = floats(node, inputs, 0);
  const rank = x.shape.length;
  const first = axisOf(int(node, 'axis', opset < 13 ? 1 : -1), rank, node.op);
  const axes = opset < 13 ? x.shape.flatMap((_, axis) => (axis < first ? [] : [axis])) : [first];
  if (node.op === 'Softmax') return [softmaxAlong(builder, node.op, x, axes)];
  const most = reduceAxes(builder, node.op, MAXIMUM, x, axes);
  const shifted = builder.elementwise(node.op, SUB, [x, most]);
  const powers = builder.elementwise(node.op, EXP, [shifted]);
  const log = builder.elementwise(node.op, LOG, [reduceAxes(builder, node.op, SUM, powers, axes)]);
  return [builder.elementwise(node.op, SUB, [shifted, log])];
};
