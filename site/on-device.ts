// The same ONNX files in the visitor's browser, by dreamlet's own engine; onnxruntime-web takes what it declines, or
// everything when the page's address says `?engine=ort`.
import type { ModelCard } from '../models/card.ts';
import type { Session } from '../worker/engine/engine.ts';
import { firstAble } from '../worker/engine/first-able.ts';
import { createSimdEngine } from '../worker/engine/simd/engine.ts';
import kernelsUrl from '../worker/engine/simd/kernels.wasm?url';
import { toImage } from '../worker/image/compose.ts';
import { createBrowserOrt } from './browser-ort.ts';
import type { Dreamer } from './dreamer.ts';
import { fetchWithProgress, type Progress } from './fetch-with-progress.ts';

export type Provider = 'simd' | 'webgpu' | 'wasm';

/** A dreamer that runs here; `onLoad` is told what each graph runs on. */
export async function createDevice(
  onProgress: Progress,
  onLoad: (provider: Provider) => void,
): Promise<Dreamer> {
  const ort = createBrowserOrt(onProgress, onLoad);
  const module = await WebAssembly.compile(await (await fetch(kernelsUrl)).arrayBuffer());
  const own = createSimdEngine(module);
  const simd = {
    ...own,
    async load(onnx: Uint8Array) {
      const session = await own.load(onnx);
      onLoad('simd');
      return session;
    },
  };
  const asked = new URLSearchParams(location.search).get('engine');
  const engine = asked === 'ort' ? ort : firstAble(simd, ort);

  const sessions = new Map<string, Promise<Session>>();
  const sessionOf = (card: ModelCard, graph: 'decoder' | 'encoder'): Promise<Session> => {
    const { file } = card.graphs[graph]!;
    const path = `/models/${card.id}@${card.version}/${file}`;
    let session = sessions.get(path);
    if (!session) {
      const bytes = card.files.find(({ name }) => name === file)?.bytes;
      session = fetchWithProgress(path, bytes, (share) => onProgress(card.title, share)).then((onnx) =>
        engine.load(new Uint8Array(onnx)),
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

  return {
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
        const { mean } = await session.run({ z: { shape: [latents.length, J], data } });
        return latents.map((_, i) =>
          toImage(mean!.data.subarray(i * size, (i + 1) * size), width, height, channels),
        );
      }),
    encode: (card, x) =>
      inTurn(async () => {
        const session = await sessionOf(card, 'encoder');
        const { width, height, channels } = card.image;
        const { mean } = await session.run({ x: { shape: [1, channels, height, width], data: x } });
        return Float32Array.from(mean!.data);
      }),
  };
}
