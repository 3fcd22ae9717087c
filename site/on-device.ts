// The same ONNX files in the visitor's browser: WebGPU where there is one, else WebAssembly. Runtime and models
// are fetched when they are asked for, and the worker serves them both.
import type { InferenceSession } from 'onnxruntime-web';
import type { ModelCard } from '../models/card.ts';
import { toImage } from '../worker/image/compose.ts';
import type { Dreamer } from './dreamer.ts';

export type Progress = (what: string, share: number) => void;

/** Fetches a file and tells how much of it has come. */
async function fetchWithProgress(
  url: string,
  bytes: number | undefined,
  onShare: (share: number) => void,
): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
  const total = bytes ?? Number(response.headers.get('Content-Length') ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    received += value.length;
    if (total > 0) onShare(Math.min(1, received / total));
  }
  return new Blob(parts).arrayBuffer();
}

/** Size of the runtime: servers compress it, so Content-Length does not tell. */
const RUNTIME_BYTES = { webgpu: 16_758_545, wasm: 14_239_897 };

/** WebGPU needs a device, and WebAssembly that can wait for one. */
async function hasWebGpu(): Promise<boolean> {
  const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<unknown> } };
  return Boolean(gpu && 'Suspending' in WebAssembly && (await gpu.requestAdapter().catch(() => null)));
}

async function loadRuntime(onProgress: Progress) {
  const provider = (await hasWebGpu()) ? 'webgpu' : 'wasm';
  const [runtime, wasm] =
    provider === 'webgpu'
      ? await Promise.all([
          import('onnxruntime-web/jspi'),
          import('onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url'),
        ])
      : await Promise.all([
          import('onnxruntime-web/wasm'),
          import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url'),
        ]);
  runtime.env.wasm.numThreads = 1;
  runtime.env.wasm.wasmBinary = await fetchWithProgress(wasm.default, RUNTIME_BYTES[provider], (share) =>
    onProgress('the runtime', share),
  );
  return { runtime, provider } as const;
}

/** A dreamer that runs here, and the name of what it runs on. */
export async function createDevice(
  onProgress: Progress,
): Promise<{ dreamer: Dreamer; provider: 'webgpu' | 'wasm' }> {
  const { runtime, provider } = await loadRuntime(onProgress);
  const sessions = new Map<string, Promise<InferenceSession>>();

  const sessionOf = (card: ModelCard, graph: 'decoder' | 'encoder'): Promise<InferenceSession> => {
    const { file } = card.graphs[graph]!;
    const path = `/models/${card.id}@${card.version}/${file}`;
    let session = sessions.get(path);
    if (!session) {
      const bytes = card.files.find(({ name }) => name === file)?.bytes;
      session = fetchWithProgress(path, bytes, (share) => onProgress(card.title, share)).then((onnx) =>
        runtime.InferenceSession.create(new Uint8Array(onnx), { executionProviders: [provider] }),
      );
      session.catch(() => sessions.delete(path));
      sessions.set(path, session);
    }
    return session;
  };
  // A session runs one thing at a time.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => {});
    return result;
  };

  const dreamer: Dreamer = {
    decode: (card, latents) =>
      inTurn(async () => {
        const session = await sessionOf(card, 'decoder');
        const J = card.latent.dimensions;
        const { width, height, channels } = card.image;
        const size = width * height * channels;
        const data = new Float32Array(latents.length * J);
        latents.forEach((z, i) => {
          data.set(z, i * J);
        });
        const { mean } = await session.run({ z: new runtime.Tensor('float32', data, [latents.length, J]) });
        const means = mean!.data as Float32Array;
        return latents.map((_, i) =>
          toImage(means.subarray(i * size, (i + 1) * size), width, height, channels),
        );
      }),
    encode: (card, x) =>
      inTurn(async () => {
        const session = await sessionOf(card, 'encoder');
        const { width, height, channels } = card.image;
        const { mean } = await session.run({
          x: new runtime.Tensor('float32', x, [1, channels, height, width]),
        });
        return Float32Array.from(mean!.data as Float32Array);
      }),
  };
  return { dreamer, provider };
}
