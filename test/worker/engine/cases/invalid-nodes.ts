// Nodes that no engine can run. Each key begins with the operator that a refusal has to name.
import type { Attribute } from '../../../../onnx/model.ts';
import { float, type GraphBuilder, int, ints, string } from '../graph.ts';

/** The first output's name, and its rank as the file declares it. */
export type Invalid = (g: GraphBuilder) => { y: string; rank: number };

/** Fed tensors of the given shapes, then stored integers, into one node. */
const on =
  (
    op: string,
    shapes: readonly (readonly number[])[],
    {
      integers = [],
      ...attributes
    }: { integers?: number[][] } & Record<string, Attribute | undefined | number[][]> = {},
    rank = shapes[0]?.length ?? 1,
  ): Invalid =>
  (g) => ({
    y: g.node(
      op,
      [...shapes.map((shape) => g.operand(shape)), ...integers.map((values) => g.integers(values))],
      attributes as Record<string, Attribute | undefined>,
    ),
    rank,
  });

const conv = (attributes: Record<string, Attribute | undefined>, weights = [2, 2, 3, 3]) =>
  on('Conv', [[1, 2, 5, 5], weights], attributes);
const deconv = (attributes: Record<string, Attribute | undefined>, weights = [2, 2, 3, 3]) =>
  on('ConvTranspose', [[1, 2, 5, 5], weights], attributes);
const pool = (attributes: Record<string, Attribute | undefined>) => on('MaxPool', [[1, 1, 4, 4]], attributes);
const square = ints([2, 2]);

const product = (g: GraphBuilder) =>
  g.node('MatMul', [g.operand([2, 3]), g.operand([3, 6], { constant: true })]);

/** Stored statistics of other lengths than the product's 6 columns. */
const behind =
  (lengths: readonly number[], shape?: readonly number[]): Invalid =>
  (g) => ({
    y: g.node('BatchNormalization', [
      product(g),
      ...lengths.map((n) => g.operand(shape ?? [n], { constant: true, numbers: 'positive' })),
    ]),
    rank: 2,
  });

export const INVALID_NODES: Record<string, Invalid> = {
  'Frobnicate: unknown operator': on('Frobnicate', [[2, 2]]),
  'Gemm: inner dimensions differ': on('Gemm', [
    [2, 3],
    [4, 5],
  ]),
  'Gemm: of rank 3': on('Gemm', [
    [1, 2, 3],
    [3, 5],
  ]),
  'Gemm: bias that does not broadcast': on('Gemm', [[2, 3], [3, 5], [4]]),
  'Gemm: one input': on('Gemm', [[2, 3]]),
  'Gemm: transA is text': on(
    'Gemm',
    [
      [2, 3],
      [3, 5],
    ],
    { transA: string('yes') },
  ),
  'MatMul: inner dimensions differ': on('MatMul', [
    [2, 3],
    [4, 5],
  ]),
  'MatMul: batches that do not broadcast': on('MatMul', [
    [2, 2, 3],
    [3, 3, 5],
  ]),
  'MatMul: a scalar': on('MatMul', [[], [3, 5]]),
  'Conv: channels differ': conv({}, [2, 3, 3, 3]),
  'Conv: ranks differ': conv({}, [2, 2, 3]),
  'Conv: kernel larger than the input': conv({}, [2, 2, 7, 7]),
  'Conv: group 0': conv({ group: int(0) }),
  'Conv: group that does not divide': conv({ group: int(3) }),
  'Conv: negative group': conv({ group: int(-1) }),
  'Conv: stride 0': conv({ strides: ints([0, 1]) }),
  'Conv: negative stride': conv({ strides: ints([-1, 1]) }),
  'Conv: too few strides': conv({ strides: ints([1]) }),
  'Conv: dilation 0': conv({ dilations: ints([1, 0]) }),
  'Conv: huge dilation': conv({ dilations: ints([2 ** 40, 1]) }),
  'Conv: too few pads': conv({ pads: ints([1, 1]) }),
  'Conv: huge pads': conv({ pads: ints([2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30]) }),
  'Conv: pads beyond any integer': conv({ pads: ints([2 ** 52, 0, 2 ** 52, 0]) }),
  'Conv: kernel_shape that is not the weight’s': conv({ kernel_shape: ints([2, 2]) }),
  'Conv: kernel_shape is a number': conv({ kernel_shape: int(3) }),
  'Conv: strides of floats': conv({ strides: { type: 'floats', value: [1, 1] } }),
  'Conv: unknown auto_pad': conv({ auto_pad: string('SAME') }),
  'Conv: bias of another length': on('Conv', [[1, 2, 5, 5], [2, 2, 3, 3], [3]]),
  'ConvTranspose: channels differ': deconv({}, [3, 2, 3, 3]),
  'ConvTranspose: stride 0': deconv({ strides: ints([0, 0]) }),
  'ConvTranspose: a stride that no integer of 32 bits holds': on(
    'ConvTranspose',
    [
      [1, 1, 1, 1],
      [1, 1, 3, 3],
    ],
    {
      strides: ints([2 ** 40, 2 ** 32]),
    },
  ),
  'ConvTranspose: a dilation that is cut off again': on(
    'ConvTranspose',
    [
      [1, 1, 1, 1],
      [1, 1, 3, 3],
    ],
    {
      dilations: ints([2 ** 29, 1]),
      pads: ints([2 ** 29, 0, 2 ** 29, 0]),
    },
  ),
  'ConvTranspose: huge stride': deconv({ strides: ints([2 ** 30, 2 ** 30]) }),
  'ConvTranspose: pads larger than the output': deconv({ pads: ints([9, 9, 9, 9]) }),
  'ConvTranspose: huge output_padding': deconv({ output_padding: ints([2 ** 31, 0]) }),
  'ConvTranspose: group that does not divide': deconv({ group: int(3) }),
  'BatchNormalization: statistics of another length': on('BatchNormalization', [[2, 3], [2], [2], [2], [2]]),
  'BatchNormalization: two inputs': on('BatchNormalization', [[2, 3], [3]]),
  'InstanceNormalization: scale of another length': on('InstanceNormalization', [[2, 3, 4], [2], [3]]),
  'LayerNormalization: axis out of range': on('LayerNormalization', [[2, 3], [3]], { axis: int(2) }),
  'LayerNormalization: scale of another length': on('LayerNormalization', [[2, 3], [4]]),
  'Add: shapes that do not broadcast': on('Add', [
    [2, 3],
    [2, 4],
  ]),
  'Add: one input': on('Add', [[2, 3]]),
  'Add: float and integer': on('Add', [[2]], { integers: [[1, 2]] }),
  'Relu: no input': on('Relu', []),
  'LeakyRelu: alpha is a list': on('LeakyRelu', [[2]], { alpha: ints([1]) }),
  'Clip: bound that is a vector': on('Clip', [[2], [2]]),
  'Softmax: axis out of range': on('Softmax', [[2, 3]], { axis: int(2) }),
  'Softmax: axis is a float': on('Softmax', [[2, 3]], { axis: float(1) }),
  'Reshape: other number of elements': on('Reshape', [[2, 3]], { integers: [[4, 2]] }),
  'Reshape: two open dimensions': on('Reshape', [[2, 3]], { integers: [[-1, -1]] }),
  'Reshape: open dimension that does not divide': on('Reshape', [[2, 3]], { integers: [[4, -1]] }),
  'Reshape: negative dimension': on('Reshape', [[2, 3]], { integers: [[-2, -3]] }),
  'Reshape: huge dimensions': on('Reshape', [[2, 3]], { integers: [[2 ** 32, 2 ** 32]] }),
  'Reshape: 0 beyond the input’s rank': on('Reshape', [[6]], { integers: [[6, 0]] }),
  'Flatten: axis out of range': on('Flatten', [[2, 3]], { axis: int(3) }),
  'Transpose: axis twice': on('Transpose', [[2, 3]], { perm: ints([0, 0]) }),
  'Transpose: axis out of range': on('Transpose', [[2, 3]], { perm: ints([0, 2]) }),
  'Transpose: too few axes': on('Transpose', [[2, 3]], { perm: ints([0]) }),
  'Squeeze: axis of size 3': on('Squeeze', [[2, 3]], { integers: [[1]] }, 1),
  'Squeeze: axis out of range': on('Squeeze', [[2, 1]], { integers: [[5]] }, 1),
  'Unsqueeze: axis twice': on('Unsqueeze', [[2]], { integers: [[0, 0]] }, 3),
  'Unsqueeze: axis out of range': on('Unsqueeze', [[2]], { integers: [[7]] }, 2),
  'Concat: no axis': on('Concat', [[2], [2]]),
  'Concat: axis out of range': on('Concat', [[2], [2]], { axis: int(1) }),
  'Concat: other dimensions differ': on(
    'Concat',
    [
      [2, 3],
      [2, 4],
    ],
    { axis: int(0) },
  ),
  'Concat: ranks differ, and one has no such axis': on('Concat', [[2, 3], [2]], { axis: int(1) }),
  'Concat: ranks differ': on('Concat', [[2, 3], [2]], { axis: int(0) }),
  'Slice: step 0': on('Slice', [[5]], { integers: [[0], [5], [0], [0]] }),
  'Slice: axis out of range': on('Slice', [[5]], { integers: [[0], [5], [1]] }),
  'Slice: lists of different lengths': on('Slice', [[5, 5]], { integers: [[0, 0], [5]] }),
  'Gather: index out of range': on('Gather', [[5]], { integers: [[5]] }),
  'Gather: negative index out of range': on('Gather', [[5]], { integers: [[-6]] }),
  'Gather: axis out of range': on('Gather', [[5]], { integers: [[0]], axis: int(1) }),
  'Expand: shape that does not broadcast': on('Expand', [[3]], { integers: [[2]] }),
  'Expand: huge shape': on('Expand', [[1]], { integers: [[2 ** 40]] }),
  'Expand: negative shape': on('Expand', [[1]], { integers: [[-4]] }),
  'Pad: too few pads': on('Pad', [[2, 3]], { integers: [[1, 1]] }),
  'Pad: huge pads': on('Pad', [[2]], { integers: [[2 ** 40, 0]] }),
  'Pad: cut to less than nothing': on('Pad', [[2]], { integers: [[-2, -2]] }),
  'Pad: reflection of an empty tensor': on('Pad', [[0]], { integers: [[1, 1]], mode: string('reflect') }),
  'Pad: unknown mode': on('Pad', [[2]], { integers: [[1, 1]], mode: string('wrinkle') }),
  'Resize: no scales and no sizes': on('Resize', [[1, 1, 2, 2]]),
  'DepthToSpace: block that does not divide': on('DepthToSpace', [[1, 3, 2, 2]], { blocksize: int(2) }),
  'DepthToSpace: block 0': on('DepthToSpace', [[1, 4, 2, 2]], { blocksize: int(0) }),
  'DepthToSpace: no block': on('DepthToSpace', [[1, 4, 2, 2]]),
  'DepthToSpace: rank 3': on('DepthToSpace', [[4, 2, 2]], { blocksize: int(2) }),
  'MaxPool: no kernel_shape': pool({}),
  'MaxPool: kernel 0': pool({ kernel_shape: ints([0, 2]) }),
  'MaxPool: kernel larger than the input': pool({ kernel_shape: ints([9, 9]) }),
  'MaxPool: stride 0': pool({ kernel_shape: square, strides: ints([0, 1]) }),
  'MaxPool: dilation 0': pool({ kernel_shape: square, dilations: ints([0, 0]) }),
  'MaxPool: huge pads': pool({ kernel_shape: square, pads: ints([2 ** 40, 0, 0, 0]) }),
  'MaxPool: negative pads': pool({ kernel_shape: square, pads: ints([-9, 0, -9, 0]) }),
  'GlobalAveragePool: rank 1': on('GlobalAveragePool', [[4]]),
  'ReduceSum: axis out of range': on('ReduceSum', [[2, 3]], { integers: [[2]] }),
  'Cast: unknown type': on('Cast', [[2]], { to: int(99) }),
  'Cast: no type': on('Cast', [[2]]),
  'Slice: axis twice': on('Slice', [[5, 5]], {
    integers: [
      [0, 0],
      [1, 1],
      [0, 0],
    ],
  }),
  'ReduceSum: axis twice': on('ReduceSum', [[2, 3]], { integers: [[1, -1]] }),
  'ReduceMean: axis twice': on('ReduceMean', [[2, 3]], { axes: ints([0, 0]) }),
  'Squeeze: axis twice': on('Squeeze', [[1, 3]], { integers: [[0, -2]] }, 1),
  'Add: three inputs': on('Add', [[2], [2], [2]]),
  'Relu: two inputs': on('Relu', [[2], [2]]),
  'Relu: two outputs': (g) => ({ y: g.split('Relu', [g.operand([2])], {}, 2)[0]!, rank: 1 }),
  'PRelu: slope wider than the input': on('PRelu', [[3], [2, 3]]),
  'LayerNormalization: scale wider than the input': on('LayerNormalization', [
    [1, 3],
    [2, 3],
  ]),
  'Gemm: bias wider than the product': on('Gemm', [
    [1, 3],
    [3, 5],
    [2, 5],
  ]),
  'Clip: bound of two axes': (g) => ({
    y: g.node('Clip', [g.operand([2]), g.constant('float32', [1, 1], [0])]),
    rank: 1,
  }),
  'Clip: bound that is a vector behind a product': (g) => ({
    y: g.node('Clip', [product(g), g.constant('float32', [2], [0, 1])]),
    rank: 2,
  }),
  'BatchNormalization: statistics of another length behind a product': behind([6, 6, 6, 2]),
  'BatchNormalization: one statistic of one number behind a product': behind([6, 6, 1, 6]),
  'BatchNormalization: statistics of two axes behind a product': behind([6, 6, 6, 6], [1, 6]),
  'BatchNormalization: training behind a convolution': (g) => {
    const one = (value: number) => g.constant('float32', [1], [value]);
    const convolved = g.node('Conv', [g.operand([1, 1, 3, 3]), g.operand([1, 1, 2, 2], { constant: true })]);
    return {
      y: g.node('BatchNormalization', [convolved, one(1), one(0), one(0), one(1)], { training_mode: int(1) }),
      rank: 4,
    };
  },
  'Dropout: training': (g) => ({
    y: g.node('Dropout', [g.operand([2]), '', g.constant('bool', [], [1])]),
    rank: 1,
  }),
  'ReduceSum: axes of an older opset': on('ReduceSum', [[2, 3]], { axes: ints([1]) }),
  'AveragePool: dilations of a newer opset': on('AveragePool', [[1, 1, 4, 4]], {
    kernel_shape: square,
    dilations: ints([2, 2]),
  }),
  'Mish: before its opset': on('Mish', [[2]]),
  'Split: unequal parts before opset 18': (g) => ({
    y: g.split('Split', [g.operand([5])], {}, 2)[0]!,
    rank: 1,
  }),
  'DepthToSpace: unknown mode': on('DepthToSpace', [[1, 4, 2, 2]], {
    blocksize: int(2),
    mode: string('RCD'),
  }),
  'ScatterND: index out of range': (g) => ({
    y: g.node('ScatterND', [g.operand([2]), g.constant('int64', [1, 1], [2]), g.operand([1])]),
    rank: 1,
  }),
  'Tile: too few repeats': on('Tile', [[2, 2]], { integers: [[2]] }),
  'Where: a condition that is a number': on('Where', [[2], [2], [2]]),
  'Conv: kernel of 2²¹ taps': on('Conv', [
    [1, 1, 1, 2 ** 21],
    [1, 1, 1, 2 ** 21],
  ]),
  'ConstantOfShape: huge shape': (g) => ({
    y: g.node('ConstantOfShape', [g.integers([2 ** 20, 2 ** 20])]),
    rank: 2,
  }),
  'ConstantOfShape: negative shape': (g) => ({ y: g.node('ConstantOfShape', [g.integers([-3])]), rank: 1 }),
  'Constant: no value': (g) => ({ y: g.node('Constant', []), rank: 1 }),
  'Split: sizes that do not add up': (g) => ({
    y: g.split('Split', [g.operand([5]), g.integers([2, 2])], {}, 2)[0]!,
    rank: 1,
  }),
  'Split: negative size': (g) => ({
    y: g.split('Split', [g.operand([5]), g.integers([-1, 6])], {}, 2)[0]!,
    rank: 1,
  }),
  'Resize: scale 0': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', g.constant('float32', [4], [1, 1, 0, 2])]),
    rank: 4,
  }),
  'Resize: negative scale': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', g.constant('float32', [4], [1, 1, -2, 2])]),
    rank: 4,
  }),
  'Resize: scale that is not a number': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', g.constant('float32', [4], [1, 1, Number.NaN, 2])]),
    rank: 4,
  }),
  'Resize: huge scale': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', g.constant('float32', [4], [1, 1, 1e9, 1e9])]),
    rank: 4,
  }),
  'Resize: too few scales': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', g.constant('float32', [2], [2, 2])]),
    rank: 4,
  }),
  'Resize: negative sizes': (g) => ({
    y: g.node('Resize', [g.operand([1, 1, 2, 2]), '', '', g.integers([1, 1, -4, 4])]),
    rank: 4,
  }),
};
