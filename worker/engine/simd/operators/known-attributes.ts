// The attributes that each operator may have. One that is not here could mean that the node computes something else.
import type { Node } from '../../../../onnx/model.ts';

const WINDOW = ['auto_pad', 'dilations', 'kernel_shape', 'pads', 'strides'];
const REDUCTION = ['axes', 'keepdims', 'noop_with_empty_axes'];

/** Some of them do not matter here: `momentum` is for training, `saturate` for types of 8 bits. */
const KNOWN: Record<string, readonly string[]> = {
  AveragePool: [...WINDOW, 'ceil_mode', 'count_include_pad'],
  BatchNormalization: ['epsilon', 'momentum', 'training_mode'],
  Cast: ['round_mode', 'saturate', 'to'],
  Concat: ['axis'],
  Constant: ['value', 'value_float', 'value_floats', 'value_int', 'value_ints'],
  ConstantOfShape: ['value'],
  Conv: [...WINDOW, 'group'],
  ConvTranspose: [...WINDOW, 'group', 'output_padding', 'output_shape'],
  DepthToSpace: ['blocksize', 'mode'],
  Dropout: ['seed'],
  Elu: ['alpha'],
  Flatten: ['axis'],
  Gather: ['axis'],
  Gemm: ['alpha', 'beta', 'transA', 'transB'],
  InstanceNormalization: ['epsilon'],
  LayerNormalization: ['axis', 'epsilon', 'stash_type'],
  LeakyRelu: ['alpha'],
  MaxPool: [...WINDOW, 'ceil_mode', 'storage_order'],
  Pad: ['mode'],
  ReduceMean: REDUCTION,
  ReduceSum: REDUCTION,
  Reshape: ['allowzero'],
  Resize: [
    'antialias',
    'axes',
    'coordinate_transformation_mode',
    'cubic_coeff_a',
    'extrapolation_value',
    'keep_aspect_ratio_policy',
    'mode',
    'nearest_mode',
  ],
  Shape: ['end', 'start'],
  Softmax: ['axis'],
  Split: ['axis', 'num_outputs'],
  Transpose: ['perm'],
};

/** The first attribute that the node's operator does not have, if there is one. */
export const unknownAttribute = ({ op, attributes }: Node): string | undefined =>
  Object.keys(attributes).find((name) => !KNOWN[op]?.includes(name));
