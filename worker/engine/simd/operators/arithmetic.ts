// Operators of two and more tensors that broadcast against each other: arithmetic, comparisons, logic, Where.
import { int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { isInteger } from '../element-type.ts';
import * as code from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { known, type Value } from '../value.ts';
import { floats, type Operator, required } from './operator.ts';

/** The remainder of known integers, of the divisor's sign or, with `fmod`, of the dividend's. */
export const mod: Operator = (builder, node, inputs) => {
  const operands = [required(node, inputs, 0), required(node, inputs, 1)];
  const { type } = operands[0]!;
  if (!isInteger(type)) throw new Unsupported('Mod', `inputs of type ${type}`);
  const fmod = int(node, 'fmod', 0) !== 0;
  const result = builder.folded('Mod', type, operands, ([x, y]) => {
    if (y === 0) throw new Unsupported('Mod', 'a divisor 0');
    const rest = x! % y!;
    return (rest !== 0 && !fmod && rest < 0 !== y! < 0 ? rest + y! : rest) + 0;
  });
  if (!result) throw new Unsupported('Mod', 'integers that depend on inputs');
  return [result];
};

const BINARY: Record<string, number> = {
  Add: code.ADD,
  Sub: code.SUB,
  Mul: code.MUL,
  Div: code.DIV,
  Min: code.MIN,
  Max: code.MAX,
  Sum: code.ADD,
  Mean: code.ADD,
  PRelu: code.PRELU,
};

/** Integers only where they are known: sizes and indices. */
export const arithmetic: Operator = (builder, node, inputs) => {
  const opcode = BINARY[node.op]!;
  const [first, ...rest] = inputs.map((_, i) => {
    const value = required(node, inputs, i);
    return isInteger(value.type) && value.known ? value : floats(node, inputs, i);
  });
  if (rest.some(({ type }) => type !== first!.type))
    throw new Error(`simd: ${node.op}: inputs must be of one type`);
  const result = rest.reduce((sum, next) => builder.elementwise(node.op, opcode, [sum, next]), first!);
  if (node.op === 'PRelu' && result.shape.join() !== first!.shape.join())
    throw new Error(`simd: PRelu: the slope [${rest[0]!.shape}] must broadcast to [${first!.shape}]`);
  if (node.op !== 'Mean' || rest.length === 0) return [result];
  return [builder.elementwise('Mean', code.DIV, [result, known(first!.type, [], [inputs.length])])];
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
  if (exponent === -1) return [binary(code.DIV, known('float32', [], [1]), x)];
  const power = isInteger(y.type)
    ? builder.elementwise('Pow', code.CONVERT, [y], { type: 'float32' })
    : floats(node, inputs, 1);
  return [binary(code.POW, x, power)];
};

/** Opcodes for float32 and for integers, and whether the operands change places. */
const COMPARISONS: Record<string, readonly [number, number, boolean]> = {
  Equal: [code.EQUAL, code.EQUAL_WHOLE, false],
  Less: [code.LESS, code.LESS_WHOLE, false],
  LessOrEqual: [code.LESS_OR_EQUAL, code.LESS_OR_EQUAL_WHOLE, false],
  Greater: [code.LESS, code.LESS_WHOLE, true],
  GreaterOrEqual: [code.LESS_OR_EQUAL, code.LESS_OR_EQUAL_WHOLE, true],
};

export const comparison: Operator = (builder, node, inputs) => {
  const [a, b] = [required(node, inputs, 0), required(node, inputs, 1)];
  if (a.type !== b.type) throw new Error(`simd: ${node.op}: inputs must be of one type`);
  if (!isInteger(a.type)) floats(node, inputs, 0);
  const [ofFloats, ofIntegers, turned] = COMPARISONS[node.op]!;
  const opcode = isInteger(a.type) && !(a.known && b.known) ? ofIntegers : ofFloats;
  return [builder.elementwise(node.op, opcode, turned ? [b, a] : [a, b], { type: 'bool' })];
};

const LOGIC: Record<string, number> = { And: code.AND, Or: code.OR, Xor: code.XOR };

function truths(op: string, value: Value): Value {
  if (value.type !== 'bool') throw new Error(`simd: ${op}: inputs must be truth values, got ${value.type}`);
  return value;
}

export const logic: Operator = (builder, node, inputs) => {
  const [a, b] = [0, 1].map((i) => truths(node.op, required(node, inputs, i))) as [Value, Value];
  return [builder.elementwise(node.op, LOGIC[node.op]!, [a, b])];
};

export const not: Operator = (builder, node, inputs) => {
  const one = known('bool', [], [1]);
  return [builder.elementwise('Not', code.XOR, [truths('Not', required(node, inputs, 0)), one])];
};

/** c ? x : y, bit by bit. */
export function select(builder: Builder, what: string, c: Value, x: Value, y: Value): Value {
  const chosen = builder.folded(what, x.type, [c, x, y], ([which, one, other]) => (which ? one! : other!));
  if (chosen) return chosen;
  const kept = builder.elementwise(what, code.KEEP, [x, c]);
  const other = builder.elementwise(what, code.KEEP_NOT, [y, c]);
  return builder.elementwise(what, code.OR, [kept, other]);
}

export const where: Operator = (builder, node, inputs) => {
  const c = truths('Where', required(node, inputs, 0));
  const [x, y] = [required(node, inputs, 1), required(node, inputs, 2)];
  if (x.type !== y.type) throw new Error('simd: Where: both choices must be of one type');
  if (x.type === 'float64') throw new Unsupported('Where', 'type float64');
  return [select(builder, 'Where', c, x, y)];
};
