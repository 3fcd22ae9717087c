// Operators that make values from nothing or from shapes, and Cast.
import { DATA_TYPE, type DataType } from '../../../../onnx/model.ts';
import { attribute, int } from '../attributes.ts';
import type { Builder } from '../builder.ts';
import { type ElementType, elementType, isInteger, maxKnown, wrapped } from '../element-type.ts';
import { initialise } from '../initialiser.ts';
import { AND, CONVERT, ROUND_HALF, TRUNCATE, TRUTH } from '../kernels/opcodes.ts';
import { Unsupported } from '../unsupported.ts';
import { elementsOf, known, numbersOf, requireTable, type Value } from '../value.ts';
import { type Operator, required } from './operator.ts';

export const shape: Operator = (_, node, inputs) => {
  const { shape: sizes } = required(node, inputs, 0);
  const part = sizes.slice(int(node, 'start', 0), attribute(node, 'end', 'int') ?? sizes.length);
  return [known('int64', [part.length], part)];
};

export const size: Operator = (_, node, inputs) => [
  known('int64', [], [elementsOf(required(node, inputs, 0).shape)]),
];

export const constant: Operator = (builder, node) => {
  const tensor = attribute(node, 'value', 'tensor');
  if (tensor) return [initialise(builder, tensor, 'Constant')];
  const whole = attribute(node, 'value_int', 'int');
  if (whole !== undefined) return [known('int64', [], [whole])];
  const number = attribute(node, 'value_float', 'float');
  if (number !== undefined) return [known('float32', [], [number])];
  const wholes = attribute(node, 'value_ints', 'ints');
  if (wholes) return [known('int64', [wholes.length], wholes)];
  const numbers = attribute(node, 'value_floats', 'floats');
  if (numbers) return [known('float32', [numbers.length], numbers)];
  throw new Error('simd: Constant: a value must be given');
};

/** A tensor of the given shape, full of one value (float32 0 by default). */
export const constantOfShape: Operator = (builder, node, inputs) => {
  const sizes = numbersOf(inputs[0], 'ConstantOfShape', 'shape');
  const tensor = attribute(node, 'value', 'tensor');
  const one = tensor ? initialise(builder, tensor, 'ConstantOfShape') : known('float32', [1], [0]);
  if (elementsOf(one.shape) !== 1) throw new Error('simd: ConstantOfShape: the value must be one number');
  return [builder.restride(one, sizes, () => ({ offset: 0, strides: sizes.map(() => 0) }))];
};

/** start, start + delta, … below limit, or above where delta is negative; known numbers. */
export const range: Operator = (_, node, inputs) => {
  const values = [0, 1, 2].map((i) => required(node, inputs, i));
  const [start, limit, delta] = values.map((value) => numbersOf(value, 'Range', 'bounds')[0] ?? 0) as [
    number,
    number,
    number,
  ];
  const { type } = values[0]!;
  if (values.some((value) => value.type !== type || elementsOf(value.shape) !== 1) || delta === 0)
    throw new Error('simd: Range: start, limit and delta must be numbers of one type, delta not 0');
  if (type !== 'float32' && !isInteger(type)) throw new Unsupported('Range', `type ${type}`);
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  requireTable(length);
  const step = (i: number) =>
    isInteger(type) ? start + i * delta : Math.fround(start + Math.fround(i * delta));
  return [
    known(
      type,
      [length],
      Array.from({ length }, (_, i) => step(i)),
    ),
  ];
};

/** Element types by their number in the file. */
export const TYPES: ReadonlyMap<number, DataType> = new Map<number, DataType>(
  Object.entries(DATA_TYPE).map(([name, number]) => [number, name as DataType]),
);

/** As the kernels do it: towards zero, saturating, NaN to 0. */
const truncated = (x: number, limit: number): number =>
  Number.isNaN(x) ? 0 : Math.min(limit - 1, Math.max(-limit, Math.trunc(x))) + 0;

function castKnown({ type: from, shape, known: numbers }: Value, to: ElementType): Value | undefined {
  if (!numbers || numbers.length > maxKnown(to) || to === 'float16' || from === 'float16') return undefined;
  const convert = (x: number): number => {
    if (to === 'bool') return x === 0 ? 0 : 1;
    if (!isInteger(to)) return to === 'float32' ? Math.fround(x) : x;
    const whole = isInteger(from) ? x : truncated(x, to === 'int64' ? 2 ** 53 : 2 ** 31);
    return wrapped(to, whole, 'Cast');
  };
  return known(to, shape, numbers.map(convert));
}

function convert(builder: Builder, x: Value, to: ElementType): Value {
  const folded = castKnown(x, to);
  if (folded) return folded;
  const from = x.type;
  const apply = (code: number, value: Value = x) => builder.elementwise('Cast', code, [value], { type: to });
  const asFloat = () =>
    isInteger(from) ? builder.elementwise('Cast', CONVERT, [x], { type: 'float32' }) : x;
  if (from === to) return x;
  if (to === 'float16') return apply(ROUND_HALF, asFloat());
  // float16 and float64 values are float32 numbers already; every float32 is a float64.
  if (to === 'float64' && isInteger(from)) throw new Unsupported('Cast', `${from} to float64`);
  if (!isInteger(to)) return isInteger(from) ? apply(CONVERT) : ({ ...x, type: to } as Value);
  if (to === 'bool') return apply(TRUTH, asFloat());
  const whole = isInteger(from) ? x : builder.elementwise('Cast', TRUNCATE, [x], { type: 'int32' });
  if (to === 'int32' || to === 'int64') return { ...whole, type: to } as Value;
  if (from === 'bool') return { ...whole, type: to } as Value;
  if (to === 'uint8' || to === 'uint16') {
    const mask = known('int32', [], [to === 'uint8' ? 0xff : 0xffff]);
    return { ...builder.elementwise('Cast', AND, [whole, mask]), type: to } as Value;
  }
  throw new Unsupported('Cast', `${from} that depends on inputs to ${to}`);
}

export const cast: Operator = (builder, node, inputs) => {
  const to = int(node, 'to', 0);
  const type = TYPES.get(to);
  if (!type) throw new Error(`simd: Cast: there is no type ${to}`);
  return [convert(builder, required(node, inputs, 0), elementType(type, 'Cast'))];
};

/** A Cast to the type of the second input. */
export const castLike: Operator = (builder, node, inputs) => [
  convert(builder, required(node, inputs, 0), required(node, inputs, 1).type),
];
