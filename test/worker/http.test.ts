// HTTP around the answers: what is negotiated, what strangers append, how long and how loud errors are.
import { gzipSync } from 'fflate';
import { afterEach, expect, test, vi } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { encodePng } from '../../core/image/png.ts';
import { preferred } from '../../worker/http/accept.ts';
import { nearest } from '../../worker/http/query.ts';
import { createFixtureApp, engine } from './fixture.ts';

const app = createFixtureApp();
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const PNG = encodePng({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(51) });
const post = (
  path: string,
  body: BodyInit | ReadableStream,
  type: string,
  headers: Record<string, string> = {},
) =>
  app.request(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      body,
      headers: { 'Content-Type': type, ...headers },
      duplex: 'half',
    } as RequestInit),
  );
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test.each([
  ['', 'image/png'],
  ['*/*', 'image/png'],
  ['text/html', 'image/png'],
  ['application/json', 'application/json'],
  ['application/json;q=0, image/png', 'image/png'],
  ['image/png;q=0', 'application/json'],
  ['image/png;q=0.2, application/json;q=0.3', 'application/json'],
  ['application/json, image/png', 'application/json'],
  ['image/*, application/json;q=0.9', 'image/png'],
  ['image/avif,image/webp,image/*,*/*;q=0.8', 'image/png'],
  ['text/html,image/avif,*/*;q=0.8', 'image/png'],
  ['image/png;q=oops', 'image/png'],
  ['*/*;q=0', 'image/png'],
])('Accept: %s prefers %s', async (accept, type) => {
  const one = preferred(accept, ['image/png', 'application/json']);
  expect(one).toBe(type);
  expect((await get('/generate?seed=a', { Accept: accept })).headers.get('Content-Type')).toBe(type);
});

test('an answer that was negotiated is for nobody else, and names the address that is its own', async () => {
  const { headers } = await get('/generate?seed=a&model=tiny', { Accept: 'application/json' });
  expect(
    ['Cache-Control', 'Vary', 'Content-Location', 'Content-Type'].map((name) => headers.get(name)),
  ).toEqual(['private, max-age=60', 'Accept', '/generate/tiny@2.json?seed=a', 'application/json']);
  const pinned = (await get('/interpolate?model=tiny@1&from=a&to=b')).headers;
  expect([pinned.get('Cache-Control'), pinned.get('Content-Location')]).toEqual([
    'private, max-age=60',
    '/interpolate/tiny@1.png?from=a&to=b',
  ]);
  for (const path of ['/generate?seed=a&model=tiny@1&format=json', '/generate/tiny@1.json?seed=a']) {
    const fixed = (await get(path, { Accept: 'image/png' })).headers;
    expect([path, fixed.get('Cache-Control'), fixed.get('Vary')]).toEqual([
      path,
      'public, max-age=31536000, immutable',
      null,
    ]);
  }
});

test.each([
  ['/generate/tiny.png?n=99', '', 'image/png'],
  ['/generate/tiny.png?n=99', 'image/*', 'image/png'],
  ['/generate/tiny.png?n=99', 'application/json', 'application/problem+json'],
  ['/generate?n=99', '', 'application/problem+json'],
  ['/generate?n=99', 'text/html,*/*;q=0.8', 'application/problem+json'],
  ['/generate?n=99', 'image/png', 'image/png'],
  ['/generate/tiny.json?n=99', 'image/png', 'application/problem+json'],
])('the error of %s for %j is %s', async (path, accept, type) => {
  const { status, headers } = await get(path, { Accept: accept });
  expect([status, headers.get('Content-Type'), headers.get('Vary')]).toEqual([400, type, 'Accept']);
});

test("strangers' parameters are ignored, and are in no address that an answer names", async () => {
  const linked = 'utm_source=x&fbclid=1&gclid=2&v=3&ref=y&dnt=1&_=4';
  const picture = await get(`/generate/tiny.png?${linked}&seed=a`);
  expect([picture.status, picture.headers.get('Content-Location')]).toEqual([
    200,
    '/generate/tiny@2.png?seed=a',
  ]);
  expect(picture.headers.get('ETag')).toBe((await get('/generate/tiny.png?seed=a')).headers.get('ETag'));
  expect((await get(`/generate?${linked}&n=2`)).headers.get('Location')).toMatch(
    /^\/generate\?n=2&seed=\w+$/,
  );
  for (const path of ['/embed', '/docs', '/models', '/manifold/tiny.png'])
    expect([path, (await get(`${path}?${linked}`)).status]).not.toEqual([path, 400]);
  expect((await app.request('/encode?utm_source=x', { method: 'POST', body: PNG })).status).toBe(400);
});

test.each([
  ['cols', 'columns'],
  ['colums', 'columns'],
  ['Seed', 'seed'],
  ['temp', 'temperature'],
  ['colour', undefined],
  ['x', undefined],
  ['constructor', undefined],
])('%s: did you mean %s?', async (name, meant) => {
  expect(nearest(name, ['columns', 'seed', 'temperature', 'n'])).toBe(meant);
  const answer = (await (await get(`/generate?${name}=1`)).json()) as { errors: { rule: string }[] };
  expect(answer.errors[0]!.rule).toBe(
    `is not a parameter of this route${meant ? `; did you mean ${meant}?` : ''}`,
  );
});

test.each([
  ['/generate?__proto__=1', '__proto__: is not a parameter of this route'],
  ['/generate?seed=a&seed=b', 'seed: must be given once'],
  ['/generate?seed=%FF', 'the address must be UTF-8 in percent-encoding, without the character U+0000'],
  ['/generate?seed=%00', 'the address must be UTF-8 in percent-encoding, without the character U+0000'],
  ['/generate?%ff=1', 'the address must be UTF-8 in percent-encoding, without the character U+0000'],
  ['/generate?colormap=red', 'colormap: must be one of gray, inverted, viridis, magma, ember, ice'],
  [`/generate?model=${'x'.repeat(81)}`, 'model: must have at most 80 characters'],
])('%s is refused: %s', async (path, detail) => {
  const response = await get(path);
  expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([400, detail]);
});

test('a seed of a blank has a header that keeps it', async () => {
  expect((await get('/generate/tiny.png?seed=%20')).headers.get('X-Seed')).toBe('%20');
});

test('a HEAD has the headers of the GET, and the length of its body', async () => {
  for (const path of ['/generate/tiny@1.png?seed=a', '/models', '/models/tiny@1/decoder.onnx', '/docs']) {
    const whole = await get(path);
    const head = await app.request(path, { method: 'HEAD' });
    const { byteLength } = await whole.arrayBuffer();
    expect([path, head.status, head.body]).toEqual([path, 200, null]);
    expect(Object.fromEntries(head.headers)).toEqual({
      ...Object.fromEntries(whole.headers),
      'content-length': String(byteLength),
    });
  }
});

test('errors list a few faults and count the rest, in pictures and in documents', async () => {
  const many = Array.from({ length: 3000 }, (_, i) => `x${i}=1`).join('&');
  const picture = decodePng(new Uint8Array(await (await get(`/generate/tiny.png?${many}`)).arrayBuffer()), {
    maxPixels: 1e6,
  });
  expect(picture.height).toBeLessThan(500);
  const document = await (await get(`/generate?${many}`)).json();
  expect(document).toMatchObject({
    detail: 'x0: is not a parameter of this route; 2994 more errors',
    errors: { length: 6 },
  });
});

test.each([
  ['names that are long', `/generate?${encodeURIComponent('é'.repeat(500))}=1`],
  ['values of control characters', `/generate?n=${'%01'.repeat(900)}&scale=${'%01'.repeat(900)}`],
  ['a model', `/generate?model=${'%F0%9F%99%82'.repeat(40)}`],
  ['a path', `/${'%C3%A9'.repeat(900)}`],
])('the error of %s stays below 4 kB', async (_, path) => {
  const response = await get(path);
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect((await response.arrayBuffer()).byteLength).toBeLessThan(4000);
});

test.each([
  ['/encode', '{', 'the body must be JSON in UTF-8', 'body', 'must be JSON in UTF-8'],
  ['/encode', '[1]', 'the body does not fit', 'body', 'must be an object'],
  [
    '/encode',
    '{"pixel":[1]}',
    'the body does not fit',
    'body.pixels',
    'must be an array of numbers from 0 to 1',
  ],
  [
    '/encode',
    '{"pixels":[0,"",""],"width":3,"height":1}',
    'the body does not fit',
    'body.pixels.1',
    'must be a number from 0 to 1',
  ],
  [
    '/encode',
    '{"pixels":[0],"width":1,"height":1,"__proto__":1}',
    'the body does not fit',
    'body.__proto__',
    'is not a parameter of this route',
  ],
])('POST %s of %s: %s', async (path, body, detail, parameter, rule) => {
  const response = await post(path, body, 'application/json');
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { detail, errors: expect.arrayContaining([expect.objectContaining({ parameter, rule })]) },
  ]);
});

test('a hundred thousand faults are one', async () => {
  const body = `{"pixels":[${'"",'.repeat(80_000)}""],"width":1,"height":1}`;
  const { errors } = (await (await post('/encode', body, 'application/json')).json()) as {
    errors: unknown[];
  };
  expect(errors).toEqual([{ parameter: 'body.pixels.0', rule: 'must be a number from 0 to 1', value: '' }]);
});

test('a body may come packed, within the same limit', async () => {
  const plain = await (await post('/encode', PNG, 'image/png')).json();
  const gzip = { 'Content-Encoding': 'gzip' };
  expect(await (await post('/encode', gzipSync(PNG), 'image/png', gzip)).json()).toEqual(plain);
  const bomb = gzipSync(new Uint8Array(8 << 20));
  expect((await post('/encode', bomb, 'image/png', gzip)).status).toBe(413);
  const cut = await post('/encode', gzipSync(PNG).subarray(0, 40), 'image/png', gzip);
  expect([cut.status, ((await cut.json()) as { detail: string }).detail]).toEqual([
    400,
    'the body must be what Content-Encoding says, gzip',
  ]);
  const brotli = await post('/encode', PNG, 'image/png', { 'Content-Encoding': 'br' });
  expect([brotli.status, brotli.headers.get('Accept-Encoding')]).toEqual([415, 'gzip, deflate']);
});

const streamOf = (...parts: (Uint8Array | 'stall' | 'break')[]) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts.shift();
      if (part === 'stall') await new Promise(() => {});
      else if (part === 'break') controller.error(new TypeError('Cannot read properties of undefined'));
      else if (part) controller.enqueue(part);
      else controller.close();
    },
  });

test('a body that breaks off is a bad request, and no error of ours', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const response = await post('/encode', streamOf(PNG.subarray(0, 20), 'break'), 'image/png');
  expect(response.status).toBe(400);
  expect(await response.text()).not.toContain('Cannot read');
  expect(logged).not.toHaveBeenCalled();
});

test('a body that stalls is given up', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const answer = post('/encode', streamOf(PNG.subarray(0, 20), 'stall'), 'image/png');
  await vi.advanceTimersByTimeAsync(8_100);
  expect((await answer).status).toBe(408);
});

test('a hundred bodies that stall leave room for others', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const stalled = Array.from({ length: 200 }, () =>
    post('/encode', streamOf(PNG.subarray(0, 1), 'stall'), 'image/png'),
  );
  await vi.advanceTimersByTimeAsync(10);
  expect((await post('/encode', PNG, 'image/png')).status).toBe(200);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(new Set((await Promise.all(stalled)).map(({ status }) => status))).toEqual(new Set([408]));
});

test('a picture of a kind that does not exist is a bad request', async () => {
  const bad = PNG.slice();
  // RGB with 2 bits; the header's checksum is made to fit in decode-png.test.ts.
  bad.set([2, 2], 24);
  for (const path of ['/encode', '/anomaly', '/compress?model=tiny@1', '/reconstruct'])
    expect([path, (await post(path, bad, 'image/png')).status]).toEqual([path, 400]);
});

test('a number that is none leaves no route', async () => {
  const broken = createFixtureApp({
    engine: {
      name: 'broken',
      async load(onnx) {
        const session = await engine.load(onnx);
        return {
          ...session,
          async run(feeds) {
            const results = await session.run(feeds);
            for (const { data } of Object.values(results)) data[data.length - 1] = Number.NaN;
            return results;
          },
        };
      },
    },
  });
  const image = { method: 'POST', body: PNG, headers: { 'Content-Type': 'image/png' } };
  const latents = {
    method: 'POST',
    body: '{"latents":[[0,0,0]]}',
    headers: { 'Content-Type': 'application/json' },
  };
  for (const [path, init] of [
    ['/generate/tiny@1.json?seed=a', {}],
    ['/interpolate/tiny@1.json?from=a&to=b', {}],
    ['/encode?model=tiny@1', image],
    ['/anomaly?model=tiny@1', image],
    ['/compress?model=tiny@1', image],
    ['/reconstruct?model=tiny@1', image],
    ['/decode?model=tiny@1', latents],
  ] as const) {
    const response = await broken.request(path, init);
    expect([path, response.status, ((await response.json()) as { detail: string }).detail]).toEqual([
      path,
      422,
      expect.stringMatching(/^tiny@1 has no finite answer to this: \w+\[\d+\] is NaN$/),
    ]);
  }
});

test('every route says by itself whether it costs, and those that do are counted', async () => {
  const own = createFixtureApp({ allow: async () => false });
  const { paths } = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const free: string[] = [];
  for (const [path, methods] of Object.entries(paths))
    for (const method of Object.keys(methods)) {
      expect(methods[method]).not.toHaveProperty('costs');
      const address = path.replace('{file}', 'tiny.png').replace('{id}', 'tiny');
      const { status, headers } = await own.request(address, { method: method.toUpperCase() });
      if (status !== 429) free.push(path);
      else expect([path, headers.get('Retry-After')]).toEqual([path, '60']);
    }
  expect(free).toEqual(['/models', '/models/{id}', '/embed', '/oembed', '/healthz']);
});

test('pages say what they load, and who may frame them', async () => {
  const docs = (await get('/docs')).headers.get('Content-Security-Policy')!;
  expect(docs).toContain("default-src 'none'");
  expect(docs).toContain("frame-ancestors 'none'");
  const embed = (await get('/embed?seed=a')).headers.get('Content-Security-Policy')!;
  expect(embed).toContain("default-src 'none'; img-src 'self'");
  expect(embed).not.toContain('frame-ancestors');
});

test('oEmbed as consumers ask for it', async () => {
  const ask = (url: string, more = '') => get(`/oembed?url=${encodeURIComponent(url)}${more}`);
  const narrow = await ask(
    'http://localhost/generate/tiny%401.png?seed=a&n=4',
    '&maxwidth=10&discover=1&dnt=1',
  );
  expect(await narrow.json()).toMatchObject({
    width: 10,
    height: 10,
    url: expect.stringContaining('scale=1'),
  });
  expect(narrow.headers.get('Cache-Control')).toBe('public, max-age=3600');
  expect((await ask('http://localhost/generate/tiny.png')).headers.get('Cache-Control')).toBe('no-store');
  expect((await ask('http://localhost/generate/tiny.png', '&format=xml')).status).toBe(501);
  expect((await ask('javascript://localhost/generate/tiny.png?seed=a')).status).toBe(400);
  const page = await (await get('/embed?seed=a')).text();
  expect(page).toContain(
    'href="http://localhost/oembed?url=http%3A%2F%2Flocalhost%2Fgenerate%2Ftiny%402.png',
  );
});
