// Windows of which the mean or the maximum is taken, and whole images as one window.
import type { Node } from '../../../../onnx/model.ts';
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { DIV, MAXIMUM, MEAN, SUM } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, known, requireTable, type Value } from '../value.ts';
import { floats, type Operator } from './operator.ts';
import { padConstant } from './pad.ts';
import { reduceAxes, reduceLast } from './reduction.ts';
import { type Axis, kernelSizes, requireImages, windowAxes } from './windows.ts';

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
    'float32',
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

/** GlobalAveragePool and GlobalMaxPool. */
export const globalPool: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  requireImages(node, x);
  const axes = x.shape.flatMap((_, axis) => (axis < 2 ? [] : [axis]));
  return [reduceAxes(builder, node.op, node.op === 'GlobalMaxPool' ? MAXIMUM : MEAN, x, axes)];
};
