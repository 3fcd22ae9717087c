// Registers the gradients of every kernel that has one: TensorFlow.js keeps its own out of tfjs-core's build for Node,
// and those of tanh, exp, max, … are wrong when they are differentiated again.
import { getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core';
import { convolutionGradients } from './convolution.ts';
import { elementwiseGradients } from './elementwise.ts';
import { movementGradients } from './movement.ts';
import { reductionGradients } from './reduction.ts';

export const GRADIENTS = [
  ...elementwiseGradients,
  ...reductionGradients,
  ...movementGradients,
  ...convolutionGradients,
];

for (const gradient of GRADIENTS) {
  // Another build of TensorFlow.js may have brought its own.
  if (getGradient(gradient.kernelName)) unregisterGradient(gradient.kernelName);
  registerGradient(gradient);
}

/** Its gradient is a kernel that has none. */
const ONCE = new Set(['MaxPool']);

/** Kernels whose gradient may be differentiated again, exactly; a test holds each to finite differences. */
export const TWICE_DIFFERENTIABLE: ReadonlySet<string> = new Set(
  GRADIENTS.map(({ kernelName }) => kernelName).filter((name) => !ONCE.has(name)),
);
