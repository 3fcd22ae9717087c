// onnxruntime-web as a worker of its own, called by the other through a service binding: its 14 MB cost the worker
// that answers the public neither start-up time nor memory.
import { WorkerEntrypoint } from 'cloudflare:workers';
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { Feeds, Results } from '../engine/engine.ts';
import { createOrtEngine } from '../engine/ort.ts';
import type { RemoteService } from '../engine/remote.ts';
import { createSessions } from '../models/sessions.ts';
import { createRoom } from '../shared.ts';

/** Memory that sessions may keep beside the runtime. */
const SESSION_BYTES = 48 * 1024 * 1024;
/** Calls at once, of all who call: each may carry a graph. */
const MAX_CALLS = 16;

const engine = createOrtEngine(async () => wasm);
const sessions = createSessions(SESSION_BYTES);
const inRoom = createRoom(MAX_CALLS);

async function run(key: string, list: readonly Feeds[], onnx?: Uint8Array): Promise<Results[] | 'unknown'> {
  if (!onnx && !sessions.has(key)) return 'unknown';
  const loading = {
    bytes: 3 * (onnx?.length ?? 0),
    // What is kept is not loaded again.
    load: () => engine.load(onnx!),
  };
  return sessions.use(key, loading, async (session) => {
    const results: Results[] = [];
    for (const feeds of list) results.push(await session.run(feeds));
    return results;
  });
}

export default class extends WorkerEntrypoint implements RemoteService {
  async run(key: string, list: readonly Feeds[], onnx?: Uint8Array): Promise<Results[] | 'unknown' | 'busy'> {
    const answer = inRoom(() => run(key, list, onnx));
    // A caller that goes away must not take with it what others wait for.
    this.ctx.waitUntil(answer.catch(() => {}));
    return (await answer)?.value ?? 'busy';
  }
}
