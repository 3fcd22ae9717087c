// Runs a function eagerly on the cpu backend and recorded in ONNX Runtime, with its gradients, and compares.
import '@tensorflow/tfjs-backend-cpu';
import {
  cast,
  getKernelsForBackend,
  grads,
  mul,
  ones,
  registerKernel,
  setBackend,
  sum,
  type Tensor,
  tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { BACKEND_NAME, recordingBackend } from '../../onnx/trace/backend.ts';
import { trace } from '../../onnx/trace/trace.ts';

/** Names of the kernels that have recorded something so far. */
export const recorded = new Set<string>();
for (const { kernelName, backendName, kernelFunc } of getKernelsForBackend(BACKEND_NAME)) {
  unregisterKernel(kernelName, backendName);
  registerKernel({
    kernelName,
    backendName,
    kernelFunc(call) {
      const result = kernelFunc(call);
      // On constants a kernel is computed and records nothing.
      const [first] = [result].flat();
      if (recordingBackend.host(first!) === undefined) recorded.add(kernelName);
      return result;
    },
  });
}

export type Inputs = Record<string, number[]>;
type Fn = (...xs: Tensor[]) => Tensor;

/** Seeded normal data of the given shapes; `positive` keeps them above a tenth. */
export function dataFor(shapes: Inputs, { positive = false } = {}): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
      createStream('test', name, shape.join()).fillNormal(data);
      return [name, positive ? data.map((x) => Math.abs(x) + 0.1) : data];
    }),
  );
}

export async function runOnnx(bytes: Uint8Array, shapes: Inputs, data: Record<string, Float32Array>) {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const used = Object.entries(shapes).filter(([name]) => session.inputNames.includes(name));
  const feeds = Object.fromEntries(
    used.map(([name, shape]) => [name, new OrtTensor('float32', data[name]!, shape)]),
  );
  const results = await session.run(feeds);
  await session.release();
  return results;
}

export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(actual.length, what).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    if (!(error <= worst)) worst = error;
  }
  expect(worst, what).toBeLessThanOrEqual(tolerance);
}

/**
 * Value and, unless told otherwise, the gradient of Σ w · fn in every input. w varies, so that nothing cancels, and
 * is an input of the graph, so that the gradient of a linear function is recorded too and not computed beforehand.
 */
export async function expectSame(
  shapes: Inputs,
  fn: Fn,
  { gradient = true, positive = false, tolerance = 1e-5 } = {},
): Promise<void> {
  await setBackend('cpu');
  const names = Object.keys(shapes);
  const data = dataFor(shapes, { positive });
  const { shape } = fn(...names.map((name) => tensor(data[name]!, shapes[name]!)));
  const all: Inputs = gradient ? { ...shapes, 'Σ weights': shape } : shapes;
  Object.assign(data, dataFor({ 'Σ weights': shape }));
  const whole = (inputs: Record<string, Tensor>): Record<string, Tensor> => {
    const xs = names.map((name) => inputs[name]!);
    const value = fn(...xs);
    if (!gradient) return { value: value.dtype === 'float32' ? value : cast(value, 'float32') };
    const gradients = grads((...ys) => sum(mul(fn(...ys), inputs['Σ weights']!)))(xs, ones([]));
    return { value, ...Object.fromEntries(gradients.map((g, i) => [`d/${names[i]}`, g])) };
  };
  const bytes = trace(
    Object.fromEntries(Object.entries(all).map(([name, shape]) => [name, { shape }])),
    whole,
  );
  const actual = await runOnnx(bytes, all, data);
  const expected = whole(
    Object.fromEntries(Object.entries(all).map(([name, shape]) => [name, tensor(data[name]!, shape)])),
  );
  for (const [name, value] of Object.entries(expected)) {
    expect([...actual[name]!.dims], name).toEqual(value.shape);
    expectClose(actual[name]!.data as Float32Array, value.dataSync(), tolerance, name);
  }
}
