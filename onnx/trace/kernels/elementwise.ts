// Elementwise kernels: arithmetic, activations, comparisons, selection.
import { broadcast_util } from '@tensorflow/tfjs-core';
import type { Value } from '../../graph-builder.ts';
import { type Kernel, type KernelTable, type Recorder, toDataType } from '../recorder.ts';
import { expand, repeated, sameShape, size } from './shape.ts';

const same =
  (op: string): Kernel =>
  (r, { x }) => {
    const source = repeated(r, x!);
    return expand(r, r.emit(op, [source], source.shape), x!.shape);
  };

const broadcastShape = (a: Value, b: Value): number[] =>
  broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);

/** What is repeated is repeated after the operation: there are fewer numbers before. */
export function binary(r: Recorder, op: string, a: Value, b: Value, type = a.type): Value {
  const [left, right] = [repeated(r, a), repeated(r, b)];
  const y = r.emit(op, [left, right], broadcastShape(left, right), {}, type);
  return expand(r, y, broadcastShape(a, b));
}

/** The value of a constant whose elements are all one number. */
function uniformValue(r: Recorder, value: Value): number | undefined {
  const tensor = r.builder.constantOf(value);
  if (tensor?.type !== 'float32' || tensor.data.length !== 4) return undefined;
  // Constants of an inlined file lie where they lay in it, at any offset.
  return new DataView(tensor.data.buffer, tensor.data.byteOffset).getFloat32(0, true);
}

/** Whether every element of a value is `number`, as it was made. */
function isUniform(r: Recorder, value: Value, number: number): boolean {
  const made = r.builder.producer(value);
  if (made?.op === 'Expand' || made?.op === 'Reshape') return isUniform(r, made.inputs[0]!, number);
  return uniformValue(r, value) === number;
}

/** `x op neutral` is `x`, as long as the constant does not widen the shape. */
function withoutNeutral(op: string, neutral: number, commutes: boolean): Kernel {
  return (r, { a, b }) => {
    const shape = broadcastShape(a!, b!);
    const keeps = (x: Value) => sameShape(x.shape, shape);
    if (isUniform(r, b!, neutral) && keeps(a!)) return a!;
    if (commutes && isUniform(r, a!, neutral) && keeps(b!)) return b!;
    return binary(r, op, a!, b!);
  };
}

const add = withoutNeutral('Add', 0, true);

/** Adding a bias, or a matrix times a number, to a matrix product is the product's third input. */
const addOrBias: Kernel = (r, inputs, attributes) => {
  const { a, b } = inputs;
  const gemm = r.builder.producer(a!);
  const bias = b!;
  const columns = a!.shape.at(-1);
  if (
    gemm?.op === 'Gemm' &&
    gemm.inputs.length === 2 &&
    bias.shape.length <= 2 &&
    bias.shape.at(-1) === columns &&
    size(bias.shape) === columns
  )
    return r.builder.node(
      'Gemm',
      [...gemm.inputs, bias],
      [{ type: a!.type, shape: a!.shape }],
      gemm.attributes,
    )[0]!;
  const scaled = gemm?.op === 'Gemm' && gemm.inputs.length === 2 ? scaledBy(r, bias, a!.shape) : undefined;
  if (gemm && scaled)
    return r.builder.node('Gemm', [...gemm.inputs, scaled.value], [{ type: a!.type, shape: a!.shape }], {
      ...gemm.attributes,
      beta: { type: 'float', value: scaled.factor },
    })[0]!;
  return add(r, inputs, attributes);
};

/** `x` as a value of the given shape times a number, where it is made so. */
function scaledBy(
  r: Recorder,
  x: Value,
  shape: readonly number[],
): { value: Value; factor: number } | undefined {
  const product = r.builder.producer(x);
  if (product?.op !== 'Mul') return undefined;
  const [value, by] = product.inputs as [Value, Value];
  const factor = uniformValue(r, by);
  return factor !== undefined && sameShape(value.shape, shape) ? { value, factor } : undefined;
}

const comparison =
  (op: string): Kernel =>
  (r, { a, b }) =>
    binary(r, op, a!, b!, 'bool');

const clip = (r: Recorder, x: Value, low: number, high: number): Value =>
  r.emit('Clip', [x, r.number(low, x.type), r.number(high, x.type)], x.shape);

export function cast(r: Recorder, x: Value, type: Value['type']): Value {
  const codes = { float32: 1, int32: 6, int64: 7, bool: 9 } as Record<string, number>;
  return x.type === type ? x : r.emit('Cast', [x], x.shape, { to: codes[type]! }, type);
}

/** log(1 + x) with the rounding of 1 + x made good, so that small x keep their digits. */
function log1p(r: Recorder, x: Value): Value {
  const y = binary(r, 'Add', x, r.float(1));
  const lost = binary(r, 'Sub', binary(r, 'Sub', y, r.float(1)), x);
  return binary(r, 'Sub', r.emit('Log', [y], x.shape), binary(r, 'Div', lost, y));
}

/** max(x, 0) + log(1 + exp(−|x|)): one exponential and one logarithm, where runtimes' own Softplus takes two. */
function softplus(r: Recorder, x: Value): Value {
  const emit = (op: string, y: Value) => r.emit(op, [y], y.shape);
  const tail = emit('Exp', emit('Neg', emit('Abs', x)));
  return binary(r, 'Add', emit('Relu', x), emit('Log', binary(r, 'Add', tail, r.float(1))));
}

/** exp(x) − 1 = 2 t / (1 − t) with t = tanh(x / 2), which does not cancel at small x. */
function expm1(r: Recorder, x: Value): Value {
  const t = r.emit('Tanh', [binary(r, 'Mul', x, r.float(0.5))], x.shape);
  return binary(r, 'Div', binary(r, 'Mul', t, r.float(2)), binary(r, 'Sub', r.float(1), t));
}

const where = (r: Recorder, condition: Value, t: Value, e: Value): Value =>
  r.emit(
    'Where',
    [condition, t, e],
    broadcast_util.assertAndGetBroadcastShape(broadcastShape(t, e), [...condition.shape]),
    {},
    t.type,
  );

const LARGEST_FLOAT = 3.4028234663852886e38;

/**
 * 1 above zero, `alpha` below or at it. Where that is 0 arithmetic does it, which every engine runs: any number above
 * zero but a subnormal one is past 1 when it is so much enlarged.
 */
const step = (r: Recorder, x: Value, alpha: number): Value =>
  alpha === 0
    ? clip(r, binary(r, 'Mul', x, r.float(LARGEST_FLOAT)), 0, 1)
    : where(r, r.emit('Greater', [x, r.float(0)], x.shape, {}, 'bool'), r.float(1), r.float(alpha));

export const elementwise: KernelTable = {
  Abs: same('Abs'),
  Acos: same('Acos'),
  Acosh: same('Acosh'),
  Asin: same('Asin'),
  Asinh: same('Asinh'),
  Atan: same('Atan'),
  Atanh: same('Atanh'),
  Ceil: same('Ceil'),
  Cos: same('Cos'),
  Cosh: same('Cosh'),
  Elu: same('Elu'),
  Erf: same('Erf'),
  Exp: same('Exp'),
  Floor: same('Floor'),
  Log: same('Log'),
  Neg: same('Neg'),
  Reciprocal: same('Reciprocal'),
  Relu: same('Relu'),
  Round: same('Round'),
  Sigmoid: same('Sigmoid'),
  Sign: same('Sign'),
  Sin: same('Sin'),
  Sinh: same('Sinh'),
  Softplus: (r, { x }) => softplus(r, x!),
  Sqrt: same('Sqrt'),
  Tan: same('Tan'),
  Tanh: same('Tanh'),
  LogicalNot: (r, { x }) => r.emit('Not', [x!], x!.shape),
  IsNan: (r, { x }) => r.emit('IsNaN', [x!], x!.shape, {}, 'bool'),
  IsInf: (r, { x }) => r.emit('IsInf', [x!], x!.shape, {}, 'bool'),
  // x − x is zero for finite numbers alone.
  IsFinite: (r, { x }) => binary(r, 'Equal', binary(r, 'Sub', x!, x!), r.float(0), 'bool'),
  Square: (r, { x }) => binary(r, 'Mul', x!, x!),
  Rsqrt: (r, { x }) => r.emit('Reciprocal', [r.emit('Sqrt', [x!], x!.shape)], x!.shape),
  Log1p: (r, { x }) => log1p(r, x!),
  Expm1: (r, { x }) => expm1(r, x!),
  Relu6: (r, { x }) => clip(r, x!, 0, 6),
  LeakyRelu: (r, { x }, { alpha }) => r.emit('LeakyRelu', [x!], x!.shape, { alpha: alpha as number }),
  Selu: (r, { x }) => r.emit('Selu', [x!], x!.shape),
  Prelu: (r, { x, alpha }) => r.emit('PRelu', [x!, alpha!], x!.shape),
  ClipByValue: (r, { x }, { clipValueMin, clipValueMax }) =>
    clip(r, x!, clipValueMin as number, clipValueMax as number),
  Cast: (r, { x }, { dtype }) => cast(r, x!, toDataType(dtype as 'float32')),
  Step: (r, { x }, { alpha = 0 }) => step(r, x!, alpha as number),

  Add: addOrBias,
  Sub: withoutNeutral('Sub', 0, false),
  Multiply: withoutNeutral('Mul', 1, true),
  RealDiv: withoutNeutral('Div', 1, false),
  AddN: (r, inputs) => Object.values(inputs).reduce((sum, x) => binary(r, 'Add', sum, x)),
  Maximum: (r, { a, b }) => binary(r, 'Max', a!, b!),
  Minimum: (r, { a, b }) => binary(r, 'Min', a!, b!),
  Pow: (r, { a, b }) => binary(r, 'Pow', a!, b!),
  // Of whole numbers it has the sign of the divisor in ONNX as well.
  Mod: (r, { a, b }) =>
    a!.type === 'int32'
      ? binary(r, 'Mod', a!, b!)
      : binary(r, 'Sub', a!, binary(r, 'Mul', b!, floorDivide(r, a!, b!))),
  FloorDiv: (r, { a, b }) => floorDivide(r, a!, b!),
  SquaredDifference: (r, { a, b }) => {
    const difference = binary(r, 'Sub', a!, b!);
    return binary(r, 'Mul', difference, difference);
  },
  Equal: comparison('Equal'),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  NotEqual: (r, { a, b }) => r.emit('Not', [binary(r, 'Equal', a!, b!, 'bool')], broadcastShape(a!, b!)),
  LogicalAnd: comparison('And'),
  LogicalOr: comparison('Or'),
  Select: (r, { condition, t, e }) => where(r, condition!, t!, e!),
};

/** ⌊a / b⌋; ONNX divides whole numbers towards zero. */
function floorDivide(r: Recorder, a: Value, b: Value): Value {
  const quotient = a.type === 'int32' ? binary(r, 'Sub', a, binary(r, 'Mod', a, b)) : a;
  const divided = binary(r, 'Div', quotient, b);
  return a.type === 'int32' ? divided : r.emit('Floor', [divided], divided.shape);
}
