// `GET /<id>@<version>?n=…` decodes n latents with the worker's own engine, and answers nothing of them: the engine
// without routes, images and their encoding.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import type { ModelCard } from '../../models/card.ts';
import type { Session } from '../../worker/engine/engine.ts';
import { createOrtEngine } from '../../worker/engine/ort.ts';
import { latentOf } from '../../worker/sampling/latent.ts';

type Env = { ASSETS: { fetch(url: string): Promise<Response> } };

const engine = createOrtEngine(async () => wasm);
let loaded: { session: Session; dimensions: number } | undefined;

async function load(env: Env, name: string) {
  const file = (path: string) => env.ASSETS.fetch(`http://assets/models/${name}/${path}`);
  const card: ModelCard = await (await file('model.json')).json();
  const onnx = await (await file(card.graphs.decoder.file)).arrayBuffer();
  return { session: await engine.load(new Uint8Array(onnx)), dimensions: card.latent.dimensions };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/robots.txt') return new Response('');
    loaded ??= await load(env, pathname.slice(1));
    const { session, dimensions } = loaded;
    for (let i = 0; i < Number(searchParams.get('n')); i++) {
      await session.run({ z: { shape: [1, dimensions], data: latentOf('bench', i, dimensions) } });
    }
    return new Response('decoded');
  },
};
