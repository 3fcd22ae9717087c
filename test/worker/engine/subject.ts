// The engine under test, and the one whose answers count.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { Engine } from '../../../worker/engine/engine.ts';
import { createOrtEngine } from '../../../worker/engine/ort.ts';
import { createSimdEngine } from '../../../worker/engine/simd/engine.ts';
import kernels from '../../../worker/engine/simd/kernels.wasm';

export const reference: Engine = createOrtEngine(async () => wasm);

export const subject: Engine = createSimdEngine(kernels);
