// Kernels of TensorFlow.js that do several things at once, as layers models call them: a product or convolution, a bias
// and an activation. ONNX runtimes fuse them again.
import type { Value } from '../../graph-builder.ts';
import type { Kernel, KernelAttributes, KernelTable, Recorder } from '../recorder.ts';
import { convolution } from './convolution.ts';
import { elementwise } from './elementwise.ts';
import { linalg } from './linalg.ts';
import { reshape } from './movement.ts';

const ACTIVATIONS: Record<string, string> = {
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  prelu: 'Prelu',
  relu: 'Relu',
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
};

const call = (kernel: Kernel, r: Recorder, inputs: Record<string, Value>, attributes = {}): Value =>
  kernel(r, inputs, attributes) as Value;

function finish(
  r: Recorder,
  product: Value,
  { bias, preluActivationWeights: alpha }: Record<string, Value>,
  { activation = 'linear', leakyreluAlpha }: KernelAttributes,
): Value {
  const sum = bias ? call(elementwise.Add!, r, { a: product, b: bias }) : product;
  if (activation === 'linear') return sum;
  const name = ACTIVATIONS[activation as string];
  if (!name) throw new Error(`onnx/trace: the fused activation '${activation}' is not recorded`);
  return call(elementwise[name]!, r, { x: sum, ...(alpha ? { alpha } : {}) }, { alpha: leakyreluAlpha });
}

const fused =
  (kernel: Kernel): Kernel =>
  (r, inputs, attributes) =>
    finish(r, call(kernel, r, inputs, attributes), inputs, attributes);

/** A matrix of rank 3, as it comes, of a batch of one. */
const flat = (r: Recorder, x: Value): Value => reshape(r, x, x.shape.slice(1));

export const fusedKernels: KernelTable = {
  _FusedMatMul: (r, inputs, attributes) => {
    const { a, b } = inputs;
    if (a!.shape[0] !== 1 || b!.shape[0] !== 1) return fused(linalg.BatchMatMul!)(r, inputs, attributes);
    const y = fused(linalg.BatchMatMul!)(
      r,
      { ...inputs, a: flat(r, a!), b: flat(r, b!) },
      attributes,
    ) as Value;
    return reshape(r, y, [1, ...y.shape]);
  },
  FusedConv2D: fused(convolution.Conv2D!),
  FusedDepthwiseConv2D: fused(convolution.DepthwiseConv2dNative!),
};
