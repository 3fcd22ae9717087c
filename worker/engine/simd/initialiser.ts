// Constants of the file: small ones as numbers, large ones into the memory, float16 ones widened there.
import type { DataType, TensorProto } from '../../../onnx/model.ts';
import { type Builder, MAX_KNOWN } from './builder.ts';
import { elementsOf, type Kind, known, toInt32, type Value, wrap } from './value.ts';

export const KIND: Record<DataType, Kind> = {
  float32: 'float',
  float64: 'double',
  float16: 'half',
  uint8: 'integer',
  int8: 'integer',
  int32: 'integer',
  int64: 'integer',
  bool: 'integer',
};

const ARRAY = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

export function initialise(builder: Builder, { name, type, shape, data }: TensorProto): Value {
  const elements = elementsOf(shape);
  const kind = KIND[type];
  if (type === 'float16') {
    const file = builder.upload(`file:${name}`, Math.ceil(elements / 2), (kernels, address) =>
      kernels.bytes.set(data, address),
    );
    const wide = builder.buffer(elements, ['widen', file]);
    builder.halves.set(wide, file);
    builder.emit({
      reads: [file],
      writes: [wide],
      operations: elements,
      bind: (kernels, at) => () => kernels.widen(at(wide), at(file), elements),
    });
    return wrap(kind, shape, wide);
  }
  const numbers = () => {
    // A typed array begins at a multiple of its element's size; a file need not.
    const aligned = data.byteOffset % 8 === 0 ? data : new Uint8Array(data);
    return new ARRAY[type](aligned.buffer as ArrayBuffer, aligned.byteOffset, elements);
  };
  if (elements <= MAX_KNOWN[kind])
    return known(kind, shape, Array.from<number | bigint, number>(numbers(), Number));
  const whole = builder.upload(`initialiser:${name}`, elements, (kernels, address) => {
    const values = numbers();
    if (values instanceof Float32Array || values instanceof Float64Array)
      kernels.floats.set(values, address / 4);
    else kernels.integers.set(toInt32(values), address / 4);
  });
  return wrap(kind, shape, whole);
}
