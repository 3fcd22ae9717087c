// Forms that gradients have. All of them start from the inputs of a kernel, never from its output: TensorFlow.js saves
// an output before it is on its tape, so that what is computed from it cannot be differentiated again. Recording merges
// what is computed twice.
import {
  broadcast_util,
  cast,
  type GradConfig,
  mul,
  type NamedAttrMap,
  reshape,
  sum,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';

type Unary = (dy: Tensor, x: Tensor, attributes: NamedAttrMap) => Tensor;
type Binary = (dy: Tensor, a: Tensor, b: Tensor, attributes: NamedAttrMap) => Tensor;

/** Of a kernel with one input. */
export const unary = (kernelName: string, gradient: Unary, input = 'x'): GradConfig => ({
  kernelName,
  inputsToSave: [input],
  gradFunc: (dy, [x], attributes) => ({ [input]: () => gradient(dy as Tensor, x!, attributes) }),
});

/** Sums over the axes along which a tensor of `shape` was repeated. */
export function unbroadcast(gradient: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, gradient.shape);
  return reshape(axes.length > 0 ? sum(gradient, axes) : gradient, shape);
}

/** Of a kernel whose two inputs broadcast. */
export const binary = (kernelName: string, ofA: Binary, ofB: Binary): GradConfig => ({
  kernelName,
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b], attributes) => ({
    a: () => unbroadcast(ofA(dy as Tensor, a!, b!, attributes), a!.shape),
    b: () => unbroadcast(ofB(dy as Tensor, a!, b!, attributes), b!.shape),
  }),
});

/** Of a kernel whose value does not change with its inputs, almost everywhere. */
export const flat = (kernelName: string, ...inputs: string[]): GradConfig => ({
  kernelName,
  inputsToSave: inputs,
  gradFunc: (_, saved) =>
    Object.fromEntries(inputs.map((input, i) => [input, () => cast(zerosLike(saved[i]!), 'float32')])),
});

/** Of a kernel with many inputs, in order. */
export const many = (
  kernelName: string,
  gradients: (dy: Tensor, xs: Tensor[], attributes: NamedAttrMap) => Tensor[],
): GradConfig => ({
  kernelName,
  saveAllInputs: true,
  gradFunc: (dy, xs, attributes) =>
    // Keys are the places in the list.
    Object.fromEntries(gradients(dy as Tensor, xs, attributes).map((dx, i) => [i, () => dx])),
});

/** dy where the mask is true, zero elsewhere. */
export const masked = (dy: Tensor, mask: Tensor): Tensor => mul(dy, cast(mask, 'float32'));
