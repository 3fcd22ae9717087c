// What ONNX says of every operator that this engine runs: since which opset, how many inputs and outputs, which
// attributes. An attribute that is not here could mean that the node computes something else.
import type { Node } from '../../../../onnx/model.ts';
import { Unsupported } from '../unsupported.ts';

/** One version of an operator: its opset, least and most inputs, attributes, most outputs. */
type Version = { since: number; inputs: readonly [number, number]; attributes: string[]; outputs: number };

const v = (since: number, least: number, most: number, attributes = '', outputs = 1): Version => ({
  since,
  inputs: [least, most],
  attributes: attributes.split(' ').filter((name) => name !== ''),
  outputs,
});

const ANY = Number.POSITIVE_INFINITY;
const ATTENTION = 'is_causal kv_num_heads q_num_heads qk_matmul_output_mode scale softcap softmax_precision';
const WINDOW = 'auto_pad kernel_shape pads strides';

const unary = (since = 1, attributes = '') => [v(since, 1, 1, attributes)];
const binary = (since = 7) => [v(since, 2, 2)];
const variadic = [v(1, 1, ANY)];
/** The axes became an input. */
const reduction = (since: number) => [
  v(1, 1, 1, 'axes keepdims'),
  v(since, 1, 2, 'keepdims noop_with_empty_axes'),
];

const extreme = [v(1, 1, 1, 'axis keepdims'), v(12, 1, 1, 'axis keepdims select_last_index')];

/** Some attributes do not matter here: `momentum` is for training, `saturate` for types of 8 bits. */
export const SCHEMAS: Record<string, readonly Version[]> = {
  Abs: unary(),
  Add: binary(),
  And: binary(),
  ArgMax: extreme,
  ArgMin: extreme,
  Attention: [v(23, 3, 6, ATTENTION, 4), v(24, 3, 7, ATTENTION, 4)],
  AveragePool: [
    v(1, 1, 1, `${WINDOW} count_include_pad`),
    v(10, 1, 1, `${WINDOW} ceil_mode count_include_pad`),
    v(19, 1, 1, `${WINDOW} ceil_mode count_include_pad dilations`),
  ],
  BatchNormalization: [
    v(7, 5, 5, 'epsilon momentum spatial', 5),
    v(9, 5, 5, 'epsilon momentum', 5),
    v(14, 5, 5, 'epsilon momentum training_mode', 3),
  ],
  Cast: [v(1, 1, 1, 'to'), v(19, 1, 1, 'saturate to'), v(24, 1, 1, 'round_mode saturate to')],
  CastLike: [v(15, 2, 2), v(19, 2, 2, 'saturate'), v(24, 2, 2, 'round_mode saturate')],
  Ceil: unary(),
  Celu: unary(12, 'alpha'),
  Clip: [v(6, 1, 1, 'max min'), v(11, 1, 3)],
  Concat: [v(4, 1, ANY, 'axis')],
  Constant: [v(1, 0, 0, 'value'), v(12, 0, 0, 'value value_float value_floats value_int value_ints')],
  ConstantOfShape: [v(9, 1, 1, 'value')],
  Conv: [v(1, 2, 3, `${WINDOW} dilations group`)],
  ConvTranspose: [v(1, 2, 3, `${WINDOW} dilations group output_padding output_shape`)],
  Cos: unary(7),
  DepthToSpace: [v(1, 1, 1, 'blocksize'), v(11, 1, 1, 'blocksize mode')],
  Div: binary(),
  Dropout: [v(7, 1, 1, 'ratio', 2), v(12, 1, 3, 'seed', 2)],
  Elu: unary(1, 'alpha'),
  Equal: binary(),
  Erf: unary(9),
  Exp: unary(),
  Expand: [v(8, 2, 2)],
  EyeLike: [v(9, 1, 1, 'dtype k')],
  Flatten: unary(1, 'axis'),
  Floor: unary(),
  Gather: [v(1, 2, 2, 'axis')],
  GatherElements: [v(11, 2, 2, 'axis')],
  Gelu: unary(20, 'approximate'),
  Gemm: [v(7, 3, 3, 'alpha beta transA transB'), v(11, 2, 3, 'alpha beta transA transB')],
  GlobalAveragePool: unary(),
  GlobalMaxPool: unary(),
  Greater: binary(),
  GreaterOrEqual: binary(12),
  GroupNormalization: [v(18, 3, 3, 'epsilon num_groups'), v(21, 3, 3, 'epsilon num_groups stash_type')],
  HardSigmoid: unary(1, 'alpha beta'),
  HardSwish: unary(14),
  Identity: unary(),
  InstanceNormalization: [v(1, 3, 3, 'epsilon')],
  IsInf: unary(10, 'detect_negative detect_positive'),
  IsNaN: unary(9),
  LayerNormalization: [v(17, 2, 3, 'axis epsilon stash_type', 3)],
  LeakyRelu: unary(1, 'alpha'),
  Less: binary(),
  LessOrEqual: binary(12),
  Log: unary(),
  LogSoftmax: unary(1, 'axis'),
  LpNormalization: unary(1, 'axis p'),
  MatMul: binary(1),
  Max: variadic,
  MaxPool: [
    v(1, 1, 1, WINDOW, 2),
    v(8, 1, 1, `${WINDOW} storage_order`, 2),
    v(10, 1, 1, `${WINDOW} ceil_mode dilations storage_order`, 2),
  ],
  Mean: variadic,
  Min: variadic,
  Mish: unary(18),
  Mod: [v(10, 2, 2, 'fmod')],
  Mul: binary(),
  Neg: unary(),
  Not: unary(),
  OneHot: [v(9, 3, 3, 'axis')],
  Or: binary(),
  PRelu: binary(1),
  Pad: [v(2, 1, 1, 'mode pads value'), v(11, 2, 3, 'mode'), v(18, 2, 4, 'mode')],
  Pow: binary(),
  RMSNormalization: [v(23, 2, 2, 'axis epsilon stash_type')],
  Range: [v(11, 3, 3), v(27, 3, 3, 'stash_type')],
  Reciprocal: unary(),
  ReduceL1: reduction(18),
  ReduceL2: reduction(18),
  ReduceLogSum: reduction(18),
  ReduceLogSumExp: reduction(18),
  ReduceMax: reduction(18),
  ReduceMean: reduction(18),
  ReduceMin: reduction(18),
  ReduceSum: reduction(13),
  ReduceSumSquare: reduction(18),
  Relu: unary(),
  Reshape: [v(5, 2, 2), v(14, 2, 2, 'allowzero')],
  Resize: [
    v(10, 2, 2, 'mode'),
    v(
      11,
      3,
      4,
      'coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value mode nearest_mode',
    ),
    v(
      13,
      1,
      4,
      'coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value mode nearest_mode',
    ),
    v(
      18,
      1,
      4,
      'antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside extrapolation_value keep_aspect_ratio_policy mode nearest_mode',
    ),
  ],
  Round: unary(11),
  ScatterND: [v(11, 3, 3), v(16, 3, 3, 'reduction')],
  Selu: unary(1, 'alpha gamma'),
  Shape: [v(1, 1, 1), v(15, 1, 1, 'end start')],
  Shrink: unary(9, 'bias lambd'),
  Sigmoid: unary(),
  Sign: unary(9),
  Sin: unary(7),
  Size: unary(),
  Slice: [v(1, 1, 1, 'axes ends starts'), v(10, 3, 5)],
  Softmax: unary(1, 'axis'),
  Softplus: unary(),
  Softsign: unary(),
  SpaceToDepth: unary(1, 'blocksize'),
  Split: [v(2, 1, 1, 'axis split', ANY), v(13, 1, 2, 'axis', ANY), v(18, 1, 2, 'axis num_outputs', ANY)],
  Sqrt: unary(),
  Squeeze: [v(1, 1, 1, 'axes'), v(13, 1, 2)],
  Sub: binary(),
  Sum: variadic,
  Swish: unary(24, 'alpha'),
  Tan: unary(7),
  Tanh: unary(),
  ThresholdedRelu: unary(10, 'alpha'),
  Tile: [v(6, 2, 2)],
  Transpose: unary(1, 'perm'),
  Trilu: [v(14, 1, 2, 'upper')],
  Unsqueeze: [v(1, 1, 1, 'axes'), v(13, 2, 2)],
  Upsample: [v(7, 1, 1, 'mode scales'), v(9, 2, 2, 'mode')],
  Where: [v(9, 3, 3)],
  Xor: binary(),
};

/** The last opset that has the operator, where it is not the newest. */
export const LAST: Record<string, number> = { Upsample: 9 };

/** @throws Unsupported for what this engine does not run; Error for what ONNX does not allow. */
export function requireSchema({ op, domain, inputs, outputs, attributes }: Node, opset: number): void {
  if (domain) throw new Unsupported(op, `the operator domain '${domain}'`);
  const versions = Object.hasOwn(SCHEMAS, op) ? SCHEMAS[op]! : [];
  const version = versions.findLast(({ since }) => since <= opset);
  if (versions.length === 0) throw new Unsupported(op, 'this operator');
  if (!version || opset > (LAST[op] ?? opset)) throw new Unsupported(op, `this operator in opset ${opset}`);
  const unknown = Object.keys(attributes).find((name) => !version.attributes.includes(name));
  if (unknown !== undefined) throw new Unsupported(op, `attribute '${unknown}' in opset ${opset}`);
  const [least, most] = version.inputs;
  if (inputs.length < least || inputs.length > most)
    throw new Error(
      `simd: ${op}: ${least === most ? least : `${least} to ${most}`} inputs are allowed in opset ${opset}, got ${inputs.length}`,
    );
  if (outputs.length < 1 || outputs.length > version.outputs)
    throw new Error(`simd: ${op}: 1 to ${version.outputs} outputs are allowed, got ${outputs.length}`);
}
