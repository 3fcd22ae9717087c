// Gather, one-hot, top k, and nearest-neighbour or bilinear resizing.
import type { Value } from '../../graph-builder.ts';
import { type KernelTable, type Recorder, toDataType } from '../recorder.ts';
import { binary, cast } from './elementwise.ts';
import { reshape, transpose } from './movement.ts';
import { axesOf } from './reduction.ts';
import { shapeInput } from './shape.ts';

/** A class below zero has no place; ONNX would count it from the end. */
function oneHot(r: Recorder, indices: Value, depth: number, off: number, on: number): Value {
  const at = cast(r, indices, 'int64');
  const below = binary(r, 'Less', at, r.int64([0]), 'bool');
  const placed = r.emit('Where', [below, r.int64([depth]), at], at.shape, {}, 'int64');
  const shape = [...indices.shape, depth];
  return r.emit('OneHot', [placed, r.int64([depth]), r.float([off, on])], shape, { axis: -1 }, 'float32');
}

/** [batch, height, width, channels] resized by ONNX's rule for where an output pixel lies in the input. */
function resize(
  r: Recorder,
  images: Value,
  [height, width]: [number, number],
  attributes: Record<string, string>,
): Value {
  const [batch, inHeight, inWidth, channels] = images.shape as [number, number, number, number];
  const shape = [batch, channels, height, width];
  const nchw = transpose(r, images, [0, 3, 1, 2]);
  const none = r.float([], [0]);
  const factors = [height / inHeight, width / inWidth].map(Math.fround) as [number, number];
  // A runtime multiplies in float32 and rounds down: where that loses a pixel it is given sizes.
  const reaches = (d: number, factor: number, to: number) => Math.floor(Math.fround(d * factor)) === to;
  const exact = reaches(inHeight, factors[0], height) && reaches(inWidth, factors[1], width);
  const size = exact ? [r.float([1, 1, ...factors])] : [none, shapeInput(r, shape)];
  return transpose(r, r.emit('Resize', [nchw, none, ...size], shape, attributes), [0, 2, 3, 1]);
}

/** The rows or columns that TensorFlow.js takes, in order. */
function nearest(from: number, to: number, alignCorners: boolean, halfPixelCenters: boolean): number[] {
  const ratio = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  const round = alignCorners ? Math.round : Math.floor;
  return Array.from({ length: to }, (_, i) =>
    Math.min(from - 1, round(ratio * (halfPixelCenters ? i + 0.5 : i))),
  );
}

export const indexing: KernelTable = {
  GatherV2: (r, { x, indices }, { axis, batchDims }) => {
    if (batchDims)
      throw new Error(`onnx/trace: GatherV2 with batchDims ${batchDims} is not recorded; use batchDims 0`);
    const [at] = axesOf(axis, x!.shape.length);
    const shape = [...x!.shape.slice(0, at!), ...indices!.shape, ...x!.shape.slice(at! + 1)];
    return r.emit('Gather', [x!, cast(r, indices!, 'int32')], shape, { axis: at! });
  },
  GatherNd: (r, { params, indices }) => {
    const depth = indices!.shape.at(-1)!;
    const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)];
    return r.emit('GatherND', [params!, cast(r, indices!, 'int64')], shape);
  },
  OneHot: (r, { indices }, { depth, onValue, offValue, dtype = 'int32' }) => {
    const hot = oneHot(r, indices!, depth as number, offValue as number, onValue as number);
    return cast(r, hot, toDataType(dtype as 'int32'));
  },
  TopK: (r, { x }, { k, sorted }) => {
    const shape = x!.shape.with(-1, k as number);
    const [values, indices] = r.builder.node(
      'TopK',
      [x!, r.int64([k as number])],
      [
        { type: x!.type, shape },
        { type: 'int64', shape },
      ],
      { sorted: { type: 'int', value: Number(sorted) } },
    );
    return [values!, cast(r, indices!, 'int32')];
  },
  // The gradient of a gather: a product with one-hot rows adds up what went to the same place.
  UnsortedSegmentSum: (r, { x, segmentIds }, { numSegments }) => {
    const segments = numSegments as number;
    const [rows, ...rest] = x!.shape as [number, ...number[]];
    const columns = rest.reduce((n, d) => n * d, 1);
    const sums = r.emit(
      'Gemm',
      [oneHot(r, segmentIds!, segments, 0, 1), reshape(r, x!, [rows, columns])],
      [segments, columns],
      { transA: 1 },
    );
    return reshape(r, sums, [segments, ...rest]);
  },
  // By whole factors it is ONNX's Resize; by others ONNX rounds elsewhere, and pixels are picked one by one.
  ResizeNearestNeighbor: (r, { images }, { size, alignCorners, halfPixelCenters }) => {
    const to = size as [number, number];
    const from = images!.shape.slice(1, 3) as [number, number];
    if (!alignCorners && to.every((d, i) => d % from[i]! === 0))
      return resize(r, images!, to, {
        coordinate_transformation_mode: 'asymmetric',
        mode: 'nearest',
        nearest_mode: 'floor',
      });
    return to.reduce((pixels, d, i) => {
      const picks = nearest(from[i]!, d, alignCorners as boolean, halfPixelCenters as boolean);
      return r.emit('Gather', [pixels, r.int64(picks)], pixels.shape.with(1 + i, d), { axis: 1 + i });
    }, images!);
  },
  ResizeBilinear: (r, { images }, { size, alignCorners, halfPixelCenters }) =>
    resize(r, images!, size as [number, number], {
      coordinate_transformation_mode: alignCorners
        ? 'align_corners'
        : halfPixelCenters
          ? 'half_pixel'
          : 'asymmetric',
      mode: 'linear',
    }),
};
