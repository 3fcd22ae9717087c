// The entry of the Cloudflare Worker: which binding the models come from, the rate limit, and what stays inside.
import { expect, test, vi } from 'vitest';
import { type Bindings, createWorker } from '../../worker/entry.ts';
import { readFixture } from './fixture.ts';

/** A fresh worker, as a new isolate has it. */
function start(bindings: Partial<Bindings>) {
  const assets = { fetch: async () => new Response(null, { status: 404 }) };
  const worker = createWorker({ ASSETS: assets, DEFAULT_MODEL: 'tiny', ...bindings });
  return (path: string) =>
    worker.fetch(new Request(`https://dreamlet.test${path}`), undefined, { waitUntil() {} });
}

const ASSETS = {
  async fetch(url: URL) {
    const bytes = await readFixture(url.pathname.replace('/models/', ''));
    return bytes ? new Response(bytes) : new Response('not found', { status: 404 });
  },
};

test('models come from the assets', async () => {
  const get = start({ ASSETS });
  expect((await get('/models/tiny/decoder.onnx')).status).toBe(200);
  expect((await get('/generate?seed=a')).headers.get('X-Model')).toBe('tiny@2');
});

test('a bucket of models is used instead, when it is bound', async () => {
  const get = start({
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
  const get = start({ ASSETS, RATE_LIMIT: { limit } });
  expect((await get('/models')).status).toBe(200);
  expect((await get('/generate')).status).toBe(302);
  expect((await get('/generate')).status).toBe(429);
  expect(keys).toEqual(['local', 'local']);
});

test('what goes wrong inside is logged, and answered without its words', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const get = start({
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
