// Gradients of kernels that move or repeat elements: each moves them back, and adds up what came from one place.
import {
  concat,
  type GradConfig,
  gather,
  pad,
  reshape,
  reverse,
  slice,
  slice_util,
  split,
  stack,
  sum,
  type Tensor,
  transpose,
  unsortedSegmentSum,
  unstack,
  util,
} from '@tensorflow/tfjs-core';
import { flat, many, unary } from './make.ts';

const inverse = (perm: readonly number[]): number[] => perm.map((_, axis) => perm.indexOf(axis));

function scatter(dy: Tensor, x: Tensor, indices: Tensor, axis: number): Tensor {
  const outer = [...Array(axis).keys()];
  const inner = x.shape.slice(axis + 1);
  const perm = [axis, ...outer, ...inner.map((_, i) => axis + 1 + i)];
  const picked = transpose(reshape(dy, [...x.shape.slice(0, axis), indices.size, ...inner]), perm);
  const sums = unsortedSegmentSum(picked, reshape(indices, [indices.size]) as never, x.shape[axis]!);
  return transpose(sums, inverse(perm));
}

export const movementGradients: readonly GradConfig[] = [
  unary('Reshape', (dy, x) => reshape(dy, x.shape)),
  unary('ExpandDims', (dy, x) => reshape(dy, x.shape), 'input'),
  unary('Transpose', (dy, _, { perm }) => transpose(dy, inverse(perm as number[]))),
  unary('Reverse', (dy, _, { dims }) => reverse(dy, dims as number[])),
  unary('Slice', (dy, x, { begin, size }) => {
    const [starts, extent] = slice_util.parseSliceParams(x, begin as number[], size as number[]);
    return pad(
      dy,
      x.shape.map((d, i) => [starts![i]!, d - starts![i]! - extent![i]!]),
    );
  }),
  unary('PadV2', (dy, x, { paddings }) =>
    slice(
      dy,
      (paddings as [number, number][]).map(([before]) => before),
      x.shape,
    ),
  ),
  unary('Tile', (dy, x, { reps }) => {
    const pairs = x.shape.flatMap((d, i) => [(reps as number[])[i]!, d]);
    const copies = x.shape.map((_, i) => 2 * i);
    return reshape(sum(reshape(dy, pairs), copies), x.shape);
  }),
  many('Concat', (dy, xs, { axis }) => {
    const [at] = util.parseAxisParam(axis as number, xs[0]!.shape);
    return split(
      dy,
      xs.map(({ shape }) => shape[at!]!),
      at,
    );
  }),
  many('Pack', (dy, _, { axis }) => unstack(dy, axis as number)),
  {
    kernelName: 'Unpack',
    // One result comes alone, several in a list.
    gradFunc: (dy, _, { axis }) => ({ value: () => stack([dy].flat(), axis as number) }),
  },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _, { axis }) => ({ x: () => concat([dy].flat(), axis as number) }),
  },
  {
    kernelName: 'GatherV2',
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, [x, indices], { axis, batchDims }) => {
      if (batchDims)
        throw new Error(
          `onnx/trace: the gradient of GatherV2 with batchDims ${batchDims} is not defined; use 0`,
        );
      const [at] = util.parseAxisParam(axis as number, x!.shape);
      return { x: () => scatter(dy as Tensor, x!, indices!, at!) };
    },
  },
  {
    kernelName: 'UnsortedSegmentSum',
    inputsToSave: ['segmentIds'],
    gradFunc: (dy, [ids]) => ({ x: () => gather(dy as Tensor, ids as never) }),
  },
  flat('OneHot', 'indices'),
  unary(
    'ResizeNearestNeighbor',
    (dy, images, { alignCorners }) => {
      const [batch, height, width, channels] = images.shape as [number, number, number, number];
      const [down, across] = [dy.shape[1]! / height, dy.shape[2]! / width];
      if (alignCorners || !Number.isInteger(down) || !Number.isInteger(across))
        throw new Error(
          `onnx/trace: the gradient of ResizeNearestNeighbor is defined for whole factors without alignCorners, got [${images.shape}] to [${dy.shape}]`,
        );
      return sum(reshape(dy, [batch, height, down, width, across, channels]), [2, 4]);
    },
    'images',
  ),
  unary('DepthToSpace', (dy, x, { blockSize }) => {
    const size = blockSize as number;
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const blocks = reshape(dy, [batch, height, size, width, size, channels / size ** 2]);
    return reshape(transpose(blocks, [0, 1, 3, 2, 4, 5]), x.shape);
  }),
];
