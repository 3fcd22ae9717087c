// Constants, shapes and types. Whatever is not float32 goes through a Cast on its way out.
import fc from 'fast-check';
import { type Attribute, DATA_TYPE, type DataType } from '../../../../onnx/model.ts';
import { createGraph, float, type GraphBuilder, int, ints } from '../graph.ts';
import { bytesOf } from '../tensor-bytes.ts';
import { common, commonSince, flag, optional, several, shape } from './draws.ts';

const cast = (g: GraphBuilder, x: string, to: DataType) => g.node('Cast', [x], { to: int(DATA_TYPE[to]) });
const volume = (dims: readonly number[]) => dims.reduce((n, d) => n * d, 1);

const stored = fc.record({
  type: fc.constantFrom<DataType>('float32', 'float16', 'int32', 'int64', 'bool', 'uint8', 'int8'),
  dims: shape({ max: 3 }),
});
const valuesFor = (type: DataType, dims: readonly number[]) =>
  Array.from({ length: volume(dims) }, (_, i) => {
    if (type === 'bool') return i % 2;
    if (type === 'uint8') return (i * 7) % 256;
    return type.startsWith('float') ? (i % 23) / 8 - 1 : ((i * 7) % 200) - 100;
  });

/** Numbers there and back, through up to three types. */
export const Cast = fc
  .record({
    ...common,
    dims: shape(),
    through: fc.array(fc.constantFrom<DataType>('float16', 'float32', 'int32', 'int64', 'bool'), {
      minLength: 1,
      maxLength: 3,
    }),
    scale: fc.constantFrom(1, 100, 5000, 1e-4, 1e-7),
  })
  .map(({ dims, through, scale, ...p }) => {
    const g = createGraph(p);
    const x = through.reduce((x, to) => cast(g, x, to), g.operand(dims, { scale }));
    return g.finish({ [cast(g, x, 'float32')]: dims.length }, 0);
  });

/** A stored tensor of every type behind a Cast, as float16 weights are. */
export const CastOfStored = fc.record({ ...common, stored }).map(({ stored: { type, dims }, ...p }) => {
  const g = createGraph(p);
  const y = cast(g, g.constant(type, dims, valuesFor(type, dims)), 'float32');
  return g.finish({ [g.node('Add', [g.operand(dims), y])]: dims.length }, 0);
});

export const CastLike = fc
  .record({ ...commonSince(15), dims: shape(), like: fc.constantFrom<DataType>('int32', 'float32', 'bool') })
  .map(({ dims, like, ...p }) => {
    const g = createGraph(p);
    const y = g.node('CastLike', [g.operand(dims, { scale: 5 }), g.constant(like, [1], [1])]);
    return g.finish({ [cast(g, y, 'float32')]: dims.length }, 0);
  });

export const Size = fc.record({ ...common, dims: shape() }).map(({ dims, ...p }) => {
  const g = createGraph(p);
  return g.finish({ [cast(g, g.node('Size', [g.operand(dims)]), 'float32')]: 0 }, 0);
});

/** From stored or fed numbers. */
export const Range = fc
  .record({
    ...common,
    type: fc.constantFrom<DataType>('float32', 'int64', 'int32'),
    start: fc.integer({ min: -5, max: 5 }),
    length: fc.nat(9),
    delta: fc.constantFrom(1, 2, -1, -3),
    fed: flag,
  })
  .map(({ type, start, length, delta, fed, ...p }) => {
    const g = createGraph(p);
    const one = (x: number) => (fed ? g.feed([], [x], type) : g.constant(type, [], [x]));
    const y = g.node('Range', [one(start), one(start + length * delta), one(delta)]);
    return g.finish({ [g.node('Add', [g.operand([1]), cast(g, y, 'float32')])]: 1 }, 0);
  });

/** Of integers that are stored, or fed. */
export const Mod = fc
  .record({ ...common, fmod: optional(flag), fed: flag, by: several(fc.constantFrom(1, 2, 3, -2, -5), 4) })
  .map(({ fmod, fed, by, ...p }) => {
    const g = createGraph(p);
    const values = Array.from({ length: 8 }, (_, i) => i * 3 - 11 + (p.seed % 4));
    const x = fed ? g.feed([2, 4], values, 'int64') : g.constant('int64', [2, 4], values);
    const y = g.node('Mod', [x, g.integers(by)], { fmod: int(fmod) });
    return g.finish({ [g.node('Add', [g.operand([1]), cast(g, y, 'float32')])]: 2 }, 0);
  });

export const Shape = fc
  .record({
    ...common,
    dims: shape({ max: 5 }),
    start: optional(fc.integer({ min: -6, max: 6 })),
    end: optional(fc.integer({ min: -6, max: 6 })),
  })
  .map(({ dims, start, end, ...p }) => {
    const g = createGraph(p);
    const limits = p.opset >= 15 ? { start: int(start), end: int(end) } : {};
    return g.finish({ [cast(g, g.node('Shape', [g.operand(dims)], limits), 'float32')]: 1 }, 0);
  });

const VALUES = {
  value_float: () => ({ attribute: float(-1.25), rank: 0, type: 'float32' }),
  value_floats: () => ({
    attribute: { type: 'floats', value: [1, -0.5, 3] } as Attribute,
    rank: 1,
    type: 'float32',
  }),
  value_int: () => ({ attribute: int(-7), rank: 0, type: 'int64' }),
  value_ints: () => ({ attribute: ints([3, 0, -5]), rank: 1, type: 'int64' }),
  value: (type: DataType, dims: readonly number[]) => ({
    attribute: {
      type: 'tensor',
      value: { name: '', type, shape: [...dims], data: bytesOf(type, valuesFor(type, dims)) },
    } as Attribute,
    rank: dims.length,
    type,
  }),
};

export const Constant = fc
  .record({
    ...common,
    form: fc.constantFrom('value_float', 'value_floats', 'value_int', 'value_ints', 'value' as const),
    stored,
    /** The constant is an output by itself: the graph has no input at all. */
    alone: flag,
  })
  .map(({ form, stored, alone, ...p }) => {
    const g = createGraph(p);
    const { attribute, rank, type } = VALUES[form](stored.type, stored.dims);
    const constant = g.node('Constant', [], { [form]: attribute });
    const y = type === 'float32' ? constant : cast(g, constant, 'float32');
    return g.finish({ [alone ? y : g.node('Add', [g.operand([]), y])]: rank }, 0);
  });

/** Of a stored shape, or of the shape of a fed tensor. */
export const ConstantOfShape = fc
  .record({
    ...common,
    dims: shape(),
    value: optional(fc.constantFrom<DataType>('float32', 'int64', 'int32', 'float16', 'bool')),
    ofFed: flag,
  })
  .map(({ dims, value, ofFed, ...p }) => {
    const g = createGraph(p);
    const x = g.operand(dims);
    const of = ofFed ? g.node('Shape', [x]) : g.integers(dims);
    const attributes: Record<string, Attribute> = value
      ? { value: { type: 'tensor', value: { name: '', type: value, shape: [1], data: bytesOf(value, [1]) } } }
      : {};
    const filled = g.node('ConstantOfShape', [of], attributes);
    const y = value === undefined || value === 'float32' ? filled : cast(g, filled, 'float32');
    return g.finish({ [g.node('Add', [x, y])]: dims.length }, 0);
  });
