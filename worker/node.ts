// The same app in Node: models from a folder, the engines' WebAssembly from their packages.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createReadPhoto } from '../core/image/photos.ts';
import packageJson from '../package.json' with { type: 'json' };
import { createApp } from './app.ts';
import type { Engine } from './engine/engine.ts';
import { createOrtEngine } from './engine/ort.ts';
import { createSimdEngine } from './engine/simd/engine.ts';

/** dreamlet's own engine. */
export const createNodeEngine = (): Engine =>
  createSimdEngine(
    new WebAssembly.Module(readFileSync(new URL('./engine/simd/kernels.wasm', import.meta.url))),
  );

/** onnxruntime-web, the reference. */
export const createNodeReference = (): Engine =>
  createOrtEngine(async () => {
    const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
    return WebAssembly.compile(await readFile(path));
  });

/**
 * `folder` holds index.json and the packages: dist/models after a build; `page` is the first page of the site, if any, and
 * `maxOperations` what one request may take.
 */
export const createNodeApp = (
  folder: string,
  defaultModel = 'mnist-vae',
  { page, maxOperations }: { page?: string; maxOperations?: number } = {},
) =>
  createApp({
    ...(maxOperations === undefined ? {} : { maxOperations }),
    ...(page ? { readPage: async () => new Response(await readFile(page)) } : {}),
    engine: createNodeEngine(),
    reference: createNodeReference(),
    readPhoto: createReadPhoto(async (format) =>
      WebAssembly.compile(
        await readFile(new URL(`../core/image/photo-decoders/${format}.wasm`, import.meta.url)),
      ),
    ),
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
