// The entry of the Cloudflare Worker: which binding the models come from, the rate limit, and what stays inside.
import { expect, test, vi } from 'vitest';
import { readFixture } from './fixture.ts';

type Env = Parameters<typeof import('../../worker/index.ts').default.fetch>[1];

/** A fresh worker, as a new isolate has it. */
async function start(env: Partial<Env>) {
  vi.resetModules();
  const { default: worker } = await import('../../worker/index.ts');
  const assets = { fetch: async () => new Response(null, { status: 404 }) };
  const bindings = { ASSETS: assets, DEFAULT_MODEL: 'tiny', ...env };
  return (path: string) =>
    worker.fetch(new Request(`https://dreamlet.test${path}`), bindings, { waitUntil() {} });
}

const ASSETS = {
  async fetch(url: URL) {
    const bytes = await readFixture(url.pathname.replace('/models/', ''));
    return bytes ? new Response(bytes) : new Response('not found', { status: 404 });
  },
};

test('models come from the assets', async () => {
  const get = await start({ ASSETS });
  expect((await get('/models/tiny/decoder.onnx')).status).toBe(200);
  expect((await get('/generate?seed=a')).headers.get('X-Model')).toBe('tiny@2');
});

test('a bucket of models is used instead, when it is bound', async () => {
  const get = await start({
    MODELS: {
      async get(key) {
        const bytes = await readFixture(key);
        return bytes && { arrayBuffer: async () => bytes };
      },
    },
  });
  expect((await get('/models/tiny/decoder.onnx')).status).toBe(200);
});

test('the rate limit counts addresses, and only where pictures are made', async () => {
  const keys: string[] = [];
  const limit = async ({ key }: { key: string }) => ({ success: keys.push(key) < 2 });
  const get = await start({ ASSETS, RATE_LIMIT: { limit } });
  expect((await get('/models')).status).toBe(200);
  expect((await get('/generate')).status).toBe(302);
  expect((await get('/generate')).status).toBe(429);
  expect(keys).toEqual(['local', 'local']);
});

test('what goes wrong inside is logged, and answered without its words', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const get = await start({
    ASSETS: {
      async fetch() {
        throw new Error('a secret of the inside');
      },
    },
  });
  const response = await get('/models');
  const body = await response.text();
  expect(response.status).toBe(500);
  expect(body).not.toContain('secret');
  const id = body.match(/logged as ([0-9a-f-]{36})/)![1];
  expect(logged.mock.calls[0]![0]).toBe(id);
  logged.mockRestore();
});
