import { expect, test, vi } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { encodePng } from '../../core/image/png.ts';
import type { Engine } from '../../worker/engine/engine.ts';
import { createModelStore } from '../../worker/models/store.ts';
import { createFixtureApp, engine, fixtureCards, readFixture } from './fixture.ts';

const app = createFixtureApp();
const LIMIT = { maxPixels: 1 << 20 };
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const pixels = async (path: string) =>
  decodePng(new Uint8Array(await (await get(path)).arrayBuffer()), LIMIT);
const post = (path: string, body: BodyInit, type = 'application/json') =>
  app.request(path, { method: 'POST', body, headers: { 'Content-Type': type } });

test.each([
  ['/generate?seed=7', 200, 'image/png'],
  ['/generate?seed=7&format=json', 200, 'application/json'],
  ['/generate/tiny.npy?seed=7&n=2', 200, 'application/octet-stream'],
  ['/generate/tiny@1.png?seed=7&n=64&columns=3&scale=16&temperature=0&colormap=magma', 200, 'image/png'],
  ['/generate', 302, null],
  ['/generate?seed=7&n=65', 400, 'application/problem+json'],
  ['/generate?seed=7&n=1.5', 400, 'application/problem+json'],
  ['/generate?seed=7&temperature=', 400, 'application/problem+json'],
  ['/generate?seed=7&colour=red', 400, 'application/problem+json'],
  [`/generate?seed=${'é'.repeat(97)}`, 400, 'application/problem+json'],
  ['/generate/tiny.png?seed=7&n=0', 400, 'image/png'],
  ['/generate/tiny.gif?seed=7', 400, 'application/problem+json'],
  ['/generate/nobody.json?seed=7', 404, 'application/problem+json'],
  ['/generate/tiny@3.json?seed=7', 404, 'application/problem+json'],
  ['/interpolate/tiny.apng?from=a&to=b', 200, 'image/apng'],
  ['/interpolate?from=a', 302, null],
  ['/interpolate?from=a&to=b&steps=1', 400, 'application/problem+json'],
  ['/manifold/tiny.png', 422, 'image/png'],
  ['/manifold/tiny.png?origin=a&right=b&down=c&size=4', 200, 'image/png'],
  ['/models', 200, 'application/json'],
  ['/models/tiny@1', 200, 'application/json'],
  ['/models/tiny/decoder.onnx', 200, 'application/octet-stream'],
  ['/models/tiny/secrets.onnx', 404, 'application/problem+json'],
  ['/healthz', 200, 'application/json'],
  ['/openapi.json', 200, 'application/json'],
  ['/docs', 200, 'text/html; charset=UTF-8'],
  ['/embed?seed=<b>', 200, 'text/html; charset=UTF-8'],
  ['/oembed?url=http://localhost/generate/tiny.png?seed=a', 200, 'application/json'],
  ['/oembed?url=https://example.com/', 404, 'application/problem+json'],
  ['/nothing', 404, 'application/problem+json'],
  ['/complete', 405, 'application/problem+json'],
])('GET %s is %d', async (path, status, type) => {
  const response = await get(path);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([status, type]);
  if (status >= 400) expect(response.headers.get('Cache-Control')).toBe('no-store');
});

test('a bad parameter is named with its rule and its value', async () => {
  expect(await (await get('/generate?seed=7&n=65&foo=1')).json()).toEqual({
    type: 'about:blank',
    title: 'Bad request',
    status: 400,
    detail: 'n: must be a whole number from 1 to 64',
    errors: [
      { parameter: 'n', rule: 'must be a whole number from 1 to 64', value: '65' },
      { parameter: 'foo', rule: 'is not a parameter of this route', value: '1' },
    ],
  });
});

test.each(
  ['/generate?seed=7', '/interpolate?from=a&to=b', '/edit?seed=a&direction=size', '/embed?seed=a'].flatMap(
    (path) => ['3', '2.01', '-1', 'nan', 'Infinity', '1e0', ''].map((value) => [path, value] as const),
  ),
)('%s: a temperature of %o is named with its rule', async (path, value) => {
  const address = `${path}&temperature=${value}`;
  const response = await (path.startsWith('/edit') ? post(address, '') : get(address));
  expect(response.status).toBe(400);
  expect(((await response.json()) as { errors: unknown }).errors).toEqual([
    { parameter: 'temperature', rule: 'must be a number from 0 to 2', value },
  ]);
});

test('the same seed is the same picture; image i is the same alone and in a batch', async () => {
  const sheet = await pixels('/generate/tiny.png?seed=anna&n=4&columns=1');
  const json = (await (await get('/generate/tiny.json?seed=anna&n=2')).json()) as {
    images: { pixels: string }[];
  };
  const first = await pixels('/generate/tiny.png?seed=anna');
  expect(first.pixels).toEqual(sheet.pixels.slice(0, 64));
  expect(atob(json.images[1]!.pixels)).toBe(String.fromCharCode(...sheet.pixels.slice(64, 128)));
  // Golden: the fixture, by this engine, in every runtime.
  expect([...first.pixels.slice(0, 8)]).toMatchInlineSnapshot(`
    [
      107,
      17,
      212,
      191,
      144,
      176,
      53,
      80,
    ]
  `);
});

test('a path begins and ends with the pictures of its seeds', async () => {
  const strip = await pixels('/interpolate/tiny.png?from=a&to=b&steps=3');
  const column = (image: { pixels: Uint8Array; width: number }, left: number) =>
    Array.from({ length: 64 }, (_, i) => image.pixels[Math.floor(i / 8) * image.width + left + (i % 8)]);
  expect(strip.width).toBe(24);
  expect(column(strip, 0)).toEqual([...(await pixels('/generate/tiny.png?seed=a')).pixels]);
  expect(column(strip, 16)).toEqual([...(await pixels('/generate/tiny.png?seed=b')).pixels]);
});

test('cache rules: a pinned version is for ever, the newest for an hour', async () => {
  const pinned = await get('/generate/tiny@1.png?seed=anna');
  expect(pinned.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
  expect(pinned.headers.get('Content-Location')).toBeNull();
  expect(pinned.headers.get('X-Model')).toBe('tiny@1');
  expect(pinned.headers.get('X-Seed')).toBe('anna');
  expect(pinned.headers.get('Access-Control-Allow-Origin')).toBe('*');
  const newest = await get('/generate/tiny.png?seed=anna');
  expect(newest.headers.get('Cache-Control')).toBe('public, max-age=3600');
  expect(newest.headers.get('Content-Location')).toBe('/generate/tiny@2.png?seed=anna');
  expect(newest.headers.get('ETag')).not.toBe(pinned.headers.get('ETag'));
});

test('a missing seed redirects to a random one, once more after that', async () => {
  const [a, b] = [await get('/generate?n=2'), await get('/generate?n=2')];
  expect(a.headers.get('Location')).toMatch(/^\/generate\?n=2&seed=[0-9a-z]{6}$/);
  expect(a.headers.get('Location')).not.toBe(b.headers.get('Location'));
  expect(a.headers.get('Cache-Control')).toBe('no-store');
});

/** Counts what reaches the engine. */
function counting(): { counted: Engine; counts: { loads: number; runs: number } } {
  const counts = { loads: 0, runs: 0 };
  const counted: Engine = {
    name: 'counting',
    async load(onnx) {
      counts.loads += 1;
      const session = await engine.load(onnx);
      return {
        ...session,
        bytes: () => 45_000,
        run(feeds) {
          counts.runs += 1;
          return session.run(feeds);
        },
      };
    },
  };
  return { counted, counts };
}

test('a known tag is answered without inference', async () => {
  const { counted, counts } = counting();
  const own = createFixtureApp({ engine: counted });
  const etag = (await own.request('/generate/tiny@1.png?seed=anna')).headers.get('ETag')!;
  expect(counts.runs).toBe(1);
  const again = await own.request('/generate/tiny@1.png?seed=anna', { headers: { 'If-None-Match': etag } });
  expect([again.status, counts.runs]).toEqual([304, 1]);
  const other = await own.request('/generate/tiny@1.png?seed=otto', { headers: { 'If-None-Match': etag } });
  expect(other.status).toBe(200);
});

test('first requests that come together share one load', async () => {
  const { counted, counts } = counting();
  const own = createFixtureApp({ engine: counted });
  const answers = await Promise.all(
    ['a', 'b', 'c'].map((seed) => own.request(`/generate/tiny@1.png?seed=${seed}`)),
  );
  expect([answers.map(({ status }) => status), counts.loads]).toEqual([[200, 200, 200], 1]);
});

test('different graphs may be asked for at once', async () => {
  const own = createFixtureApp();
  const ask = (path: string, body: unknown) =>
    own.request(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
    });
  const image = { pixels: Array(64).fill(0.5), width: 8, height: 8 };
  const answers = await Promise.all([
    ask('/encode?model=tiny@1', image),
    own.request('/generate/tiny@2.png?seed=a&n=8'),
    ask('/reconstruct?model=tiny@2', image),
    ask('/decode?model=decoder-only', { latents: [[0, 0, 0]] }),
    own.request('/interpolate/tiny@1.png?from=a&to=b'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
});

test('a failed load is not remembered, and a damaged file is never run', async () => {
  let broken = true;
  const store = createModelStore(
    async (path) => {
      const bytes = await readFixture(path);
      if (broken && bytes && path.endsWith('decoder.onnx')) new Uint8Array(bytes)[9]! ^= 1;
      return bytes;
    },
    { engine },
  );
  const [card] = await fixtureCards();
  const names = () => store.withSession(card!, 'decoder', async ({ inputs }) => inputs);
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  await expect(names()).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '2' } });
  expect(logged.mock.calls[0]![0]).toMatch(/tiny@1\/decoder.onnx has SHA-256/);
  logged.mockRestore();
  broken = false;
  expect(await names()).toEqual([{ name: 'z', shape: ['batch', 3] }]);
});

test('sessions above the limit are released, the least recently used first', async () => {
  const { counted, counts } = counting();
  const store = createModelStore(readFixture, { engine: counted }, 100_000);
  const cards = await fixtureCards();
  const shapes = cards.find(({ id }) => id === 'shapes')!;
  const graphs = [
    [cards[0]!, 'decoder'],
    [cards[0]!, 'encoder'],
    [shapes, 'decoder'],
  ] as const;
  for (const i of [0, 1, 0, 2, 0, 1]) {
    const [card, graph] = graphs[i]!;
    await store.withSession(card, graph, async () => {});
  }
  // Room for two: 0 stays in use, 1 makes way for 2 and is loaded again.
  expect(counts.loads).toBe(4);
});

test('models and versions of the same graph share it', async () => {
  const { counted, counts } = counting();
  const store = createModelStore(readFixture, { engine: counted, reference: counted });
  const [first, second, other] = await fixtureCards();
  for (const card of [first, second, other]) await store.withSession(card!, 'decoder', async () => {});
  expect(counts.loads).toBe(1);
  await store.withSession(first!, 'decoder', async () => {}, 'ort');
  expect(counts.loads).toBe(2);
});

test('work is bounded, and the answer says what fits', async () => {
  const own = createFixtureApp({ maxOperations: 3e6 });
  const response = await own.request('/generate/tiny.json?seed=a&n=4');
  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    errors: [{ parameter: 'n', rule: 'must be at most 3 for this model', value: 4 }],
  });
});

test('too many requests are asked to wait', async () => {
  const own = createFixtureApp({ allow: async () => false });
  const response = await own.request('/generate?seed=a', { headers: { Accept: 'application/json' } });
  expect([response.status, response.headers.get('Retry-After')]).toEqual([429, '60']);
  expect((await own.request('/models')).status).toBe(200);
  for (const path of ['/decode', '/encode', '/reconstruct', '/edit', '/anomaly'])
    expect([path, (await own.request(path, { method: 'POST', body: '{}' })).status]).toEqual([path, 429]);
});

test('an image goes in, its posterior and its reconstruction come out', async () => {
  const image = { width: 8, height: 8, channels: 1 as const, pixels: new Uint8Array(64).fill(51) };
  const png = encodePng(image);
  const encoded = (await (await post('/encode', png, 'image/png')).json()) as {
    mean: number[];
    logVariance: number[];
  };
  const json = { pixels: Array(64).fill(0.2), width: 8, height: 8, channels: 1 };
  const same = (await (await post('/encode', JSON.stringify(json))).json()) as typeof encoded;
  expect(encoded).toEqual(same);
  expect([encoded.mean.length, encoded.logVariance.length]).toEqual([3, 3]);
  const rebuilt = await (await post('/reconstruct?format=json', png, 'image/png')).json();
  const decoded = await (
    await post('/decode?format=json', JSON.stringify({ latents: [encoded.mean] }))
  ).json();
  expect(rebuilt).toEqual({ ...(decoded as object), latent: encoded.mean });
});

test.each([
  ['/encode?model=decoder-only', '{}', 'application/json', 422],
  ['/encode', '{', 'application/json', 400],
  ['/encode', '{"pixels":[2],"width":1,"height":1}', 'application/json', 400],
  ['/encode', '{"pixels":[1,1],"width":1,"height":1}', 'application/json', 400],
  ['/encode', 'hello', 'text/plain', 415],
  ['/encode', new Uint8Array(300_000), 'image/png', 413],
  ['/encode', new Uint8Array(100), 'image/png', 400],
  ['/decode', 'hello', 'text/plain', 415],
  ['/decode', '{"latents":[[0]]}', 'application/json', 422],
  ['/decode', '{"latents":[]}', 'application/json', 400],
  ['/decode', '{"latents":[[0,0,"x"]]}', 'application/json', 400],
])('POST %s of %s as %s is %d', async (path, body, type, status) => {
  const response = await post(path, body as BodyInit, type);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([
    status,
    'application/problem+json',
  ]);
});
