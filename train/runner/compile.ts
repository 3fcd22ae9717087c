// Turns a pure function over tensors into something that runs fast on host arrays (contract 2): recorded once as
// an ONNX graph and run by ONNX Runtime, or called eagerly on a TensorFlow.js backend.
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { trace } from '../../onnx/trace/trace.ts';
import type { HostTensors, Tensors } from '../model.ts';
import { type Backend, isCompiled, useEagerBackend } from './backends.ts';

/** Runs the function on `feeds`. Results are written into the arrays of `into` where it has them. */
export type Compiled = {
  run(feeds: HostTensors, into?: HostTensors): Promise<HostTensors>;
  release(): Promise<void>;
};

/** Input names and shapes; every input is float32. */
export type Shapes = Record<string, readonly number[]>;

const toOrt = (tensors: HostTensors): Record<string, OrtTensor> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, new OrtTensor('float32', data, shape)]),
  );

async function compileToOnnx(
  shapes: Shapes,
  fn: (inputs: Tensors) => Tensors,
  backend: Backend,
  threads: number | undefined,
): Promise<Compiled> {
  const specs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }]));
  const session = await InferenceSession.create(trace(specs, fn), {
    executionProviders: [backend],
    // Warnings are about constants that the runtime folded away.
    logSeverityLevel: 3,
    ...(threads ? { intraOpNumThreads: threads } : {}),
  });
  // The runtime drops inputs that no output depends on, and refuses them as feeds.
  const used = new Set(session.inputNames);
  return {
    async run(feeds, into = {}) {
      const fetches = Object.fromEntries(session.outputNames.map((name) => [name, null]));
      const results = await session.run(
        toOrt(Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name)))),
        { ...fetches, ...toOrt(into) },
      );
      return Object.fromEntries(
        Object.entries(results).map(([name, { dims, data }]) => [
          name,
          { shape: [...dims], data: data as Float32Array },
        ]),
      );
    },
    release: () => session.release(),
  };
}

async function useEagerly(fn: (inputs: Tensors) => Tensors, backend: Backend): Promise<Compiled> {
  await useEagerBackend(backend);
  return {
    async run(feeds) {
      const results: Tensors = tidy(() =>
        fn(
          Object.fromEntries(
            Object.entries(feeds).map(([name, { shape, data }]) => [name, tensor(data, shape)]),
          ),
        ),
      );
      const read = Object.entries(results).map(async ([name, result]: [string, Tensor]) => {
        const data = Float32Array.from(await result.data());
        result.dispose();
        return [name, { shape: result.shape, data }] as const;
      });
      return Object.fromEntries(await Promise.all(read));
    },
    release: async () => {},
  };
}

/**
 * Makes `fn` runnable on `backend`. It is called once for a compiled backend, at every run for an eager one.
 * @throws Error naming the kernel when the function cannot be recorded, or the backend when it is not there.
 */
export const compile = (
  shapes: Shapes,
  fn: (inputs: Tensors) => Tensors,
  { backend, threads }: { backend: Backend; threads?: number },
): Promise<Compiled> =>
  isCompiled(backend) ? compileToOnnx(shapes, fn, backend, threads) : useEagerly(fn, backend);
