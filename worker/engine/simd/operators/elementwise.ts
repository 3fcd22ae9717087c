// Operators on elements: arithmetic with broadcasting, activations, Clip.
import type { Node } from '../../../../onnx/model.ts';
import { float } from '../attributes.ts';
import * as code from '../kernels/opcodes.ts';
import { elementsOf, known, type Value } from '../value.ts';
import { floats, type Operator, required } from './operator.ts';

/** An operation of one input, as the kernels know it: opcode, α, β. */
export type Activation = { code: number; alpha: number; beta: number };

const plain = (opcode: number) => () => ({ code: opcode, alpha: 0, beta: 0 });

/** Absent bounds do not bind; those that are tensors of the graph are not seen here. */
const bounds = (_: Node, [, low, high]: readonly (Value | undefined)[]): Activation => ({
  code: code.CLIP,
  alpha: low?.known?.[0] ?? Number.NEGATIVE_INFINITY,
  beta: high?.known?.[0] ?? Number.POSITIVE_INFINITY,
});

/** Operators of one tensor; a product applies them to its results while it has them at hand. */
export const ACTIVATIONS: Record<string, (node: Node, inputs: readonly (Value | undefined)[]) => Activation> =
  {
    Neg: plain(code.NEG),
    Abs: plain(code.ABS),
    Sqrt: plain(code.SQRT),
    Exp: plain(code.EXP),
    Log: plain(code.LOG),
    Relu: plain(code.RELU),
    Tanh: plain(code.TANH),
    Sigmoid: plain(code.SIGMOID),
    Softplus: plain(code.SOFTPLUS),
    LeakyRelu: (node) => ({ code: code.LEAKY_RELU, alpha: float(node, 'alpha', 0.01), beta: 0 }),
    Elu: (node) => ({ code: code.ELU, alpha: float(node, 'alpha', 1), beta: 0 }),
    Clip: bounds,
  };

export const activation: Operator = (builder, node, inputs) => {
  const { code: opcode, alpha, beta } = ACTIVATIONS[node.op]!(node, inputs);
  return [builder.elementwise(node.op, opcode, [floats(node, inputs, 0)], { alpha, beta })];
};

/** Bounds that stand in the graph are part of the operation; others are two operations more. */
export const clip: Operator = (builder, node, inputs, scope) => {
  const [, low, high] = inputs;
  const wrong = [low, high].find((bound) => bound && elementsOf(bound.shape) !== 1);
  if (wrong) throw new Error(`simd: Clip: a bound must be one number, is [${wrong.shape}]`);
  if ([low, high].every((bound) => !bound || bound.known)) return activation(builder, node, inputs, scope);
  const x = floats(node, inputs, 0);
  const above = low ? builder.elementwise('Clip', code.MAX, [x, low]) : x;
  return [high ? builder.elementwise('Clip', code.MIN, [above, high]) : above];
};

const BINARY: Record<string, number> = {
  Add: code.ADD,
  Sub: code.SUB,
  Mul: code.MUL,
  Div: code.DIV,
  Min: code.MIN,
  Max: code.MAX,
  PRelu: code.PRELU,
};

/** Min and Max take any number of inputs, the others two. Integers only where they are known: sizes and indices. */
export const arithmetic: Operator = (builder, node, inputs) => {
  const opcode = BINARY[node.op]!;
  const variadic = node.op === 'Min' || node.op === 'Max';
  if (inputs.length !== 2 && !(variadic && inputs.length > 0))
    throw new Error(`simd: ${node.op}: two inputs must be given, got ${inputs.length}`);
  const [first, ...rest] = inputs.map((_, i) => {
    const value = required(node, inputs, i);
    return value.kind === 'integer' && value.known ? value : floats(node, inputs, i);
  });
  if (rest.some(({ kind }) => kind !== first!.kind))
    throw new Error(`simd: ${node.op}: inputs must be of one type`);
  return [rest.reduce((sum, next) => builder.elementwise(node.op, opcode, [sum, next]), first!)];
};

/** x^y; the exponents that networks use, where they stand in the graph, are exact arithmetic. */
export const pow: Operator = (builder, node, inputs) => {
  const x = floats(node, inputs, 0);
  const y = required(node, inputs, 1);
  const binary = (opcode: number, a: Value, b: Value) => builder.elementwise('Pow', opcode, [a, b]);
  const exponent = y.known?.length === 1 && y.shape.length <= x.shape.length ? y.known[0] : undefined;
  if (exponent === 1) return [x];
  if (exponent === 2) return [binary(code.MUL, x, x)];
  if (exponent === 3) return [binary(code.MUL, binary(code.MUL, x, x), x)];
  if (exponent === 0.5) return [builder.elementwise('Pow', code.SQRT, [x])];
  if (exponent === -1) return [binary(code.DIV, known('float', [], [1]), x)];
  const power = y.kind === 'integer' ? builder.elementwise('Pow', code.CONVERT, [y], { kind: 'float' }) : y;
  return [binary(code.POW, x, power)];
};
