// `GET /<simd|ort>/<file>?images=…&runs=…` decodes with one engine, and answers nothing of it: the engine without
// routes, images and their encoding. `loads=…`: with a new session each time.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { Session } from '../../worker/engine/engine.ts';
import { createOrtEngine } from '../../worker/engine/ort.ts';
import { createSimdEngine } from '../../worker/engine/simd/engine.ts';
import kernels from '../../worker/engine/simd/kernels.wasm';
import { feedsOf } from './feeds.ts';

type Env = { ASSETS: { fetch(url: string): Promise<Response> } };

const engines = { simd: createSimdEngine(kernels), ort: createOrtEngine(async () => wasm) };
const sessions = new Map<string, Session>();
const files = new Map<string, Uint8Array>();

async function read({ ASSETS }: Env, file: string): Promise<Uint8Array> {
  const onnx =
    files.get(file) ?? new Uint8Array(await (await ASSETS.fetch(`http://assets/${file}`)).arrayBuffer());
  files.set(file, onnx);
  return onnx;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/robots.txt') return new Response('');
    const [, engine, ...path] = pathname.split('/') as [string, keyof typeof engines, ...string[]];
    const number = (name: string) => Number(searchParams.get(name));
    const onnx = await read(env, path.join('/'));
    async function decode(session: Session): Promise<void> {
      const feeds = feedsOf(session, number('images'));
      for (let run = 0; run < number('runs'); run++) await session.run(feeds);
    }
    if (number('loads') === 0) {
      const session = sessions.get(pathname) ?? (await engines[engine].load(onnx));
      sessions.set(pathname, session);
      await decode(session);
    }
    for (let load = 0; load < number('loads'); load++) {
      const session = await engines[engine].load(onnx);
      await decode(session);
      await session.release();
    }
    return new Response('decoded');
  },
};
