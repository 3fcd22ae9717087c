// onnxruntime-web's WebAssembly build, one thread, in workerd and in Node alike.

import { env, InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import type { ExternalFiles } from '../../onnx/decode-tensor.ts';
import { within } from '../shared.ts';
import type { Engine, Session, TensorSpec } from './engine.ts';
import { toDeclared, toFloats } from './ort-tensor.ts';
import { readSource } from './source.ts';

/** Stands for the runtime's bytes: with some at hand it looks for no address to fetch them from. */
const PLACEHOLDER = new ArrayBuffer(8);

/**
 * The runtime instantiates its WebAssembly from bytes, which workerd forbids; while it starts, `instantiate`
 * answers its placeholder with an instance of the module that came with the worker. Other callers go through.
 */
async function withModule<T>(module: WebAssembly.Module, start: () => Promise<T>): Promise<T> {
  const original = WebAssembly.instantiate;
  const replacement = async (source: unknown, imports: WebAssembly.Imports) => {
    const bytes = ArrayBuffer.isView(source) ? source.buffer : source;
    if (bytes !== PLACEHOLDER) return original(source as BufferSource, imports);
    return { instance: await original(module, imports), module };
  };
  WebAssembly.instantiate = replacement as typeof WebAssembly.instantiate;
  try {
    return await start();
  } finally {
    WebAssembly.instantiate = original;
  }
}

/** Longest wait for a turn. */
const TURN_MILLISECONDS = 10_000;

/** 3: errors only. Its warnings are about where its shape inference and its kernels differ. */
const OPTIONS = { executionProviders: ['wasm'], logSeverityLevel: 3 } as const;

const toSpec = (value: InferenceSession.ValueMetadata): TensorSpec => ({
  name: value.name,
  shape: value.isTensor ? value.shape : [],
});

/** `wasm` gives the compiled runtime (14 MB); it is asked for once, when the first model is loaded. */
export function createOrtEngine(wasm: () => Promise<WebAssembly.Module>): Engine {
  let started = false;
  // The runtime is one machine with one memory: what is asked of it while it is busy waits.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    // Who is before may be gone, and leave it unsettled.
    const result = within(queue, TURN_MILLISECONDS).then(work);
    queue = result.catch(() => {});
    return result;
  };

  const create = async (onnx: Uint8Array, files: ExternalFiles): Promise<InferenceSession> => {
    const externalData = Object.entries(files).map(([path, data]) => ({ path, data }));
    const options = { ...OPTIONS, ...(externalData.length > 0 ? { externalData } : {}) };
    if (started) return InferenceSession.create(onnx, options);
    env.wasm.numThreads = 1;
    env.wasm.proxy = false;
    env.wasm.wasmBinary = PLACEHOLDER;
    const session = await withModule(await wasm(), () => InferenceSession.create(onnx, options));
    started = true;
    return session;
  };

  return {
    name: 'onnxruntime-web',
    async load(source, files = {}): Promise<Session> {
      const onnx = await readSource(source);
      const { length } = onnx;
      const session = await inTurn(() => create(onnx, files));
      const types = new Map(
        session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : 'sequence']),
      );
      return {
        inputs: session.inputMetadata.map(toSpec),
        outputs: session.outputMetadata.map(toSpec),
        // A matrix product of one row adds in another order than one of many.
        batchInvariant: false,
        // Its own copy of the file, and the weights in full width.
        bytes: () => 3 * length,
        async run(feeds) {
          const tensors = Object.fromEntries(
            Object.entries(feeds).map(([name, { shape, data }]) => {
              const type = types.get(name) ?? 'float32';
              const numbers = toDeclared(name, type, data);
              return [name, new OrtTensor(type as OrtTensor.Type, numbers as OrtTensor.DataType, shape)];
            }),
          );
          const results = await inTurn(() => session.run(tensors));
          return Object.fromEntries(
            Object.entries(results).map(([name, { dims, type, data }]) => [
              name,
              { shape: [...dims], data: toFloats(name, type, data) },
            ]),
          );
        },
        release: () => inTurn(() => session.release()),
      };
    },
  };
}
