// onnxruntime-web in the visitor's browser: WebGPU where there is one, else WebAssembly. The runtime, 14 to 17 MB,
// is fetched when a graph needs it.
import type { Engine } from '../worker/engine/engine.ts';
import { toDeclared, toFloats } from '../worker/engine/ort-tensor.ts';
import { readSource } from '../worker/engine/source.ts';
import { fetchWithProgress, type Progress } from './fetch-with-progress.ts';

/** Size of the runtime: servers compress it, so Content-Length does not tell. */
const RUNTIME_BYTES = { webgpu: 16_758_545, wasm: 14_239_897 };

/** WebGPU needs a device, and WebAssembly that can wait for one. */
async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  return Boolean(gpu && 'Suspending' in WebAssembly && (await gpu.requestAdapter().catch(() => null)));
}

async function loadRuntime(onProgress: Progress) {
  const provider = (await hasWebGpu()) ? 'webgpu' : 'wasm';
  const [runtime, wasm] =
    provider === 'webgpu'
      ? await Promise.all([
          import('onnxruntime-web/jspi'),
          import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
        ])
      : await Promise.all([
          import('onnxruntime-web/wasm'),
          import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
        ]);
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmBinary = await fetchWithProgress(wasm.default, RUNTIME_BYTES[provider], (share) =>
    onProgress('the runtime', share),
  );
  return { runtime, provider } as const;
}

/** `onLoad` is told the provider of every graph that this engine takes. */
export function createBrowserOrt(
  onProgress: Progress,
  onLoad: (provider: 'webgpu' | 'wasm') => void,
): Engine {
  let started: ReturnType<typeof loadRuntime> | undefined;
  return {
    name: 'onnxruntime-web',
    async load(source) {
      const onnx = await readSource(source);
      started ??= loadRuntime(onProgress);
      const { runtime, provider } = await started;
      const session = await runtime.InferenceSession.create(onnx, { executionProviders: [provider] });
      onLoad(provider);
      const specs = (values: readonly { name: string }[]) => values.map(({ name }) => ({ name, shape: [] }));
      return {
        inputs: specs(session.inputMetadata),
        outputs: specs(session.outputMetadata),
        batchInvariant: false,
        bytes: () => 3 * onnx.length,
        async run(feeds) {
          const tensors = Object.entries(feeds).map(([name, { shape, data }]) => {
            const input = session.inputMetadata.find((one) => one.name === name);
            const type = input?.isTensor ? input.type : 'float32';
            const numbers = toDeclared(name, type, data);
            return [name, new runtime.Tensor(type as 'float32', numbers as Float32Array, shape)] as const;
          });
          const results = await session.run(Object.fromEntries(tensors));
          return Object.fromEntries(
            Object.entries(results).map(([name, { dims, type, data }]) => [
              name,
              { shape: [...dims], data: toFloats(name, type, data) },
            ]),
          );
        },
        release: () => session.release(),
      };
    },
  };
}
