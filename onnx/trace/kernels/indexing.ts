// Gather, one-hot, and nearest-neighbour or bilinear resizing.
import type { Value } from '../../graph-builder.ts';
import type { KernelTable, Recorder } from '../recorder.ts';
import { cast } from './elementwise.ts';
import { reshape, transpose } from './movement.ts';
import { axesOf } from './reduction.ts';

const resize =
  (mode: 'nearest' | 'linear') =>
  (
    r: Parameters<KernelTable[string]>[0],
    { images }: Parameters<KernelTable[string]>[1],
    { size, alignCorners, halfPixelCenters }: Parameters<KernelTable[string]>[2],
  ) => {
    const [batch, , , channels] = images!.shape as [number, number, number, number];
    const [height, width] = size as [number, number];
    const shape = [batch, channels, height, width];
    const nchw = transpose(r, images!, [0, 3, 1, 2]);
    const scales = r.float([1, 1, height / images!.shape[1]!, width / images!.shape[2]!]);
    const y = r.emit('Resize', [nchw, r.float([], [0]), scales], shape, {
      coordinate_transformation_mode: alignCorners
        ? 'align_corners'
        : halfPixelCenters
          ? 'half_pixel'
          : 'asymmetric',
      mode,
      ...(mode === 'nearest' ? { nearest_mode: alignCorners ? 'round_prefer_ceil' : 'floor' } : {}),
    });
    return transpose(r, y, [0, 2, 3, 1]);
  };

function oneHot(r: Recorder, indices: Value, depth: number, on: number, off: number): Value {
  const shape = [...indices.shape, depth];
  return r.emit(
    'OneHot',
    [cast(r, indices, 'int64'), r.int64([depth]), r.float([off, on])],
    shape,
    { axis: -1 },
    'float32',
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
  OneHot: (r, { indices }, { depth, onValue, offValue }) =>
    oneHot(r, indices!, depth as number, onValue as number, offValue as number),
  // The gradient of a gather: a product with one-hot rows adds up what went to the same place.
  UnsortedSegmentSum: (r, { x, segmentIds }, { numSegments }) => {
    const segments = numSegments as number;
    const [rows, ...rest] = x!.shape as [number, ...number[]];
    const columns = rest.reduce((n, d) => n * d, 1);
    const sums = r.emit(
      'Gemm',
      [oneHot(r, segmentIds!, segments, 1, 0), reshape(r, x!, [rows, columns])],
      [segments, columns],
      { transA: 1 },
    );
    return reshape(r, sums, [segments, ...rest]);
  },
  ResizeNearestNeighbor: resize('nearest'),
  ResizeBilinear: resize('linear'),
};
