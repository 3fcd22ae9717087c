// An engine in another worker, behind a service binding (worker/reference/).
import { sha256 } from '../../core/sha256.ts';
import type { Engine, Tensor, TensorSpec } from './engine.ts';

/** What the other worker answers, by remote procedure call. */
export type RemoteService = {
  load(key: string, onnx: Uint8Array): Promise<{ inputs: TensorSpec[]; outputs: TensorSpec[] }>;
  run(key: string, feeds: Record<string, Tensor>): Promise<Record<string, Tensor> | null>;
};

export function createRemoteEngine(name: string, service: RemoteService): Engine {
  return {
    name,
    async load(onnx) {
      const key = await sha256(onnx as Uint8Array<ArrayBuffer>);
      const { inputs, outputs } = await service.load(key, onnx);
      return {
        inputs,
        outputs,
        batchInvariant: false,
        async run(feeds) {
          const results = await service.run(key, feeds);
          if (results) return results;
          // Another isolate answers now, or it forgot the graph.
          await service.load(key, onnx);
          const again = await service.run(key, feeds);
          if (!again) throw new Error(`${name}: ${key} must be loaded, and is not`);
          return again;
        },
        async release() {},
      };
    },
  };
}
