// The worker, from its bindings. Everything is put together before the first request: what start-up costs, no visitor waits for.
import { operationsIn } from '../core/budget.ts';
import jpeg from '../core/image/photo-decoders/jpeg.wasm';
import webp from '../core/image/photo-decoders/webp.wasm';
import { createReadPhoto } from '../core/image/photos.ts';
import { version } from '../package.json';
import { createApp } from './app.ts';
import { createRemoteEngine, type RemoteService } from './engine/remote.ts';
import { createSimdEngine } from './engine/simd/engine.ts';
import kernels from './engine/simd/kernels.wasm';
import type { ReadFile } from './models/catalogue.ts';
import { warmUp } from './warm-up.ts';

export type Bindings = {
  /** Static assets: the site, and the models below /models/. */
  ASSETS: { fetch(asked: URL | Request): Promise<Response> };
  /** An R2 bucket of models, used instead of the assets when it is bound. */
  MODELS?: { get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null> };
  /** onnxruntime-web in a worker of its own, worker/reference/: for graphs that the SIMD engine declines. */
  REFERENCE?: RemoteService;
  /** Cloudflare's rate limiter, when it is bound. */
  RATE_LIMIT?: { limit(options: { key: string }): Promise<{ success: boolean }> };
  /** Model of a request that names none. */
  DEFAULT_MODEL?: string;
  /** Processor time that one request may take, milliseconds; about 420 if it is absent. */
  MAX_CPU_MS?: string | number;
};

/** What the runtime gives for one request. */
type Context = { waitUntil(work: Promise<unknown>): void };

const DEFAULT_MODEL = 'mnist-vae';

/** A graph that needs more would leave an isolate of 128 MB too little for the rest. */
const simd = createSimdEngine(kernels, { maxBytes: 64 * 1024 * 1024 });

function readFrom({ ASSETS, MODELS }: Bindings): ReadFile {
  return async (path) => {
    if (MODELS) return (await (await MODELS.get(path))?.arrayBuffer()) ?? null;
    const response = await ASSETS.fetch(new URL(`/models/${path}`, 'https://assets.local'));
    return response.ok ? response.arrayBuffer() : null;
  };
}

const readPhoto = createReadPhoto(async (format) => ({ jpeg, webp })[format]);

/** Where it fails the first picture takes longer, and nothing else is wrong. */
export const warm = (): Promise<void> =>
  warmUp({ engine: simd, version }).catch((error: unknown) => console.error(error));

export function createWorker(bindings: Bindings) {
  const { REFERENCE, RATE_LIMIT, MAX_CPU_MS, DEFAULT_MODEL: defaultModel = DEFAULT_MODEL } = bindings;
  const app = createApp({
    engine: simd,
    ...(REFERENCE ? { reference: createRemoteEngine('onnxruntime-web', REFERENCE) } : {}),
    readFile: readFrom(bindings),
    readPage: () => bindings.ASSETS.fetch(new URL('/', 'https://assets.local')),
    readPhoto,
    defaultModel,
    version,
    ...(MAX_CPU_MS ? { maxOperations: operationsIn(Number(MAX_CPU_MS)) } : {}),
    ...(RATE_LIMIT ? { allow: async (key) => (await RATE_LIMIT.limit({ key })).success } : {}),
  });
  // The router compiles its routes when it is first asked.
  app.router.match('GET', '/');
  return {
    fetch(request: Request, _: unknown, context: Context): Promise<Response> {
      const answer = Promise.resolve(app.fetch(request, bindings as never, context as never));
      // Others may wait for what this request has begun to load, and its client may go away.
      context.waitUntil(answer);
      return answer;
    },
  };
}
