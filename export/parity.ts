// The proof that a package computes what the training framework computes.
import '@tensorflow/tfjs-backend-cpu';
import { getBackend, setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { HostTensor, Tensors } from '../train/model.ts';

/** Largest absolute difference of any output that a package may have. */
export const TOLERANCE = 1e-4;

/** Outputs of the framework's own cpu backend. */
async function byFramework(fn: (inputs: Tensors) => Tensors, inputs: Record<string, HostTensor>) {
  const before = getBackend();
  await setBackend('cpu');
  try {
    return tidy(() => {
      const results = fn(
        Object.fromEntries(
          Object.entries(inputs).map(([name, { shape, data }]) => [name, tensor(data, shape)]),
        ),
      );
      return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, t.dataSync()])) as never;
    }) as Record<string, Float32Array>;
  } finally {
    if (before) await setBackend(before);
  }
}

/** Largest absolute difference between the graph, run by ONNX Runtime, and the function it was recorded from. */
export async function largestDifference(
  bytes: Uint8Array,
  fn: (inputs: Tensors) => Tensors,
  inputs: Record<string, HostTensor>,
): Promise<number> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const results = await session.run(
    Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, data }]) => [name, new OrtTensor('float32', data, shape)]),
    ),
  );
  await session.release();
  const expected = await byFramework(fn, inputs);
  let largest = 0;
  for (const [name, values] of Object.entries(expected)) {
    const actual = results[name]?.data as Float32Array | undefined;
    if (actual?.length !== values.length)
      throw new Error(`parity: output '${name}' has ${actual?.length} elements, expected ${values.length}`);
    values.forEach((value, i) => {
      const difference = Math.abs(value - actual[i]!);
      // NaN compares false with everything: it must count as a difference.
      if (!(difference <= largest)) largest = difference;
    });
  }
  return largest;
}
