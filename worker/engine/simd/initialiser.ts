// Constants of the file: small ones as numbers, large ones into the memory, float16 ones widened there.
import type { TensorProto } from '../../../onnx/model.ts';
import type { Builder } from './builder.ts';
import { type ElementType, elementType, maxKnown, storedNumbers, toInt32 } from './element-type.ts';
import type { Kernels } from './kernels.ts';
import { elementsOf, known, type Value, wrap } from './value.ts';

/** Whether planning reads the tensor's numbers itself: small ones, but of float16. */
export const isPlanned = ({ type, shape }: TensorProto): boolean =>
  type !== 'float16' && shape.reduce((n, size) => n * size, 1) <= maxKnown(type as ElementType);

/** @throws Unsupported naming `what` for a type that is not held. */
export function initialise(builder: Builder, tensor: TensorProto, what: string): Value {
  const { shape } = tensor;
  const type = elementType(tensor.type, what);
  const elements = elementsOf(shape);
  if (type === 'float16') {
    const recipe = ['file', builder.identify(tensor)];
    const file = builder.upload(
      recipe,
      Math.ceil(elements / 2),
      (kernels, address) => kernels.bytes.set(tensor.data, address),
      tensor,
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
  const numbers = () => storedNumbers(type, tensor.data, elements);
  if (isPlanned(tensor)) return known(type, shape, Array.from<number | bigint, number>(numbers(), Number));
  const write = (kernels: Kernels, address: number) => {
    const values = numbers();
    if (values instanceof Float32Array || values instanceof Float64Array)
      kernels.floats.set(values, address / 4);
    else kernels.integers.set(toInt32(values), address / 4);
  };
  const whole = builder.upload(['stored', builder.identify(tensor)], elements, write, tensor);
  return wrap(type, shape, whole);
}
