// Operators that make values from nothing or from shapes, and Cast.
import { DATA_TYPE, type DataType } from '../../../../onnx/model.ts';
import { attribute, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { MAX_KNOWN } from '../builder.ts';
import { initialise, KIND } from '../initialiser.ts';
import { CONVERT, ROUND_HALF, TRUNCATE, TRUTH } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, known, numbersOf, type Value } from '../value.ts';
import { type Operator, required } from './operator.ts';

export const shape: Operator = (_, node, inputs) => {
  const { shape: sizes } = required(node, inputs, 0);
  const part = sizes.slice(int(node, 'start', 0), attribute(node, 'end', 'int') ?? sizes.length);
  return [known('integer', [part.length], part)];
};

export const constant: Operator = (builder, node) => {
  const tensor = attribute(node, 'value', 'tensor');
  if (tensor) return [initialise(builder, { ...tensor, name: `constant:${node.outputs[0]}` })];
  const whole = attribute(node, 'value_int', 'int');
  if (whole !== undefined) return [known('integer', [], [whole])];
  const number = attribute(node, 'value_float', 'float');
  if (number !== undefined) return [known('float', [], [number])];
  const wholes = attribute(node, 'value_ints', 'ints');
  if (wholes) return [known('integer', [wholes.length], wholes)];
  const numbers = attribute(node, 'value_floats', 'floats');
  if (numbers) return [known('float', [numbers.length], numbers)];
  throw new Unsupported('Constant', `attribute '${Object.keys(node.attributes).join()}'`);
};

/** A tensor of the given shape, full of one value (float32 0 by default). */
export const constantOfShape: Operator = (builder, node, inputs) => {
  const sizes = numbersOf(inputs[0], 'ConstantOfShape', 'shape');
  const tensor = attribute(node, 'value', 'tensor');
  const one = tensor
    ? initialise(builder, { ...tensor, name: `value:${node.outputs[0]}` })
    : known('float', [1], [0]);
  if (elementsOf(one.shape) !== 1) throw new Error('simd: ConstantOfShape: the value must be one number');
  return [builder.restride(one, sizes, () => ({ offset: 0, strides: sizes.map(() => 0) }))];
};

/** Element types by their number in the file. */
const TYPES = new Map<number, DataType>(
  Object.entries(DATA_TYPE).map(([name, number]) => [number, name as DataType]),
);

/** Integers narrower than 32 bits wrap, as two's complement does. */
const WRAP: Partial<Record<DataType, (x: number) => number>> = {
  uint8: (x) => x & 0xff,
  int8: (x) => (x << 24) >> 24,
};

function castKnown(x: Value & { known: readonly number[] }, type: DataType): Value | undefined {
  const kind = KIND[type];
  if (x.known.length > MAX_KNOWN[kind] || kind === 'half' || x.kind === 'half') return undefined;
  const convert = (value: number): number => {
    if (type === 'bool') return value === 0 ? 0 : 1;
    if (kind === 'integer') return (WRAP[type] ?? ((whole: number) => whole))(Math.trunc(value));
    return type === 'float32' ? Math.fround(value) : value;
  };
  return known(kind, x.shape, x.known.map(convert));
}

export const cast: Operator = (builder: Builder, node, inputs) => {
  const x = required(node, inputs, 0);
  const to = int(node, 'to', 0);
  const type = TYPES.get(to);
  if (!type) throw new Unsupported('Cast', `to type ${to}`);
  const kind = KIND[type];
  const folded = x.known && castKnown(x, type);
  if (folded) return [folded];
  const apply = (code: number, value: Value = x) => [builder.elementwise('Cast', code, [value], { kind })];
  if (WRAP[type]) throw new Unsupported('Cast', `to ${type} of values that depend on inputs`);
  if (kind === 'half') {
    if (x.kind === 'half') return [x];
    const asFloat = x.kind === 'integer' ? builder.elementwise('Cast', CONVERT, [x], { kind: 'float' }) : x;
    return apply(ROUND_HALF, asFloat);
  }
  // float16 and float64 values are float32 numbers already; every float32 is a float64.
  if (kind === 'double' && x.kind === 'integer') throw new Unsupported('Cast', 'integers to float64');
  if (kind !== 'integer') return x.kind === 'integer' ? apply(CONVERT) : [{ ...x, kind } as Value];
  if (x.kind === 'integer') {
    if (type !== 'bool') return [x];
    return apply(TRUTH, builder.elementwise('Cast', CONVERT, [x], { kind: 'float' }));
  }
  return apply(type === 'bool' ? TRUTH : TRUNCATE);
};
