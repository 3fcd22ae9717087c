// dreamlet's own engine: reads an .onnx file, plans it for the shapes it is fed, and runs the plan on the SIMD kernels.
// It needs nothing but WebAssembly with 128-bit SIMD: workerd, Node and browsers give the same bits.

import { discard } from '../../../core/discard.ts';
import { decodeModel } from '../../../onnx/decode.ts';
import type { ExternalFiles } from '../../../onnx/decode-tensor.ts';
import type { Engine, Source } from '../engine.ts';
import { readSource } from '../source.ts';
import { requireSupported } from './check.ts';
import { createMemory, type Memory } from './memory.ts';
import { createSession, type Limits } from './session.ts';

export { Unsupported } from './unsupported.ts';

const DEFAULTS: Limits = { maxBytes: 256 * 1024 * 1024, maxMilliseconds: 5000 };

/** `module`: kernels.wasm, compiled. Sessions share one memory: what one releases is room for the others. */
export function createSimdEngine(module: WebAssembly.Module, limits: Partial<Limits> = {}): Engine {
  let memory: Memory | undefined;
  /** Releases what nobody released, once it is gone. */
  const forgotten = new FinalizationRegistry<() => void>((release) => release());
  return {
    name: 'dreamlet-simd',
    async load(source: Source, files: ExternalFiles = {}) {
      const onnx = await readSource(source);
      if (!(onnx instanceof Uint8Array))
        throw new Error(
          `simd: load: the file must be a Uint8Array, got ${Object.prototype.toString.call(onnx)}`,
        );
      const model = decodeModel(onnx, files);
      requireSupported(model);
      const made = memory ?? (await createMemory(module));
      memory ??= made;
      const again = typeof source === 'function' ? async () => decodeModel(await source(), files) : undefined;
      const { session, free } = createSession(model, memory, { ...DEFAULTS, ...limits }, onnx.length, again);
      forgotten.register(session, free);
      if (again) discard(onnx);
      return session;
    },
  };
}
