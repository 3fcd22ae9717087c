// The worker as it would be without dreamlet's engine: onnxruntime-web inside, for comparison.
import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm';
import { createApp } from '../../worker/app.ts';
import { createOrtEngine } from '../../worker/engine/ort.ts';

type Env = { ASSETS: { fetch(url: string): Promise<Response> } };

const engine = createOrtEngine(async () => wasm);
let app: ReturnType<typeof createApp> | undefined;

export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    app ??= createApp({
      engine,
      async readFile(path) {
        const response = await env.ASSETS.fetch(`http://assets/models/${path}`);
        return response.ok ? response.arrayBuffer() : null;
      },
      defaultModel: 'mnist-vae',
      version: '0.0.0',
    });
    return app.fetch(request);
  },
};
