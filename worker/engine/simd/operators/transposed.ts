// ConvTranspose, in the way that suits its sizes: from one pixel a product, to few channels products that are folded
// together, and otherwise one convolution of stride 1 for each phase of the stride.
import type { Node } from '../../../../onnx/model.ts';
import { attribute, ints } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { moveCost } from '../costs.ts';
import { COPY } from '../kernels/opcodes.ts';
import { elementsOf, type Value } from '../value.ts';
import { biasOf, bordered, operands } from './convolution.ts';
import { areFew, convolve, type Pair, type Phase } from './convolve.ts';
import { absorbFollowers } from './epilogue.ts';
import { matrixProduct } from './linear.ts';
import type { Operator } from './operator.ts';
import { autoPad, kernelSizes, same } from './windows.ts';

/** Each phase is a convolution with tables of its own; more of them cost more than they save. */
const MAX_PHASES = 64;

/** Longer axes would overflow a kernel's integers. */
const MAX_EXTENT = 2 ** 28;

/** One axis: `out` pixels, `before` of the full result cut off. */
type Axis = { size: number; kernel: number; stride: number; dilation: number; before: number; out: number };

function transposedAxes(node: Node, spatial: readonly number[], kernel: readonly number[]): Axis[] {
  const rank = spatial.length;
  const strides = ints(node, 'strides', rank, 1, 1);
  const dilations = ints(node, 'dilations', rank, 1, 1);
  const pads = ints(node, 'pads', 2 * rank, 0, 0);
  const extra = ints(node, 'output_padding', rank, 0, 0);
  const shape = attribute(node, 'output_shape', 'ints');
  const mode = autoPad(node);
  return spatial.map((size, i) => {
    const [stride, dilation] = [strides[i]!, dilations[i]!];
    const full = stride * (size - 1) + extra[i]! + dilation * (kernel[i]! - 1) + 1;
    if (full > MAX_EXTENT)
      throw new Error(`simd: ConvTranspose: axis ${i + 2} would be ${full} pixels long before it is cut`);
    // Nothing is padded where the kernel is smaller than the stride: the result is smaller, too, in the reference.
    const wanted =
      shape?.at(i - rank) ?? (mode.startsWith('SAME') ? Math.min(size * stride, full) : undefined);
    let [before, after] = mode === 'VALID' ? [0, 0] : [pads[i]!, pads[i + rank]!];
    // A given size decides the pads; where they are odd, ONNX gives the larger half to the end for SAME_UPPER alone.
    if (wanted !== undefined)
      [before, after] = same(mode === 'SAME_UPPER' ? mode : 'SAME_LOWER', full - wanted);
    const out = wanted ?? full - before - after;
    if (out < 1) throw new Error(`simd: ConvTranspose: axis ${i + 2} of the output would have ${out} pixels`);
    return { size, kernel: kernel[i]!, stride, dilation, before, out };
  });
}

type Followed = ReturnType<typeof absorbFollowers>;

/** What all three ways work on; weights are [groups · outputs, channels, …], as Conv has them. */
type Work = {
  x: Value;
  shape: readonly number[];
  /** Along height and width. */
  axes: readonly [Axis, Axis];
  groups: number;
  channels: number;
  outputs: number;
  followed: Followed;
};

export const convTranspose: Operator = (builder, node, inputs, scope) => {
  const { x, weights, spatial, groups, kernel } = operands(builder, node, inputs);
  const [all, outputs] = weights.shape as [number, number];
  if (all !== x.shape[1])
    throw new Error(`simd: ConvTranspose: weights [${weights.shape}] do not match [${x.shape}]`);
  const channels = all / groups;
  const bias = biasOf(node, inputs, outputs * groups);
  const axes = transposedAxes(node, spatial, kernelSizes(node, spatial, kernel));
  const shape = [x.shape[0]!, groups * outputs, ...axes.map(({ out }) => out)];
  elementsOf(shape);

  const window = weights.shape.slice(2);
  const grouped = builder.reshape(weights, [groups, channels, outputs, ...window]);
  const turned = builder.restride(grouped, [groups, outputs, channels, ...window], ([g, c, o, ...rest]) => ({
    offset: 0,
    strides: [g!, o!, c!, ...rest],
  }));
  const filters = builder.reshape(turned, [groups * outputs, channels, ...window]);
  const result = { rank: shape.length, axis: 1, channels: groups * outputs };
  const followed = absorbFollowers(builder, node, scope, { value: filters, axis: 0 }, bias, result);
  const flat: Axis = { size: 1, kernel: 1, stride: 1, dilation: 1, before: 0, out: 1 };
  const pair = [axes.length === 2 ? axes[0]! : flat, axes.at(-1)!] as const;
  const work: Work = { x, shape, axes: pair, groups, channels, outputs, followed };

  const fromOnePixel = pair.every(
    ({ size, before, dilation, kernel: taps, out }) =>
      size === 1 && before === 0 && dilation === 1 && out === taps,
  );
  if (fromOnePixel && groups === 1) return [spread(builder, work)];
  const phases = pair.reduce((n, { stride, out }) => n * Math.min(stride, out), 1);
  return [areFew(outputs) || phases > MAX_PHASES ? folded(builder, work) : phased(builder, work)];
};

/** Each weight is used once an image: a product, [N, C] · [C, outputs · window]. */
function spread(builder: Builder, { x, shape, channels, outputs, followed }: Work): Value {
  const { weights, bias, activation } = followed;
  const window = weights.shape.slice(2);
  const area = elementsOf(window);
  const matrix = builder.restride(weights, [channels, outputs, ...window], ([o, c, ...rest]) => ({
    offset: 0,
    strides: [c!, o!, ...rest],
  }));
  const repeated =
    bias && builder.restride(bias, [outputs, area], ([stride]) => ({ offset: 0, strides: [stride!, 0] }));
  const product = matrixProduct(
    builder,
    builder.reshape(x, [shape[0]!, channels]),
    builder.reshape(matrix, [channels, outputs * area]),
    repeated && builder.reshape(repeated, [outputs * area]),
    activation,
  );
  return builder.reshape(product, shape);
}

/** Every pixel times the whole window, as a convolution of 1 × 1 with outputs · window channels; `fold` adds them up. */
function folded(builder: Builder, { x, shape, axes, groups, channels, outputs, followed }: Work): Value {
  const { weights, bias, activation } = followed;
  const [images, , height, width] = x.shape as [number, number, number, number];
  const area = elementsOf(weights.shape.slice(2));
  const window = builder.restride(
    builder.reshape(weights, [groups * outputs, channels, area]),
    [groups * outputs, area, channels],
    ([o, c, tap]) => ({ offset: 0, strides: [o!, tap!, c!] }),
  );
  const pixels: Phase = {
    weights: builder.reshape(window, [groups * outputs * area, channels, 1, 1]),
    down: [0],
    across: [0],
    count: [height, width],
    first: [0, 0],
    step: [1, 1],
    stride: [1, 1],
  };
  const products = builder.arranged(
    convolve(builder, builder.arranged(x), [images, groups * outputs * area, height, width], {
      phases: [pixels],
      bias: undefined,
      activation: { code: COPY, alpha: 0, beta: 0 },
      groups,
      channels,
      outputs: outputs * area,
      planes: true,
      inside: [
        [0, height],
        [0, width],
      ],
    }),
  ).view.buffer;
  const added = bias && builder.arranged(bias).view;
  const out = builder.tensor('float32', shape);
  const [y, i] = axes;
  const all = groups * outputs;
  builder.emit({
    reads: [products, ...(added ? [added.buffer] : [])],
    writes: [out.view.buffer],
    nanoseconds: moveCost(images * all * area * height * width, images * all * area * height),
    bind(kernels, at) {
      const [from, addend, to] = [at(products), added ? at(added.buffer) : 0, at(out.view.buffer)];
      const plane = 4 * y.out * i.out;
      return () => {
        for (let image = 0; image < images; image++)
          kernels.fold(
            from + 4 * image * all * area * height * width,
            addend,
            to + image * all * plane,
            plane,
            all,
            height,
            width,
            y.out,
            i.out,
            y.kernel,
            i.kernel,
            y.stride,
            i.stride,
            y.dilation,
            i.dilation,
            y.before,
            i.before,
          );
      };
    },
  });
  const { code, alpha, beta } = activation;
  return code === COPY ? out : builder.elementwise('ConvTranspose', code, [out], { alpha, beta });
}

/**
 * Output pixels first + stride · m see input pixels m + c through the taps t for which
 * c = (first + before − t · dilation) / stride is whole. One entry for each of the `stride` firsts; c ascends.
 */
const phasesAlong = ({ kernel, stride, dilation, before, out }: Axis) =>
  Array.from({ length: Math.min(stride, out) }, (_, first) => ({
    first,
    count: Math.ceil((out - first) / stride),
    taps: Array.from({ length: kernel }, (_, i) => kernel - 1 - i)
      .map((tap) => ({ tap, c: (first + before - tap * dilation) / stride }))
      .filter(({ c }) => Number.isInteger(c)),
  }));

/** Borders wide enough for every tap of every phase. */
function borders(phases: ReturnType<typeof phasesAlong>, size: number): Pair {
  const most = (lists: number[][]) => lists.flat().reduce((most, n) => Math.max(most, n), 0);
  return [
    most(phases.map(({ taps }) => taps.map(({ c }) => -c))),
    most(phases.map(({ taps, count }) => taps.map(({ c }) => count + c - size))),
  ];
}

/** The weights of some taps; those of one phase are evenly spaced, so they are a view. */
function chosen(builder: Builder, weights: Value, down: readonly number[], across: readonly number[]): Value {
  const shape = [...weights.shape.slice(0, 2), down.length, across.length];
  if (elementsOf(shape) === 0) return { type: 'float32', shape, known: [] };
  const spacing = (taps: readonly number[]) => (taps.length > 1 ? taps[1]! - taps[0]! : 1);
  return builder.restride(weights, shape, ([o, c, y, x]) => ({
    offset: down[0]! * y! + across[0]! * x!,
    strides: [o!, c!, y! * spacing(down), x! * spacing(across)],
  }));
}

/** Each phase with its share of the window: no zeros are multiplied. */
function phased(
  builder: Builder,
  { x, shape, axes: [y, i], groups, channels, outputs, followed }: Work,
): Value {
  const [down, across] = [phasesAlong(y), phasesAlong(i)];
  const [around, beside] = [borders(down, y.size), borders(across, i.size)];
  const phases = down.flatMap((v) =>
    across.map((h): Phase => {
      const numbers = (taps: typeof v.taps) => taps.map(({ tap }) => tap);
      return {
        weights: chosen(builder, followed.weights, numbers(v.taps), numbers(h.taps)),
        down: v.taps.map(({ c }) => c + around[0]),
        across: h.taps.map(({ c }) => c + beside[0]),
        count: [v.count, h.count],
        first: [v.first, h.first],
        step: [y.stride, i.stride],
        stride: [1, 1],
      };
    }),
  );
  const padded = bordered(builder, x, around, beside, false);
  const inside: [Pair, Pair] = [
    [around[0], around[0] + y.size],
    [beside[0], beside[0] + i.size],
  ];
  return convolve(builder, padded, shape, {
    ...followed,
    phases,
    groups,
    channels,
    outputs,
    planes: false,
    inside,
  });
}
