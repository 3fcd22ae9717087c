// Operators that sum up axes or windows: ReduceSum, ReduceMean, Softmax and the pools.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { DIV, EXP, MAXIMUM, MEAN, SUB, SUM } from '../kernels/opcodes.ts';
import { collapse, shapeTable } from '../layout.ts';
import { Unsupported } from '../unsupported.ts';
import { axisOf, elementsOf, isConstant, known, numbersOf, requireTable, type Value } from '../value.ts';
import { padConstant } from './movement.ts';
import { floats, type Operator } from './operator.ts';
import { type Axis, kernelSizes, requireImages, windowAxes } from './windows.ts';

/** Reduces the last axes of a view: the first `kept` remain. */
function reduceLast(builder: Builder, what: string, code: number, x: Value, kept: number): Value {
  const view = builder.viewOf(x);
  const shape = x.shape.slice(0, kept);
  const recipe = isConstant(x) ? ['reduce', code, x.shape, kept, view] : undefined;
  const out = builder.tensor('float', shape, undefined, recipe);
  if (elementsOf(shape) === 0) return out;
  if (elementsOf(x.shape) === 0) throw new Unsupported(what, 'an axis of size 0');
  const outer = collapse(shape, [view.strides.slice(0, kept)]);
  const inner = collapse(x.shape.slice(kept), [view.strides.slice(kept)]);
  const table = shapeTable({
    sizes: [...outer.sizes, ...inner.sizes],
    strides: [[], [...outer.strides[0]!, ...inner.strides[0]!]],
  });
  builder.emit({
    reads: [view.buffer],
    writes: [out.view.buffer],
    operations: elementsOf(x.shape),
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

const REDUCTIONS: Record<string, number> = { ReduceSum: SUM, ReduceMean: MEAN };

/** The axes are an input or, before opset 18, an attribute; none means all, or nothing by `noop_with_empty_axes`. */
export const reduction: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const given = inputs[1] ? numbersOf(inputs[1], node.op, 'axes') : attribute(node, 'axes', 'ints');
  const rank = x.shape.length;
  if (!given?.length && int(node, 'noop_with_empty_axes', 0)) return [x];
  const axes = given?.length ? given.map((axis) => axisOf(axis, rank, node.op)) : x.shape.map((_, i) => i);
  const out = reduceAxes(builder, node.op, REDUCTIONS[node.op]!, x, axes);
  if (int(node, 'keepdims', 1)) return [out];
  return [
    builder.reshape(
      out,
      x.shape.filter((_, axis) => !axes.includes(axis)),
    ),
  ];
};

/** e^(x − max) / Σ e^(x − max) along one axis. */
export const softmax: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const axes = [axisOf(int(node, 'axis', -1), x.shape.length, 'Softmax')];
  const most = reduceAxes(builder, 'Softmax', MAXIMUM, x, axes);
  const shifted = builder.elementwise('Softmax', SUB, [x, most]);
  const powers = builder.elementwise('Softmax', EXP, [shifted]);
  return [builder.elementwise('Softmax', DIV, [powers, reduceAxes(builder, 'Softmax', SUM, powers, axes)])];
};

/** [N, C, H, W] → [N, C, places…, window…], a view in which elements of overlapping windows are seen often. */
function windows(builder: Builder, x: Value, axes: readonly Axis[], empty: number): Value {
  const behind = axes.map(({ size, kernel, stride, dilation, before, places }) =>
    Math.max(0, (places - 1) * stride + dilation * (kernel - 1) + 1 - size - before),
  );
  const padded = padConstant(
    builder,
    x,
    [0, 0, ...axes.map(({ before }) => before)],
    [0, 0, ...behind],
    empty,
  );
  const shape = [
    ...x.shape.slice(0, 2),
    ...axes.map(({ places }) => places),
    ...axes.map(({ kernel }) => kernel),
  ];
  return builder.restride(padded, shape, ([n, c, ...spatial]) => ({
    offset: 0,
    strides: [
      n!,
      c!,
      ...axes.map(({ stride }, i) => stride * spatial[i]!),
      ...axes.map(({ dilation }, i) => dilation * spatial[i]!),
    ],
  }));
}

function poolAxes(node: Node, x: Value): Axis[] {
  const spatial = requireImages(node, x);
  return windowAxes(node, spatial, kernelSizes(node, spatial));
}

/** What stands in the pads of a MaxPool: the lowest float32, as in the reference. */
const LOWEST = -3.4028234663852886e38;

export const maxPool: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  if (int(node, 'storage_order', 0)) throw new Unsupported('MaxPool', 'storage_order 1');
  const axes = poolAxes(node, x);
  const view = windows(builder, x, axes, LOWEST);
  return [reduceLast(builder, 'MaxPool', MAXIMUM, view, 2 + axes.length)];
};

/** Pixels that each window counts: those inside the image, and the pads too when they are included. */
function counts(axes: readonly Axis[], included: boolean): Value {
  const along = axes.map(({ size, kernel, stride, dilation, before, after, places }) => {
    requireTable(places);
    const [low, high] = included ? [-before, size + after] : [0, size];
    return Array.from({ length: places }, (_, place) => {
      const start = place * stride - before;
      const first = Math.max(0, Math.ceil((low - start) / dilation));
      const behind = Math.min(kernel, Math.ceil((high - start) / dilation));
      // A window that holds nothing but padding sums to 0, which divided by 1 is what the reference answers.
      return Math.max(1, behind - first);
    });
  });
  requireTable(elementsOf(along.map(({ length }) => length)));
  const numbers = along.reduce((outer, inner) => outer.flatMap((a) => inner.map((b) => a * b)), [1]);
  return known(
    'float',
    axes.map(({ places }) => places),
    numbers,
  );
}

export const averagePool: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const axes = poolAxes(node, x);
  const sums = reduceLast(builder, 'AveragePool', SUM, windows(builder, x, axes, 0), 2 + axes.length);
  const divisor = counts(axes, int(node, 'count_include_pad', 0) !== 0);
  return [builder.elementwise('AveragePool', DIV, [sums, divisor])];
};

export const globalAveragePool: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  requireImages(node, x);
  return [
    reduceAxes(
      builder,
      'GlobalAveragePool',
      MEAN,
      x,
      x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis])),
    ),
  ];
};
