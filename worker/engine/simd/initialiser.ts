// Constants of the file: small ones as numbers, large ones into the memory, float16 ones widened there.
import type { TensorProto } from '../../../onnx/model.ts';
import type { Builder } from './builder.ts';
import { elementType, maxKnown, storedNumbers, toInt32 } from './element-type.ts';
import { elementsOf, known, type Value, wrap } from './value.ts';

/** @throws Unsupported naming `what` for a type that is not held. */
export function initialise(builder: Builder, tensor: TensorProto, what: string): Value {
  const { shape, data } = tensor;
  const type = elementType(tensor.type, what);
  const elements = elementsOf(shape);
  if (type === 'float16') {
    const recipe = ['file', builder.identify(tensor)];
    const file = builder.upload(recipe, Math.ceil(elements / 2), (kernels, address) =>
      kernels.bytes.set(data, address),
    );
    const wide = builder.buffer(elements, ['widen', file]);
    builder.halves.set(wide, file);
    builder.emit({
      reads: [file],
      writes: [wide],
      nanoseconds: elements,
      bind: (kernels, at) => () => kernels.widen(at(wide), at(file), elements),
    });
    return wrap(type, shape, wide);
  }
  const numbers = () => storedNumbers(type, data, elements);
  if (elements <= maxKnown(type))
    return known(type, shape, Array.from<number | bigint, number>(numbers(), Number));
  const whole = builder.upload(['stored', builder.identify(tensor)], elements, (kernels, address) => {
    const values = numbers();
    if (values instanceof Float32Array || values instanceof Float64Array)
      kernels.floats.set(values, address / 4);
    else kernels.integers.set(toInt32(values), address / 4);
  });
  return wrap(type, shape, whole);
}
