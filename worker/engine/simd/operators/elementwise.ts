// Operators on elements: arithmetic with broadcasting, activations, Clip.
import type { Node } from '../../../../onnx/model.ts';
import { float } from '../attributes.ts';
import * as code from '../kernels/opcodes.ts';
import { known, numbersOf, type Value } from '../value.ts';
import { floats, type Operator, required } from './operator.ts';

/** An operation of one input, as the kernels know it: opcode, α, β. */
export type Activation = { code: number; alpha: number; beta: number };

const plain = (opcode: number) => () => ({ code: opcode, alpha: 0, beta: 0 });

/** Bounds of a Clip; absent ones do not bind. */
function clip(_: Node, inputs: readonly (Value | undefined)[]): Activation {
  const bound = (i: number, none: number) =>
    inputs[i] ? numbersOf(inputs[i], `Clip: bound number ${i}`)[0]! : none;
  return {
    code: code.CLIP,
    alpha: bound(1, Number.NEGATIVE_INFINITY),
    beta: bound(2, Number.POSITIVE_INFINITY),
  };
}

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
    Clip: clip,
  };

export const activation: Operator = (builder, node, inputs) => {
  const { code: opcode, alpha, beta } = ACTIVATIONS[node.op]!(node, inputs);
  return [builder.elementwise(node.op, opcode, [floats(node, inputs, 0)], { alpha, beta })];
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

/** Integers only where they are known: sizes and indices. */
export const arithmetic: Operator = (builder, node, inputs) => {
  const [first, ...rest] = inputs.map((_, i) => {
    const value = required(node, inputs, i);
    return value.known ? value : floats(node, inputs, i);
  });
  const opcode = BINARY[node.op]!;
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
