// What answers carry besides their pixels: text chunks, headers, JSON by the letter, tags, preflight.
import { expect, test, vi } from 'vitest';
import { createFixtureApp, readFixture } from './fixture.ts';
import { textsOf } from './texts.ts';

const app = createFixtureApp();
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });

test('a picture says what makes it again', async () => {
  const response = await get('/generate/tiny@1.png?seed=日本&n=2&temperature=0.5');
  expect(textsOf(new Uint8Array(await response.arrayBuffer()))).toEqual({
    'tEXt Software': 'dreamlet',
    'tEXt Model': 'tiny@1',
    'iTXt Seed': '日本',
    'iTXt Parameters': '{"seed":"日本","n":2,"columns":2,"temperature":0.5,"scale":1,"colormap":"gray"}',
  });
  const path = await get('/interpolate/tiny@1.apng?from=a&to=b&steps=3&loop=true&fps=8');
  expect(textsOf(new Uint8Array(await path.arrayBuffer()))).toEqual({
    'tEXt Software': 'dreamlet',
    'tEXt Model': 'tiny@1',
    'tEXt Parameters':
      '{"from":"a","to":"b","steps":3,"path":"slerp","loop":true,"fps":8,"temperature":1,"scale":1,"colormap":"gray"}',
  });
});

test('every header of a picture', async () => {
  const { headers } = await get('/generate/tiny.png?seed=日本&n=2');
  const etag = headers.get('ETag');
  expect(Object.fromEntries(headers)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-expose-headers':
      'X-Model,X-Seed,X-Label,X-Bits,ETag,Content-Location,Content-Disposition,Retry-After',
    'cache-control': 'public, max-age=3600',
    'content-disposition': 'inline; filename="tiny-_-2-2-1-1-gray.png"',
    'content-location': '/generate/tiny@2.png?seed=%E6%97%A5%E6%9C%AC&n=2',
    'content-type': 'image/png',
    'cross-origin-resource-policy': 'cross-origin',
    etag,
    'timing-allow-origin': '*',
    'x-content-type-options': 'nosniff',
    'x-model': 'tiny@2',
    'x-seed': '%E6%97%A5%E6%9C%AC',
  });
  expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
});

test('JSON answers have these fields and no others', async () => {
  const answer = await (await get('/generate/tiny.json?seed=a&n=2')).json();
  const image = (index: number) => ({
    index,
    latent: [expect.any(Number), expect.any(Number), expect.any(Number)],
    width: 8,
    height: 8,
    channels: 1,
    pixels: expect.stringMatching(/^[A-Za-z0-9+/]{86}==$/),
  });
  expect(answer).toEqual({ model: 'tiny', version: 2, seed: 'a', images: [image(0), image(1)] });
});

test('a .npy file is an array [n, channels, height, width] of the means', async () => {
  const bytes = new Uint8Array(await (await get('/generate/tiny.npy?seed=a&n=3')).arrayBuffer());
  const header = new TextDecoder('latin1').decode(bytes.subarray(0, 128));
  expect(header).toContain("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 8, 8), }");
  expect(bytes.length).toBe(128 + 4 * 3 * 64);
});

test('a tag is known among others, weakened on the way, or by any name', async () => {
  for (const path of [
    '/generate/tiny@1.png?seed=a',
    '/manifold/tiny@1.png?origin=a&right=b&down=c',
    '/models/tiny@1/decoder.onnx',
  ]) {
    const etag = (await get(path)).headers.get('ETag')!;
    for (const [known, status] of [
      [etag, 304],
      [`W/${etag}`, 304],
      [`"other", ${etag}`, 304],
      ['*', 304],
      ['"other"', 200],
    ] as const)
      expect([path, known, (await get(path, { 'If-None-Match': known })).status]).toEqual([
        path,
        known,
        status,
      ]);
  }
});

test('pages of other origins may ask, HEAD included', async () => {
  const preflight = await app.request('/decode', {
    method: 'OPTIONS',
    headers: {
      Origin: 'https://example.com',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe('GET,HEAD,POST');
  expect(preflight.headers.get('Access-Control-Allow-Headers')).toBe('content-type');
  const head = await app.request('/generate/tiny@1.png?seed=a', { method: 'HEAD' });
  expect([head.status, head.headers.get('Content-Type'), (await head.arrayBuffer()).byteLength]).toEqual([
    200,
    'image/png',
    0,
  ]);
});

test('a model that is listed before its files are there is asked for again in a moment', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  let published = false;
  const own = createFixtureApp({
    readFile: async (path) => (published || path === 'index.json' ? readFixture(path) : null),
  });
  const early = await own.request('/generate/tiny@1.json?seed=a');
  expect([early.status, early.headers.get('Retry-After'), await early.json()]).toEqual([
    503,
    '2',
    {
      type: 'about:blank',
      title: 'Not ready',
      status: 503,
      detail: 'tiny@1/decoder.onnx is not there yet; try again in a moment',
    },
  ]);
  expect(logged).toHaveBeenCalledOnce();
  published = true;
  expect((await own.request('/generate/tiny@1.json?seed=a')).status).toBe(200);
  logged.mockRestore();
});

test('an error picture says each thing once', async () => {
  const small = await get('/generate/tiny.png?seed=a&n=65');
  const twice = await get('/generate/tiny.png?seed=a&n=65&scale=99');
  const height = async (response: Response) => new DataView(await response.arrayBuffer()).getUint32(20);
  // Two lines of text, and three: every line has 20 pixels, and 24 are around them.
  expect([await height(small), await height(twice)]).toEqual([24 + 2 * 20, 24 + 3 * 20]);
});
