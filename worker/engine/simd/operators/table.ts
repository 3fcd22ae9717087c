// Every operator that this engine runs, by its name in ONNX.
import { cast, constant, constantOfShape, shape } from './constants.ts';
import { conv } from './convolution.ts';
import { ACTIVATIONS, activation, arithmetic, clip, pow } from './elementwise.ts';
import { gemm, matMul } from './linear.ts';
import {
  concat,
  depthToSpace,
  expand,
  flatten,
  identity,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  transpose,
  unsqueeze,
} from './movement.ts';
import { batchNormalization, instanceNormalization, layerNormalization } from './normalisation.ts';
import type { Operator } from './operator.ts';
import { averagePool, globalAveragePool, maxPool, reduction, softmax } from './reduction.ts';
import { resize } from './resize.ts';
import { gather } from './take.ts';
import { convTranspose } from './transposed.ts';

export const OPERATORS: Record<string, Operator> = {
  ...Object.fromEntries(Object.keys(ACTIVATIONS).map((name) => [name, activation])),
  Add: arithmetic,
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Cast: cast,
  Clip: clip,
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Conv: conv,
  ConvTranspose: convTranspose,
  DepthToSpace: depthToSpace,
  Div: arithmetic,
  Dropout: identity,
  Expand: expand,
  Flatten: flatten,
  Gather: gather,
  Gemm: gemm,
  GlobalAveragePool: globalAveragePool,
  Identity: identity,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  MatMul: matMul,
  Max: arithmetic,
  MaxPool: maxPool,
  Min: arithmetic,
  Mul: arithmetic,
  PRelu: arithmetic,
  Pad: pad,
  Pow: pow,
  ReduceMean: reduction,
  ReduceSum: reduction,
  Reshape: reshape,
  Resize: resize,
  Shape: shape,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  Squeeze: squeeze,
  Sub: arithmetic,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
};
