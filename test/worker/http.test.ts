// HTTP around the answers: what is negotiated, what strangers append, how long errors are, and what pages may load.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { encodePng } from '../../core/image/png.ts';
import { nearest } from '../../core/nearest.ts';
import { preferred } from '../../worker/http/accept.ts';
import { createFixtureApp } from './fixture.ts';

const app = createFixtureApp();
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const PNG = encodePng({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(51) });
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

test('errors=document: a picture that fails is no picture, and one that does not is the same', async () => {
  const images = { Accept: 'image/avif,image/webp,image/*' };
  for (const path of [
    '/generate/nobody.png?seed=a',
    '/interpolate/tiny.png?steps=1',
    '/manifold/tiny.png?size=1',
  ]) {
    const { headers } = await get(`${path}&errors=document`, images);
    expect([path, headers.get('Content-Type')]).toEqual([path, 'application/problem+json']);
  }
  const [plain, other] = [
    await get('/generate/tiny.png?seed=a'),
    await get('/generate/tiny.png?seed=a&errors=document'),
  ];
  expect(await other.arrayBuffer()).toEqual(await plain.arrayBuffer());
  for (const name of ['ETag', 'Content-Location', 'Content-Disposition'])
    expect(other.headers.get(name)).toBe(plain.headers.get(name));
});

test("strangers' parameters are ignored, and are in no address that an answer names", async () => {
  const linked = 'utm_source=x&fbclid=1&gclid=2&srsltid=1&gad_source=1&epik=5&v=3&ref=y&dnt=1&_=4&cb=5';
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
  for (const path of [
    '/generate/tiny@1.png?seed=a',
    '/models',
    '/models/tiny@1/decoder.onnx',
    '/docs',
    '/generate/nobody.png',
    '/nowhere',
  ]) {
    const whole = await get(path);
    const head = await app.request(path, { method: 'HEAD' });
    const { byteLength } = await whole.arrayBuffer();
    expect([path, head.status, head.body]).toEqual([path, whole.status, null]);
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

test('nothing is taken for another type than it says, whatever was asked', async () => {
  for (const [method, path] of [
    ['OPTIONS', '/complete'],
    ['OPTIONS', '/nothing'],
    ['DELETE', '/generate'],
    ['GET', '/nothing'],
    ['HEAD', '/models'],
  ] as const) {
    const { headers } = await app.request(path, { method });
    expect([method, path, headers.get('X-Content-Type-Options')]).toEqual([method, path, 'nosniff']);
    expect([method, path, headers.get('Access-Control-Allow-Origin')]).toEqual([method, path, '*']);
  }
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
  // It hands out no address that its own route refuses.
  for (const [url, more] of [
    ['http://localhost/generate/tiny.png?seed=%00'],
    ['http://localhost/generate/tiny.png?seed=%FF'],
    ['http://localhost/generate/tiny.png?seed=a&seed=b'],
    ['http://localhost/generate/tiny.png?seed=a', '&maxwidth=0'],
  ] as const)
    expect([url, more, (await ask(url, more)).status]).toEqual([url, more, 400]);
  const page = await (await get('/embed?seed=a')).text();
  expect(page).toContain(
    'href="http://localhost/oembed?url=http%3A%2F%2Flocalhost%2Fgenerate%2Ftiny%402.png',
  );
});

test.each([
  [
    '/interpolate/tiny.png?from=a&to=b&size=64x64',
    'size: is not a parameter of this route, but of /generate',
  ],
  ['/manifold/tiny.png?radius=20', 'radius: is not a parameter of this route, but of /generate'],
  ['/generate?seed=a&fps=9', 'fps: is not a parameter of this route, but of /interpolate'],
])('%s says whose parameter it is', async (path, detail) => {
  const response = await app.request(path, { headers: { Accept: 'application/json' } });
  expect([response.status, ((await response.json()) as { detail: string }).detail]).toEqual([400, detail]);
});
