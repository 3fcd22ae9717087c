// The worker's app in a page: models are fetched from where the page comes from. For golden.test.ts.
import { createApp } from '../../worker/app.ts';
import { createSimdEngine } from '../../worker/engine/simd/engine.ts';
import { type GoldenRequest, goldenHash } from '../worker/golden-request.ts';

async function golden(
  kernels: Uint8Array<ArrayBuffer>,
  requests: readonly GoldenRequest[],
): Promise<string[]> {
  const app = createApp({
    engine: createSimdEngine(await WebAssembly.compile(kernels)),
    async readFile(path) {
      const response = await fetch(path === 'index.json' ? '/models' : `/models/${path}`);
      return response.ok ? response.arrayBuffer() : null;
    },
    defaultModel: 'mnist-vae',
    version: '0.0.0',
  });
  const hashes: string[] = [];
  for (const request of requests) hashes.push(await goldenHash(app, request));
  return hashes;
}

Object.assign(globalThis, { golden });
