// `GET /<simd|ort>/<file>?images=…&runs=…` decodes with one engine, and answers nothing of it: the engine without
// routes, images and their encoding.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import { drawLatent } from '../../core/latents/draw.ts';
import type { Session } from '../../worker/engine/engine.ts';
import { createOrtEngine } from '../../worker/engine/ort.ts';
import { createSimdEngine } from '../../worker/engine/simd/engine.ts';
import kernels from '../../worker/engine/simd/kernels.wasm';

type Env = { ASSETS: { fetch(url: string): Promise<Response> } };

const engines = { simd: createSimdEngine(kernels), ort: createOrtEngine(async () => wasm) };
const sessions = new Map<string, Session>();

async function load(env: Env, path: string, engine: keyof typeof engines, file: string): Promise<Session> {
  const onnx = await (await env.ASSETS.fetch(`http://assets/${file}`)).arrayBuffer();
  const session = await engines[engine].load(new Uint8Array(onnx));
  sessions.set(path, session);
  return session;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/robots.txt') return new Response('');
    const [, engine, file] = pathname.split('/') as [string, keyof typeof engines, string];
    const session = sessions.get(pathname) ?? (await load(env, pathname, engine, file));
    const [{ name, shape }] = session.inputs as [Session['inputs'][number]];
    const latents = Number(shape[1]);
    const images = Number(searchParams.get('images'));
    const data = new Float32Array(images * latents);
    for (let i = 0; i < images; i++)
      data.set(drawLatent({ prior: 'gaussian', dimensions: latents }, 'bench', i), i * latents);
    for (let run = 0; run < Number(searchParams.get('runs')); run++)
      await session.run({ [name]: { shape: [images, latents], data } });
    return new Response('decoded');
  },
};
