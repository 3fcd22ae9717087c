// Registers every kernel with TensorFlow.js under the recording backend.
import { env, getKernelsForBackend, registerKernel, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Value } from '../graph-builder.ts';
import { BACKEND_NAME, recordingBackend } from './backend.ts';
import { foldConstants } from './fold.ts';
import './gradients/register.ts';
import { convolution } from './kernels/convolution.ts';
import { elementwise } from './kernels/elementwise.ts';
import { fusedKernels } from './kernels/fused.ts';
import { indexing } from './kernels/indexing.ts';
import { linalg } from './kernels/linalg.ts';
import { movement } from './kernels/movement.ts';
import { normalisation } from './kernels/normalisation.ts';
import { pooling } from './kernels/pooling.ts';
import { reductions } from './kernels/reduction.ts';
import { type Kernel, type KernelTable, toTfDataType } from './recorder.ts';

/** Every kernel that records, by theme. */
export const TABLES: readonly KernelTable[] = [
  elementwise,
  linalg,
  reductions,
  movement,
  convolution,
  pooling,
  indexing,
  normalisation,
  fusedKernels,
];

const infoOf = (value: Value): TensorInfo => ({
  dataId: recordingBackend.put(value),
  shape: [...value.shape],
  dtype: toTfDataType(value.type),
});

// TensorFlow.js would praise its Node build on first use; here it is only asked for constants.
env().set('PROD', true);

/** A kernel that nobody wrote: on constants it is computed, on symbols it says what is missing. */
const missing =
  (kernelName: string): Kernel =>
  (_, inputs, attributes) => {
    const shapes = Object.entries(inputs).map(([name, { shape }]) => `${name} [${shape}]`);
    throw new Error(
      `onnx/trace: kernel ${kernelName} (${shapes.join(', ')}; ${JSON.stringify(attributes)}) cannot be recorded yet; add it to onnx/trace/kernels/, or use other operations`,
    );
  };

const kernels: KernelTable = {
  ...Object.fromEntries(
    getKernelsForBackend('cpu').map(({ kernelName }) => [kernelName, missing(kernelName)]),
  ),
  ...Object.assign({}, ...TABLES),
};

for (const [kernelName, kernel] of Object.entries(kernels))
  registerKernel({
    kernelName,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs = {} }) => {
      const folded = foldConstants(kernelName, inputs, attrs);
      if (folded) return folded;
      const given = Object.entries(inputs).filter(([, info]) => info) as [string, TensorInfo][];
      const values = Object.fromEntries(
        given.map(([name, info]) => [name, recordingBackend.graphValue(info)]),
      );
      const result = kernel(recordingBackend.recorder, values, attrs as Record<string, unknown>);
      return Array.isArray(result) ? result.map(infoOf) : infoOf(result);
    },
  });
