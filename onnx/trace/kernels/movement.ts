// Kernels that move or repeat elements without computing on them.
import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph-builder.ts';
import { type KernelTable, type Recorder, toDataType } from '../recorder.ts';
import { cast } from './elementwise.ts';
import { axesOf } from './reduction.ts';
import { expand, isBatch, repeated, sameShape, shapeInput, size } from './shape.ts';

const INT64_MAX = Number.MAX_SAFE_INTEGER;

export function reshape(r: Recorder, x: Value, shape: readonly number[]): Value {
  if (shape.length === x.shape.length && shape.every((d, i) => d === x.shape[i])) return x;
  const inner = r.builder.producer(x);
  const source = inner?.op === 'Reshape' ? inner.inputs[0]! : x;
  if (source !== x) return reshape(r, source, shape);
  const whole = repeated(r, x);
  // A number that is repeated has any shape.
  if (whole !== x && size(whole.shape) === 1)
    return expand(
      r,
      reshape(
        r,
        whole,
        shape.map(() => 1),
      ),
      shape,
    );
  // A Reshape infers one dimension, and that is the batch.
  const batches = shape.filter((d) => isBatch(r, d));
  const to =
    batches.length === 1 ? r.int64(shape.map((d) => (isBatch(r, d) ? -1 : d))) : shapeInput(r, shape);
  return r.emit('Reshape', [x, to], shape);
}

/** A Transpose; two in a row become one, and a pair of inverse ones vanishes. */
export function transpose(r: Recorder, x: Value, perm: readonly number[]): Value {
  const inner = r.builder.producer(x);
  if (inner?.op === 'Transpose') {
    const first = inner.attributes.perm!.value as number[];
    return transpose(
      r,
      inner.inputs[0]!,
      perm.map((axis) => first[axis]!),
    );
  }
  if (perm.every((axis, i) => axis === i)) return x;
  const shape = perm.map((axis) => x.shape[axis]!);
  // When only axes of size 1 change places the order in memory stays the same.
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return reshape(r, x, shape);
  return r.emit('Transpose', [x], shape, { perm: [...perm] });
}

/** A dynamic batch is taken whole: what a part of it is depends on how large it is. */
function keepBatch(
  r: Recorder,
  op: string,
  x: Value,
  begin: readonly number[],
  extent: readonly number[],
): void {
  const axis = x.shape.findIndex((d, i) => isBatch(r, d) && extent[i] !== d);
  if (axis === -1) return;
  const last = begin[axis]! + extent[axis]! - 1;
  throw new Error(
    `onnx/trace: ${op} takes ${begin[axis]} to ${last} of the dynamic batch; take all of it (a layers model is traced by model.apply(x): predict(x) cuts its input into batches of 32)`,
  );
}

export function slice(r: Recorder, x: Value, begin: readonly number[], extent: readonly number[]): Value {
  if (sameShape(extent, x.shape)) return x;
  keepBatch(r, 'Slice', x, begin, extent);
  const ends = begin.map((b, i) => (b + extent[i]! === x.shape[i] ? INT64_MAX : b + extent[i]!));
  const axes = [...begin.keys()];
  return r.emit('Slice', [x, r.int64(begin), r.int64(ends), r.int64(axes)], extent);
}

function flip(r: Recorder, x: Value, axes: number[]): Value {
  const ones = r.int64(axes.map(() => -1));
  const ends = r.int64(axes.map(() => -INT64_MAX));
  return r.emit('Slice', [x, ones, ends, r.int64(axes), ones], x.shape);
}

const concat = (r: Recorder, parts: readonly Value[], axis: number): Value =>
  r.emit(
    'Concat',
    parts,
    parts[0]!.shape.map((d, i) => (i === axis ? parts.reduce((n, p) => n + p.shape[axis]!, 0) : d)),
    { axis },
  );

const inserted = (shape: readonly number[], axis: number, d: number): number[] => [
  ...shape.slice(0, axis),
  d,
  ...shape.slice(axis),
];

/** `like` filled with one number. A graph that needs it whole stores one element and expands it. */
const filled = (r: Recorder, shape: readonly number[], value: number, type: Value['type']): Value =>
  expand(r, cast(r, r.number(value, type), type), shape);

export const movement: KernelTable = {
  Identity: (_, { x }) => x!,
  Reshape: (r, { x }, { shape }) =>
    reshape(r, x!, util.inferFromImplicitShape(shape as number[], size(x!.shape))),
  ExpandDims: (r, { input }, { dim }) => {
    const rank = input!.shape.length + 1;
    return reshape(r, input!, inserted(input!.shape, axesOf(dim, rank)[0]!, 1));
  },
  Transpose: (r, { x }, { perm }) => transpose(r, x!, perm as number[]),
  Slice: (r, { x }, { begin, size }) => {
    const [starts, extent] = slice_util.parseSliceParams(
      { shape: [...x!.shape], rank: x!.shape.length } as never,
      begin as number[],
      size as number[],
    );
    return slice(r, x!, starts!, extent!);
  },
  StridedSlice: (r, { x }, attributes) => {
    const a = attributes as Record<'begin' | 'end' | 'strides', number[]> & Record<`${string}Mask`, number>;
    const info = slice_util.sliceInfo(
      [...x!.shape],
      a.begin,
      a.end,
      a.strides,
      a.beginMask ?? 0,
      a.endMask ?? 0,
      a.ellipsisMask ?? 0,
      a.newAxisMask ?? 0,
      a.shrinkAxisMask ?? 0,
    );
    const axes = [...info.begin.keys()];
    const extent = slice_util.computeOutShape(info.begin, info.end, info.strides);
    keepBatch(r, 'StridedSlice', x!, info.begin, extent);
    // An end at either border is one beyond it: −1 would be the last element.
    const ends = info.end.map((end, i) =>
      info.strides[i]! > 0 ? (end === x!.shape[i] ? INT64_MAX : end) : end < 0 ? -INT64_MAX : end,
    );
    const cut = r.emit(
      'Slice',
      [x!, r.int64(info.begin), r.int64(ends), r.int64(axes), r.int64(info.strides)],
      extent,
    );
    return reshape(r, cut, info.finalShape);
  },
  Concat: (r, inputs, { axis }) => {
    const parts = Object.values(inputs);
    return concat(r, parts, axesOf(axis, parts[0]!.shape.length)[0]!);
  },
  Pack: (r, inputs, { axis }) => {
    const parts = Object.values(inputs);
    const [at] = axesOf(axis, parts[0]!.shape.length + 1);
    return concat(
      r,
      parts.map((p) => reshape(r, p, inserted(p.shape, at!, 1))),
      at!,
    );
  },
  Unpack: (r, { value }, { axis }) => {
    const [at] = axesOf(axis, value!.shape.length);
    return Array.from({ length: value!.shape[at!]! }, (_, i) => {
      const begin = value!.shape.map((__, j) => (j === at ? i : 0));
      const extent = value!.shape.map((d, j) => (j === at ? 1 : d));
      return reshape(r, slice(r, value!, begin, extent), extent.toSpliced(at!, 1));
    });
  },
  SplitV: (r, { x }, { numOrSizeSplits, axis }) => {
    const [at] = axesOf(axis, x!.shape.length);
    const sizes = backend_util.prepareSplitSize(
      { shape: [...x!.shape] } as never,
      numOrSizeSplits as number[],
      at,
    );
    let start = 0;
    return sizes.map((length) => {
      const begin = x!.shape.map((_, j) => (j === at ? start : 0));
      start += length;
      return slice(
        r,
        x!,
        begin,
        x!.shape.map((d, j) => (j === at ? length : d)),
      );
    });
  },
  Tile: (r, { x }, { reps }) => {
    const counts = reps as number[];
    const shape = counts.map((n, i) => n * x!.shape[i]!);
    if (counts.every((n, i) => n === 1 || x!.shape[i] === 1)) return expand(r, x!, shape);
    return r.emit('Tile', [x!, shapeInput(r, counts)], shape);
  },
  Reverse: (r, { x }, { dims }) => flip(r, x!, axesOf(dims, x!.shape.length)),
  FlipLeftRight: (r, { image }) => flip(r, image!, [2]),
  PadV2: (r, { x }, { paddings, constantValue = 0 }) => {
    const pairs = paddings as [number, number][];
    const pads = [...pairs.map((p) => p[0]), ...pairs.map((p) => p[1])];
    const shape = x!.shape.map((d, i) => d + pairs[i]![0] + pairs[i]![1]);
    return r.emit('Pad', [x!, r.int64(pads), r.number(constantValue as number, x!.type)], shape, {
      mode: 'constant',
    });
  },
  MirrorPad: (r, { x }, { paddings, mode }) => {
    const pairs = paddings as [number, number][];
    if (mode !== 'reflect')
      throw new Error(
        `onnx/trace: MirrorPad mode '${mode}' is not recorded; use 'reflect' or 'constant' padding`,
      );
    const pads = [...pairs.map((p) => p[0]), ...pairs.map((p) => p[1])];
    return r.emit(
      'Pad',
      [x!, r.int64(pads)],
      x!.shape.map((d, i) => d + pairs[i]![0] + pairs[i]![1]),
      { mode: 'reflect' },
    );
  },
  // Depth is split as ONNX's mode DCR splits it.
  DepthToSpace: (r, { x }, { blockSize }) => {
    const size = blockSize as number;
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const shape = [batch, channels / size ** 2, height * size, width * size];
    const y = r.emit('DepthToSpace', [transpose(r, x!, [0, 3, 1, 2])], shape, {
      blocksize: size,
      mode: 'DCR',
    });
    return transpose(r, y, [0, 2, 3, 1]);
  },
  Fill: (r, _, { shape, value, dtype = 'float32' }) =>
    filled(r, shape as number[], value as number, toDataType(dtype as 'float32')),
  ZerosLike: (r, { x }) => filled(r, x!.shape, 0, x!.type),
  OnesLike: (r, { x }) => filled(r, x!.shape, 1, x!.type),
};
