// The backends a training step can run on, and how the default is chosen.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { matMul, setBackend } from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { trace } from '../../onnx/trace/trace.ts';

const COMPILED = ['cpu', 'webgpu', 'cuda'] as const;
const EAGER = ['tfjs-node-gpu', 'tfjs-node', 'tfjs-cpu'] as const;
export const BACKENDS = [...COMPILED, ...EAGER] as const;
export type Backend = (typeof BACKENDS)[number];

export const isCompiled = (backend: Backend): boolean => (COMPILED as readonly string[]).includes(backend);

/** Makes the eager backend current. tfjs-node and tfjs-node-gpu are optional: they are loaded when asked for. */
export async function useEagerBackend(backend: Backend): Promise<void> {
  if (backend === 'tfjs-cpu') {
    await setBackend('cpu');
    return;
  }
  const name = `@tensorflow/${backend}`;
  try {
    await import(name);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : error;
    throw new Error(
      `--backend=${backend} needs the package ${name}, which could not be loaded (${reason}); install it with: npm install --no-save ${name}`,
    );
  }
  await setBackend('tensorflow');
}

/** Whether a small matrix product on `provider` gives the right answer here. */
async function works(provider: string): Promise<boolean> {
  const bytes = trace({ x: { shape: [2, 2] } }, ({ x }) => ({ y: matMul(x!, x!) }));
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders: [provider],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new Tensor('float32', [1, 2, 3, 4], [2, 2]) });
    await session.release();
    return [...(y!.data as Float32Array)].join() === '7,10,15,22';
  } catch {
    return false;
  }
}

/** Whether the CUDA libraries, which are an extra download, lie beside the runtime. */
function hasCudaLibraries(): boolean {
  const root = dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')));
  return existsSync(
    join(root, 'bin', 'napi-v6', process.platform, process.arch, 'libonnxruntime_providers_cuda.so'),
  );
}

/**
 * The backend that `--backend` names, or the fastest that works here, with the reason. `webgpu` is never chosen
 * unasked: through a software Vulkan driver it works, far slower than `cpu`.
 * @throws Error when the named backend is not one of `BACKENDS` or does not work here.
 */
export async function chooseBackend(
  wanted: string | undefined,
): Promise<{ backend: Backend; reason: string }> {
  if (wanted === undefined) {
    const cuda = hasCudaLibraries() && (await works('cuda'));
    return cuda
      ? { backend: 'cuda', reason: 'a CUDA device answers' }
      : { backend: 'cpu', reason: 'no CUDA device answers; --backend=webgpu uses any other GPU' };
  }
  const backend = BACKENDS.find((b) => b === wanted);
  if (!backend) throw new Error(`--backend=${wanted} is unknown; choose one of ${BACKENDS.join(', ')}`);
  if (!isCompiled(backend)) await useEagerBackend(backend);
  else if (!(await works(backend)))
    throw new Error(`--backend=${backend}: ONNX Runtime has no working ${backend} device on this machine`);
  return { backend, reason: 'as asked' };
}
