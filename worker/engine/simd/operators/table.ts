// Every operator that this engine runs, by its name in ONNX; schema.ts says how it may be used.
import { ACTIVATIONS, activation, clip, dropout, FORMULA_NAMES, formula } from './activations.ts';
import { arithmetic, comparison, logic, mod, not, pow, where } from './arithmetic.ts';
import { attention } from './attention.ts';
import { cast, castLike, constant, constantOfShape, range, shape, size } from './constants.ts';
import { conv } from './convolution.ts';
import { gemm, matMul } from './linear.ts';
import {
  depthToSpace,
  expand,
  flatten,
  identity,
  reshape,
  spaceToDepth,
  squeeze,
  transpose,
  unsqueeze,
} from './movement.ts';
import {
  batchNormalization,
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  lpNormalization,
  rmsNormalization,
} from './normalisation.ts';
import type { Operator } from './operator.ts';
import { pad } from './pad.ts';
import { averagePool, globalPool, maxPool } from './pooling.ts';
import { extremePosition, eyeLike, oneHot, trilu } from './positions.ts';
import { REDUCTION_NAMES, reduction, softmax } from './reduction.ts';
import { resize } from './resize.ts';
import { scatterNd } from './scatter.ts';
import { concat, slice, split, tile } from './slicing.ts';
import { gather, gatherElements } from './take.ts';
import { convTranspose } from './transposed.ts';

const all = (names: readonly string[], operator: Operator): Record<string, Operator> =>
  Object.fromEntries(names.map((name) => [name, operator]));

export const OPERATORS: Record<string, Operator> = {
  ...all(Object.keys(ACTIVATIONS), activation),
  ...all(FORMULA_NAMES, formula),
  ...all(REDUCTION_NAMES, reduction),
  ...all(['Add', 'Div', 'Max', 'Mean', 'Min', 'Mul', 'PRelu', 'Sub', 'Sum'], arithmetic),
  ...all(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'], comparison),
  ...all(['And', 'Or', 'Xor'], logic),
  ...all(['GlobalAveragePool', 'GlobalMaxPool'], globalPool),
  ...all(['ArgMax', 'ArgMin'], extremePosition),
  ...all(['LogSoftmax', 'Softmax'], softmax),
  ...all(['Resize', 'Upsample'], resize),
  Attention: attention,
  AveragePool: averagePool,
  BatchNormalization: batchNormalization,
  Cast: cast,
  CastLike: castLike,
  Clip: clip,
  Concat: concat,
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Conv: conv,
  ConvTranspose: convTranspose,
  DepthToSpace: depthToSpace,
  Dropout: dropout,
  Expand: expand,
  EyeLike: eyeLike,
  Flatten: flatten,
  Gather: gather,
  GatherElements: gatherElements,
  Gemm: gemm,
  GroupNormalization: groupNormalization,
  Identity: identity,
  InstanceNormalization: instanceNormalization,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  MatMul: matMul,
  MaxPool: maxPool,
  Mod: mod,
  Not: not,
  OneHot: oneHot,
  Pad: pad,
  Pow: pow,
  RMSNormalization: rmsNormalization,
  Range: range,
  Reshape: reshape,
  ScatterND: scatterNd,
  Shape: shape,
  Size: size,
  Slice: slice,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: unsqueeze,
  Where: where,
};
