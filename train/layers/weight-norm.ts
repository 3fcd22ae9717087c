// Weight normalisation (Salimans & Kingma 2016, Eq. 2): the length of what goes into a unit is a parameter of its own.
import { div, mul, reshape, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { HostTensors, Tensors } from '../model.ts';

/** The axis of the units: the last one of dense kernels [inputs, units], the first one of [units, inputs, size, size]. */
const unitAxis = (rank: number): number => (rank === 2 ? 1 : 0);

/** `kernel/gain` [units] for each of `kernels`, so that training begins with the kernels as they are. */
export const initWeightNorm = (params: HostTensors, kernels: readonly string[]): HostTensors =>
  Object.fromEntries(
    kernels.map((name) => {
      const { shape, data } = params[name]!;
      const axis = unitAxis(shape.length);
      const units = shape[axis]!;
      const inner = shape.slice(axis + 1).reduce((product, d) => product * d, 1);
      const squares = new Float64Array(units);
      data.forEach((value, i) => {
        squares[Math.floor(i / inner) % units]! += value * value;
      });
      return [`${name}/gain`, { shape: [units], data: Float32Array.from(squares, Math.sqrt) }];
    }),
  );

/** `params` with each of `kernels` replaced by g v / |v|, the length taken over all that goes into a unit. */
export function weightNorm(params: Tensors, kernels: readonly string[]): Tensors {
  const normalised = kernels.map((name): [string, Tensor] => {
    const v = params[name]!;
    const axis = unitAxis(v.rank);
    const others = v.shape.map((_, i) => i).filter((i) => i !== axis);
    const length = sqrt(sum(square(v), others, true));
    const gain = reshape(
      params[`${name}/gain`]!,
      v.shape.map((size, i) => (i === axis ? size : 1)),
    );
    return [name, mul(div(v, length), gain)];
  });
  return { ...params, ...Object.fromEntries(normalised) };
}
