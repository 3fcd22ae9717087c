// onnxruntime-web as a worker of its own, called by the other through a service binding: its 14 MB cost the worker
// that answers the public neither start-up time nor memory.
import { WorkerEntrypoint } from 'cloudflare:workers';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { Session, Tensor, TensorSpec } from '../engine/engine.ts';
import { createOrtEngine } from '../engine/ort.ts';
import type { RemoteService } from '../engine/remote.ts';

/** Sessions kept; the least recently used goes first. */
const MAX_SESSIONS = 4;

const engine = createOrtEngine(async () => wasm);
const sessions = new Map<string, Promise<Session>>();

export default class extends WorkerEntrypoint implements RemoteService {
  async load(key: string, onnx: Uint8Array): Promise<{ inputs: TensorSpec[]; outputs: TensorSpec[] }> {
    let session = sessions.get(key);
    if (!session) {
      session = engine.load(onnx);
      session.catch(() => sessions.delete(key));
      sessions.set(key, session);
      for (const [oldest, load] of sessions) {
        if (sessions.size <= MAX_SESSIONS) break;
        sessions.delete(oldest);
        void load.then((old) => old.release());
      }
    }
    const { inputs, outputs } = await session;
    return { inputs, outputs };
  }

  /** The outputs, or null when the graph is not, or no longer, loaded here. */
  async run(key: string, feeds: Record<string, Tensor>): Promise<Record<string, Tensor> | null> {
    const session = sessions.get(key);
    if (!session) return null;
    sessions.delete(key);
    sessions.set(key, session);
    return (await session).run(feeds);
  }
}
