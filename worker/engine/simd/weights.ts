// The numbers of a file are needed until they lie in the memory, packed. After that they only take room, where the file
// can be read again for a plan that packs them another way.
import type { Model, TensorProto } from '../../../onnx/model.ts';
import { isPlanned } from './initialiser.ts';

const NONE = new Uint8Array();

const tensorsOf = ({ graph }: Model): TensorProto[] => [
  ...graph.initialisers,
  ...graph.nodes.flatMap(({ attributes }) =>
    Object.values(attributes).flatMap(({ type, value }) => (type === 'tensor' ? [value as TensorProto] : [])),
  ),
];

/** Takes the numbers out of `model`, but for those that planning reads: they become copies. */
export function forgetWeights(model: Model): void {
  for (const tensor of tensorsOf(model)) tensor.data = isPlanned(tensor) ? tensor.data.slice() : NONE;
}

/** Puts those of `again`, the same file, in their places. */
export function recallWeights(model: Model, again: Model): void {
  const found = tensorsOf(again);
  tensorsOf(model).forEach((tensor, i) => {
    tensor.data = found[i]!.data;
  });
}
