// Three projects: `node`, `workerd` (the tests of the worker once more, in the runtime that serves them) and
// `browser` (tests that drive Chromium from Node).
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig, type Plugin } from 'vitest/config';
import { unstable_readConfig } from 'wrangler';
import closingLine from './test/closing-line.ts';

const WORKER_TESTS = 'test/{core,worker}/**/*.test.ts';
const BROWSER_TESTS = 'test/site/**/*.test.ts';

/** `import bytes from './file?bytes'` gives the file as a Uint8Array, alike in Node and in workerd. */
const bytes: Plugin = {
  name: 'bytes',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('?bytes')) return;
    const base64 = readFileSync(id.slice(0, -'?bytes'.length), 'base64');
    return `export default Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0))`;
  },
};

/** `import module from './file.wasm'` gives a WebAssembly.Module in Node, as workerd gives by itself. */
const wasm: Plugin = {
  name: 'wasm',
  enforce: 'pre',
  load(id) {
    if (!id.endsWith('.wasm')) return;
    return `import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
      export default new WebAssembly.Module(readFileSync(${JSON.stringify(id)}))`;
  },
};

export default defineConfig({
  test: {
    reporters: ['default', closingLine],
    // Vitest would leave a core to itself: of two that is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        plugins: [bytes, wasm],
        test: {
          name: 'node',
          testTimeout: 90_000,
          hookTimeout: 90_000,
          include: ['test/**/*.test.ts'],
          exclude: [BROWSER_TESTS],
          server: { deps: { inline: [/\.wasm$/] } },
        },
      },
      {
        plugins: [
          bytes,
          cloudflareTest({
            miniflare: {
              compatibilityDate: unstable_readConfig({ config: 'wrangler.toml' }).compatibility_date,
              compatibilityFlags: ['nodejs_compat'],
              modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'] }],
            },
          }),
        ],
        test: { name: 'workerd', include: [WORKER_TESTS], testTimeout: 90_000, hookTimeout: 90_000 },
      },
      {
        test: {
          name: 'browser',
          include: [BROWSER_TESTS],
          globalSetup: 'test/site/build-site.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A second is short where the machine is busy.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});
