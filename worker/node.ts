// The same app in Node: models from a folder, the engine's WebAssembly from the package.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import { createOrtEngine } from './engine/ort.ts';

export const createNodeEngine = () =>
  createOrtEngine(async () => {
    const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
    return WebAssembly.compile(await readFile(path));
  });

/** `folder` holds index.json and the packages: dist/models after a build. */
export const createNodeApp = (folder: string, defaultModel = 'mnist-vae') =>
  createApp({
    engine: createNodeEngine(),
    defaultModel,
    version: packageJson.version,
    async readFile(path) {
      try {
        const bytes = await readFile(join(folder, path));
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
  });
