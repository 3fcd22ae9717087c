// The worker as it is deployed, bundled, in a workerd of its own: what only whole requests over sockets can show.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { Miniflare, type WorkerOptions } from 'miniflare';
import { unstable_readConfig } from 'wrangler';

type Modules = Extract<WorkerOptions, { modules: unknown }>['modules'];

/** The script of an entry and the wasm modules that it imports, as workerd takes them. */
async function bundle(entry: string): Promise<Modules> {
  const wasm = new Map<string, string>();
  const keepWasm: Plugin = {
    name: 'wasm',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /\.wasm$/ }, async ({ path, pluginData, ...options }) => {
        if (pluginData === 'seen') return;
        const found = await resolve(path, { ...options, pluginData: 'seen' });
        const name = `./${wasm.size}.wasm`;
        wasm.set(name, found.path);
        return { path: name, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    target: 'es2023',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    plugins: [keepWasm],
    write: false,
    logLevel: 'error',
  });
  return [
    { type: 'ESModule', path: 'worker.js', contents: outputFiles[0]!.text },
    ...Array.from(wasm, ([name, path]) => ({
      type: 'CompiledWasm' as const,
      path: name,
      contents: readFileSync(path),
    })),
  ] as Modules;
}

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Asks on a connection of its own: a workerd that computed for five seconds takes its clients for idle and hangs up on them.
 * @throws Error when the answer is not read within `milliseconds`.
 */
export const ask = (url: string, milliseconds: number): Promise<Response> =>
  fetch(url, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(milliseconds) });

export type Reading = (path: string) => Promise<ArrayBuffer | null>;

/** worker/index.ts beside worker/reference/index.ts; `read` answers for the assets below /models/. */
export async function startWorker(read: Reading): Promise<{ url: string; stop(): Promise<void> }> {
  const { compatibility_date: compatibilityDate } = unstable_readConfig({ config: root('wrangler.toml') });
  const [modules, reference] = await Promise.all(
    ['worker/index.ts', 'worker/reference/index.ts'].map((entry) => bundle(root(entry))),
  );
  const miniflare = new Miniflare({
    workers: [
      {
        name: 'dreamlet',
        // Without the development proxy, which goes on for a client that went away.
        unsafeDirectSockets: [{ port: 0 }],
        modules: modules!,
        compatibilityDate,
        bindings: { DEFAULT_MODEL: 'tiny' },
        serviceBindings: {
          REFERENCE: 'dreamlet-reference',
          async ASSETS(request: { url: string }) {
            const bytes = await read(new URL(request.url).pathname.replace('/models/', ''));
            // Node ends a connection that was idle for 5 seconds, and a workerd that computed that long uses it once more.
            const headers = { Connection: 'close' };
            return new Response(bytes, { status: bytes ? 200 : 404, headers }) as never;
          },
        },
      },
      { name: 'dreamlet-reference', modules: reference!, compatibilityDate },
    ],
  });
  await miniflare.ready;
  const { origin } = await miniflare.unsafeGetDirectURL('dreamlet');
  return { url: origin, stop: () => miniflare.dispose() };
}
