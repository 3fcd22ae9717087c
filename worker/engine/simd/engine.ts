// dreamlet's own engine: reads an .onnx file, plans it for the shapes it is fed, and runs the plan on the SIMD kernels.
// It needs nothing but WebAssembly with 128-bit SIMD: workerd, Node and browsers give the same bits.

import { decodeModel } from '../../../onnx/decode.ts';
import type { ExternalFiles } from '../../../onnx/decode-tensor.ts';
import type { Engine } from '../engine.ts';
import { requireSupported } from './check.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { createSession, type Limits } from './session.ts';

export { Unsupported } from './unsupported.ts';

const DEFAULTS: Limits = { maxBytes: 256 * 1024 * 1024, maxMilliseconds: 5000 };
/** Memories of released sessions that wait for the next: one that is dropped lies about until it is collected. */
const MAX_FREE = 2;

/** `module`: kernels.wasm, compiled. */
export function createSimdEngine(module: WebAssembly.Module, limits: Partial<Limits> = {}): Engine {
  const free: Kernels[] = [];
  return {
    name: 'dreamlet-simd',
    async load(onnx, files: ExternalFiles = {}) {
      if (!(onnx instanceof Uint8Array))
        throw new Error(
          `simd: load: the file must be a Uint8Array, got ${Object.prototype.toString.call(onnx)}`,
        );
      const model = decodeModel(onnx, files);
      requireSupported(model);
      const kernels = free.pop() ?? (await instantiate(module));
      const session = createSession(model, kernels, { ...DEFAULTS, ...limits }, onnx.length);
      const { release } = session;
      let released = false;
      return Object.assign(session, {
        async release() {
          if (released) return;
          released = true;
          await release();
          if (free.length < MAX_FREE) free.push(kernels);
        },
      });
    },
  };
}
