// Convolutions for the kernels: sets of output pixels that look at the input alike, and tables that say where.
import type { Builder } from '../builder.ts';
import { moveCost, productCost } from '../costs.ts';
import {
  type Buffer,
  channelsLast,
  elementsOf,
  requireTable,
  rowMajor,
  type Stored,
  type Value,
  type View,
} from '../value.ts';
import type { Activation } from './activations.ts';
import { type Region, regionsOf } from './borders.ts';
import { listElements, pack } from './linear.ts';

/** Along height and width; a signal is an image of height 1. */
export type Pair = readonly [number, number];

/** Output pixels first + step · (i, j), i < count[0] and j < count[1]; their windows begin stride · (i, j) into the input. */
export type Phase = {
  /** This phase's share of the weights, [groups · outputs, channels, taps down, taps across]. */
  weights: Value;
  /** Where the taps look from a window's beginning, ascending. */
  down: readonly number[];
  across: readonly number[];
  count: Pair;
  first: Pair;
  step: Pair;
  stride: Pair;
};

export type Convolution = {
  phases: readonly Phase[];
  bias: Value | undefined;
  activation: Activation;
  groups: number;
  /** Channels of one group, in and out. */
  channels: number;
  outputs: number;
  /** Channels as planes, one behind the other, or together, pixel by pixel: in and, if nobody minds, out. */
  planes: boolean;
  /** Where the image lies in its border of zeros, along height and width. */
  inside: readonly [Pair, Pair];
};

/** With fewer output channels than a panel has columns, the pixels must fill the lanes. */
export const areFew = (outputs: number): boolean => outputs < 8;

/** The layout of images [N, C, H, W]. */
export const layoutOf = (shape: readonly number[], planes: boolean): number[] =>
  planes ? rowMajor(shape) : channelsLast(shape);

const range = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Byte offsets of count[0] × count[1] places on a grid, row by row. */
function grid(count: Pair, down: number, across: number, start: number): Int32Array {
  const places = new Int32Array(count[0] * count[1]);
  let i = 0;
  for (let y = 0; y < count[0]; y++)
    for (let x = 0; x < count[1]; x++) places[i++] = 4 * (start + y * down + x * across);
  return places;
}

/** @param x in the layout that `planes` says, pads included; `shape` is the result's, [N, C, H, W] or [N, C, W]. */
export function convolve(
  builder: Builder,
  x: Stored,
  shape: readonly number[],
  convolution: Convolution,
): Value {
  const { phases, bias, planes } = convolution;
  const added = bias && builder.arranged(bias).view;
  const emit = planes ? emitPlanes : emitLast;
  return {
    type: 'float32',
    shape,
    pending: {
      strides: layoutOf(shape, planes),
      produce(to) {
        for (const { count, down, across } of phases) {
          requireTable(count[0] * count[1]);
          requireTable(convolution.channels * down.length * across.length);
        }
        const [n, c, ...spatial] = to.strides as [number, number, ...number[]];
        const [down, across] = spatial.length === 2 ? (spatial as [number, number]) : [0, spatial[0]!];
        const target: Target = { view: to, image: n, channel: c, down, across };
        for (const phase of phases)
          if (elementsOf(phase.count) * elementsOf(shape) > 0)
            emit(builder, x, phase, added, target, convolution);
      },
    },
  };
}

/** Windows are gathered, or read where they lie, for the products of each group. */
const cost = (pixels: number, groups: number, outputs: number, k: number, code: number): number =>
  groups * (moveCost(pixels * k, pixels) + productCost(pixels, k, outputs, code));

/** Where the output goes; strides in elements. */
type Target = { view: View; image: number; channel: number; down: number; across: number };

/** The tables of pixels.ts for one phase, or a region of it. */
function pixelTables(
  builder: Builder,
  x: Stored,
  { count, first, step, stride }: Phase,
  target: Target,
  [top, left]: Pair = [0, 0],
) {
  const [, , rowIn, columnIn] = x.view.strides as [number, number, number, number];
  const { down, across } = target;
  const start = (first[0] + top * step[0]) * down + (first[1] + left * step[1]) * across;
  const pixels = (rows: number, columns: number, from: number) =>
    builder.table(`pixels:${count}:${rows}:${columns}:${from}`, count[0] * count[1], () =>
      grid(count, rows, columns, from),
    );
  const [rows, columns] = [rowIn * stride[0], columnIn * stride[1]];
  return {
    inputs: pixels(rows, columns, top * rows + left * columns),
    outputs: pixels(step[0] * down, step[1] * across, start),
  };
}

/** Windows as runs for rows.ts, three numbers each: those of the taps that see the image, then those of all. */
function windowRuns(
  builder: Builder,
  { down, across }: Phase,
  seen: Region,
  [rowIn, columnIn]: Pair,
  channels: number,
) {
  const runsOf = (rows: readonly number[], columns: readonly number[]): number[][] => {
    const runs: [number, number, number][] = [];
    for (const y of rows)
      for (const i of columns) {
        const start = 4 * (down[y]! * rowIn + across[i]! * columnIn);
        const place = 32 * channels * (y * across.length + i);
        const last = runs.at(-1);
        if (last && last[0] + last[1] === start && last[2] + 8 * last[1] === place) last[1] += 4 * channels;
        else runs.push([start, 4 * channels, place]);
      }
    return runs;
  };
  const [some, all] = [
    runsOf(seen.down.taps, seen.across.taps),
    runsOf([...down.keys()], [...across.keys()]),
  ];
  const numbers = [...some, ...all].flat();
  return {
    table: builder.table(`runs:${numbers}`, numbers.length, () => numbers),
    some: some.length,
    all: all.length,
  };
}

/** Channels together: weights in panels [taps · channels][outputs], windows as runs. */
function emitLast(
  builder: Builder,
  x: Stored,
  phase: Phase,
  bias: View | undefined,
  target: Target,
  convolution: Convolution,
): void {
  const { groups, channels, outputs, inside } = convolution;
  const { down, across, count, stride } = phase;
  const k = channels * down.length * across.length;
  const packed = range(groups).map((group) => {
    const matrix = builder.restride(
      phase.weights,
      [down.length, across.length, channels, outputs],
      ([o, c, y, i]) => ({ offset: group * outputs * o!, strides: [y!, i!, c!, o!] }),
    );
    return pack(builder, builder.reshape(matrix, [k, outputs]));
  });
  const regions = regionsOf(
    { count: count[0], stride: stride[0], taps: down, inside: inside[0] },
    { count: count[1], stride: stride[1], taps: across, inside: inside[1] },
  );
  for (const region of regions) emitRegion(builder, x, phase, region, packed, bias, target, convolution);
}

function emitRegion(
  builder: Builder,
  x: Stored,
  phase: Phase,
  region: Region,
  packed: readonly Buffer[],
  bias: View | undefined,
  target: Target,
  { groups, channels, outputs, activation: { code, alpha, beta } }: Convolution,
): void {
  const [images] = x.shape as [number];
  const [imageIn, , rowIn, columnIn] = x.view.strides as [number, number, number, number];
  const { down, across } = region;
  const part: Phase = { ...phase, count: [down.behind - down.first, across.behind - across.first] };
  const pixels = part.count[0] * part.count[1];
  const k = channels * phase.down.length * phase.across.length;
  const { inputs, outputs: places } = pixelTables(builder, x, part, target, [down.first, across.first]);
  const windows = windowRuns(builder, phase, region, [rowIn, columnIn], channels);
  const lists = builder.buffer(listElements(images * pixels, k));
  builder.emit({
    reads: [x.view.buffer, inputs, places, windows.table, ...packed, ...(bias ? [bias.buffer] : [])],
    writes: [target.view.buffer, lists],
    nanoseconds: cost(images * pixels, groups, outputs, k, code),
    bind(kernels, at) {
      const [from, to] = [at(x.view.buffer), at(target.view.buffer) + 4 * target.view.offset];
      const addend = bias ? at(bias.buffer) : 0;
      const [inTable, outTable, runTable, room] = [at(inputs), at(places), at(windows.table), at(lists)];
      const panels = packed.map(at);
      return () =>
        panels.forEach((weights, group) => {
          kernels.convolveLast(
            from + 4 * group * channels,
            4 * imageIn,
            weights,
            addend && addend + 4 * group * outputs,
            to + 4 * group * outputs * target.channel,
            4 * target.image,
            4 * target.channel,
            inTable,
            outTable,
            runTable,
            windows.some,
            windows.all,
            images,
            pixels,
            outputs,
            k,
            room,
            code,
            alpha,
            beta,
          );
        });
    },
  });
}

/** Channels as planes: weights row by row, pixels gathered into panels. */
function emitPlanes(
  builder: Builder,
  x: Stored,
  phase: Phase,
  bias: View | undefined,
  target: Target,
  { groups, channels, outputs, activation: { code, alpha, beta } }: Convolution,
): void {
  const [images] = x.shape as [number];
  const [imageIn, plane, rowIn] = x.view.strides as [number, number, number];
  const { down, across, count } = phase;
  const k = channels * down.length * across.length;
  const pixels = count[0] * count[1];
  const { inputs, outputs: places } = pixelTables(builder, x, phase, target);
  const taps = builder.table(`taps:${channels}:${plane}:${rowIn}:${down}:${across}`, k, () =>
    range(channels).flatMap((c) => down.flatMap((y) => across.map((i) => 4 * (c * plane + y * rowIn + i)))),
  );
  const weights = builder.arranged(phase.weights).view;
  const panels = builder.buffer((32 + 2 * 3) * k + 24);
  builder.emit({
    reads: [x.view.buffer, inputs, places, taps, weights.buffer, ...(bias ? [bias.buffer] : [])],
    writes: [target.view.buffer, panels],
    nanoseconds: cost(images * pixels, groups, outputs, k, code),
    bind(kernels, at) {
      const [from, to] = [at(x.view.buffer), at(target.view.buffer) + 4 * target.view.offset];
      const [filters, addend] = [at(weights.buffer), bias ? at(bias.buffer) : 0];
      const [inTable, outTable, tapTable, room] = [at(inputs), at(places), at(taps), at(panels)];
      return () => {
        for (let group = 0; group < groups; group++)
          kernels.convolvePlanes(
            from + 4 * group * channels * plane,
            4 * imageIn,
            filters + 4 * group * outputs * k,
            addend && addend + 4 * group * outputs,
            to + 4 * group * outputs * target.channel,
            4 * target.image,
            4 * target.channel,
            inTable,
            outTable,
            tapTable,
            room,
            images,
            pixels,
            outputs,
            k,
            code,
            alpha,
            beta,
          );
      };
    },
  });
}
