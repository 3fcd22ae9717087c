// dreamlet's own engine: reads an .onnx file, plans it for the shapes it is fed, and runs the plan on the SIMD kernels.
// It needs nothing but WebAssembly with 128-bit SIMD: workerd, Node and browsers give the same bits.
import { decodeModel } from '../../../onnx/model.ts';
import type { Engine } from '../engine.ts';
import { instantiate } from './kernels.ts';
import { requireSupported } from './plan.ts';
import { createSession } from './session.ts';

export { Unsupported } from './unsupported.ts';

export type SimdOptions = {
  /** Memory that one session may take, weights included. */
  maxBytes?: number;
};

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** `module`: kernels.wasm, compiled. */
export function createSimdEngine(
  module: WebAssembly.Module,
  { maxBytes = DEFAULT_MAX_BYTES }: SimdOptions = {},
): Engine {
  return {
    name: 'dreamlet-simd',
    async load(onnx) {
      const model = decodeModel(onnx);
      requireSupported(model);
      const session = createSession(model, await instantiate(module), maxBytes);
      return { ...session, bytes: () => session.bytes() + onnx.length };
    },
  };
}
