// `npm run build:engine`: the engine as one module of plain JavaScript beside its kernels, as `dreamlet/engine` names it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { KERNELS } from './kernels.ts';

/** Writes engine.js and kernels.wasm into `folder`. */
export async function buildEngine(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: ['worker/engine/simd/engine.ts'],
    outfile: join(folder, 'engine.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'error',
  });
  copyFileSync(KERNELS, join(folder, 'kernels.wasm'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildEngine('build/engine');
