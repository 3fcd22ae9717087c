// Runs a function eagerly on the cpu backend and recorded in ONNX Runtime, with its gradients, and compares.
import '@tensorflow/tfjs-backend-cpu';
import { grads, ones, setBackend, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { trace } from '../../onnx/trace/trace.ts';
import { createStream } from '../../worker/sampling/stream.ts';

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

/** Value and, unless told otherwise, the gradient of Σ w · fn in every input (w varies, so that nothing cancels). */
export async function expectSame(
  shapes: Inputs,
  fn: Fn,
  { gradient = true, positive = false, tolerance = 1e-5 } = {},
): Promise<void> {
  const data = dataFor(shapes, { positive });
  const names = Object.keys(shapes);
  const whole = (inputs: Record<string, Tensor>): Record<string, Tensor> => {
    const xs = names.map((name) => inputs[name]!);
    const value = fn(...xs);
    if (!gradient) return { value: value.dtype === 'float32' ? value : value.cast('float32') };
    const weights = tensor(dataFor({ w: value.shape }).w!, value.shape);
    const gradients = grads((...ys) => sum(fn(...ys).mul(weights)))(xs, ones([]));
    return { value, ...Object.fromEntries(gradients.map((g, i) => [`d/${names[i]}`, g])) };
  };
  await setBackend('cpu');
  const bytes = trace(
    Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }])),
    whole,
  );
  const actual = await runOnnx(bytes, shapes, data);
  const expected = whole(Object.fromEntries(names.map((name) => [name, tensor(data[name]!, shapes[name]!)])));
  for (const [name, value] of Object.entries(expected)) {
    expect([...actual[name]!.dims], name).toEqual(value.shape);
    expectClose(actual[name]!.data as Float32Array, value.dataSync(), tolerance, name);
  }
}
