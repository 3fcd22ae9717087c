// dreamlet's own engine: reads an .onnx file, plans it for the shapes it is fed, and runs the plan on the SIMD kernels.
// It needs nothing but WebAssembly with 128-bit SIMD: workerd, Node and browsers give the same bits.
import { decodeModel } from '../../../onnx/model.ts';
import type { Engine } from '../engine.ts';
import { instantiate, type Kernels } from './kernels.ts';
import { requireSupported } from './plan.ts';
import { createSession } from './session.ts';

export { Unsupported } from './unsupported.ts';

export type SimdOptions = {
  /** Memory that one session may take, weights included. */
  maxBytes?: number;
};

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** Memories of released sessions that wait for the next: one that is dropped lies about until it is collected. */
const MAX_FREE = 2;

/** `module`: kernels.wasm, compiled. */
export function createSimdEngine(
  module: WebAssembly.Module,
  { maxBytes = DEFAULT_MAX_BYTES }: SimdOptions = {},
): Engine {
  const free: Kernels[] = [];
  return {
    name: 'dreamlet-simd',
    async load(onnx) {
      const model = decodeModel(onnx);
      requireSupported(model);
      const kernels = free.pop() ?? (await instantiate(module));
      const session = createSession(model, kernels, maxBytes);
      let released = false;
      return {
        ...session,
        bytes: () => session.bytes() + onnx.length,
        async release() {
          if (released) return;
          released = true;
          await session.release();
          if (free.length < MAX_FREE) free.push(kernels);
        },
      };
    },
  };
}
