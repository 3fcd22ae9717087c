// The entry of the Cloudflare Worker: which binding the models come from, the rate limit, and what stays inside.
import { expect, test, vi } from 'vitest';
import { type Bindings, createWorker } from '../../worker/entry.ts';
import { readFixture } from './fixture.ts';

/** A fresh worker, as a new isolate has it. */
function start(bindings: Partial<Bindings>) {
  const assets = { fetch: async () => new Response(null, { status: 404 }) };
  const worker = createWorker({ ASSETS: assets, DEFAULT_MODEL: 'tiny', ...bindings });
  return (path: string, init?: RequestInit) =>
    worker.fetch(new Request(`https://dreamlet.test${path}`, init), undefined, { waitUntil() {} });
}

const ASSETS = {
  async fetch(asked: URL | Request) {
    const url = new URL(asked instanceof Request ? asked.url : asked);
    const bytes = await readFixture(url.pathname.replace('/models/', ''));
    return bytes ? new Response(bytes) : new Response('not found', { status: 404 });
  },
};

test('models come from the assets', async () => {
  const get = start({ ASSETS });
  expect((await get('/models/tiny/decoder.onnx')).status).toBe(200);
  expect((await get('/generate?seed=a')).headers.get('X-Model')).toBe('tiny@2');
});

test('the first page is a file that says of its address what unfurlers read, and nothing else is changed', async () => {
  const file = '<html><head><title>t</title></head><body>$&</body></html>';
  const get = start({
    ASSETS: {
      async fetch(asked: URL | Request) {
        const { pathname } = new URL(asked instanceof Request ? asked.url : asked);
        return pathname === '/'
          ? new Response(file, { headers: { ETag: '"1"', 'Cache-Control': 'public, max-age=0' } })
          : ASSETS.fetch(asked);
      },
    },
  });
  const page = await get(`/?model=tiny&seed=${encodeURIComponent('"><script>$&')}&utm_source=x&nonsense=1`);
  const text = await page.text();
  const [head, rest] = [text.slice(25, text.indexOf('</head>')), text.slice(text.indexOf('</head>'))];
  expect([page.status, page.headers.get('Content-Type'), rest]).toEqual([
    200,
    'text/html; charset=utf-8',
    '</head><body>$&</body></html>',
  ]);
  const tags = Object.fromEntries(
    [...head.matchAll(/<meta (?:name|property)="([^"]+)" content="([^"]*)">/g)].map(([, name, value]) => [
      name,
      value!.replaceAll('&amp;', '&'),
    ]),
  );
  const query = 'seed=%22%3E%3Cscript%3E%24%26';
  expect(tags).toMatchObject({
    'og:url': `https://dreamlet.test/?model=tiny%402&${query}`,
    'og:title': 'tiny@2, seed “&quot;&gt;&lt;script&gt;$&”',
    'og:image': `https://dreamlet.test/generate/tiny@2/600x600.png?${query}`,
    'og:image:width': '600',
    'og:image:alt': 'The picture of seed &quot;&gt;&lt;script&gt;$& by Tiny',
    'twitter:card': 'summary',
  });
  expect(head).not.toContain('<script');
  const picture = await get(tags['og:image']!.replace('https://dreamlet.test', ''));
  expect([picture.status, picture.headers.get('Content-Type')]).toEqual([200, 'image/png']);
  const about = /oembed" href="([^"]+)"/.exec(head)![1]!.replaceAll('&amp;', '&');
  expect(await (await get(about.replace('https://dreamlet.test', ''))).json()).toMatchObject({
    type: 'photo',
  });
  // The address of the page is understood as well, as it is shared.
  const shared = await get(`/oembed?url=${encodeURIComponent(tags['og:url']!)}`);
  expect(await shared.json()).toMatchObject({
    url: `https://dreamlet.test/generate/tiny@2.png?${query}&scale=16`,
  });
  const headed = await get('/', { method: 'HEAD' });
  expect([headed.status, Number(headed.headers.get('Content-Length'))]).toEqual([
    200,
    (await (await get('/')).arrayBuffer()).byteLength,
  ]);
  const again = await get(`/?model=tiny&seed=${encodeURIComponent('"><script>$&')}`, {
    headers: { 'If-None-Match': page.headers.get('ETag')! },
  });
  expect([again.status, (await get('/')).headers.get('ETag') === page.headers.get('ETag')]).toEqual([
    304,
    false,
  ]);
});

test('the longest seed that the page takes has a picture to be shown by', async () => {
  const get = start({
    ASSETS: {
      fetch: async (asked: URL | Request) =>
        new URL(asked instanceof Request ? asked.url : asked).pathname === '/'
          ? new Response('</head>')
          : ASSETS.fetch(asked),
    },
  });
  const text = await (await get(`/?model=tiny&seed=${encodeURIComponent('漢'.repeat(70))}`)).text();
  const address = /og:image" content="([^"]+)"/.exec(text)![1]!.replaceAll('&amp;', '&');
  expect(decodeURIComponent(address)).toContain(`seed=${'漢'.repeat(64)}`);
  expect((await get(address.replace('https://dreamlet.test', ''))).status).toBe(200);
});

test('a POST to the first page is refused in words that others may read; without models it is the file', async () => {
  const get = start({
    ASSETS: {
      fetch: async (asked: URL | Request) =>
        new URL(asked instanceof Request ? asked.url : asked).pathname === '/'
          ? new Response('<h1></head>')
          : new Response(null, { status: 404 }),
    },
  });
  expect(await (await get('/')).text()).toBe('<h1></head>');
  const refused = await get('/', { method: 'POST', body: 'x' });
  expect([refused.status, refused.headers.get('Allow'), await refused.json()]).toMatchObject([
    405,
    'GET, HEAD, OPTIONS',
    { title: 'Method not allowed', detail: '/ takes GET, HEAD' },
  ]);
  expect(refused.headers.get('Access-Control-Allow-Origin')).toBe('*');
  expect((await get('/', { method: 'OPTIONS' })).headers.get('Access-Control-Allow-Methods')).toContain(
    'POST',
  );
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
  const limit = async () => {
    throw new Error('a secret of the inside');
  };
  const get = start({ ASSETS, RATE_LIMIT: { limit } });
  const response = await get('/generate');
  const body = await response.text();
  expect(response.status).toBe(500);
  expect(body).not.toContain('secret');
  const id = body.match(/logged as ([0-9a-f-]{36})/)![1];
  expect(logged.mock.calls[0]![0]).toBe(id);
  logged.mockRestore();
});

test('files that cannot be reached are to be asked for again, and nobody is told why', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const fetch = async () => {
    throw new Error('a secret of the inside');
  };
  const response = await start({ ASSETS: { fetch } })('/models');
  expect([response.status, response.headers.get('Retry-After')]).toEqual([503, '2']);
  expect(await response.text()).not.toContain('secret');
  expect(String(logged.mock.calls[0])).toContain('secret');
  logged.mockRestore();
});
