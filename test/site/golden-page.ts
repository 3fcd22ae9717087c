// The worker's app in a page: models are fetched from where the page comes from. For golden.test.ts.
import { createApp } from '../../worker/app.ts';
import { createSimdEngine } from '../../worker/engine/simd/engine.ts';

async function golden(kernels: Uint8Array<ArrayBuffer>, paths: readonly string[]): Promise<string[]> {
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
  for (const path of paths) {
    const response = await app.request(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const bytes = await response.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    hashes.push(Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return hashes;
}

Object.assign(globalThis, { golden });
