// What a model or one request cannot do: refused before any work, with the value that fits or the models that can.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { encodePng } from '../../core/image/png.ts';
import { textImage } from '../../core/image/text.ts';
import { createFixtureApp, readCosting, readLarge } from './fixture.ts';

const app = createFixtureApp();
const json = { Accept: 'application/json' };

const large = createFixtureApp({ readFile: readLarge });

test.each([
  // 64² pixels × 64 places (8 columns of 8) × scale² ≤ 8 MiB.
  ['/generate?format=png&seed=a&n=64&scale=16', 'scale', 5],
  // 33 places a row, two rows: the empty places count.
  ['/generate?format=png&seed=a&n=64&columns=33&scale=16', 'scale', 5],
  ['/interpolate?format=png&from=a&to=b&steps=64&loop=true&scale=16', 'scale', 4],
])('%s: %s fits up to %d', async (path, parameter, fits) => {
  const refused = await large.request(path, { headers: json });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({
    errors: [{ parameter, rule: `must be at most ${fits} for this model`, value: 16 }],
  });
});

/** What the picture of an error says. */
async function expectWords(response: Response, words: string): Promise<void> {
  expect([response.status, response.headers.get('Content-Type')]).toEqual([422, 'image/png']);
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(encodePng(textImage(words)));
}
const PLANE = 'origin=a&right=b&down=c';

test('a map is as large as its picture and its work may be, and no larger', async () => {
  // 64² pixels × 32² places × scale² ≤ 8 MiB.
  await expectWords(
    await large.request(`/manifold/tiny.png?${PLANE}&size=32&scale=16`),
    '422 Cannot be done. scale=16 is too large a picture; scale must be at most 1 for this model; scale: must be at most 1 for this model',
  );
  // A million operations an image: 5² of them fit into 25 million, and not into one less.
  const bounded = (maxOperations: number) => createFixtureApp({ maxOperations });
  expect((await bounded(25e6).request(`/manifold/tiny.png?${PLANE}&size=5`)).status).toBe(200);
  await expectWords(
    await bounded(25e6 - 1).request(`/manifold/tiny.png?${PLANE}&size=5`),
    '422 Cannot be done. size=5 is too much work for one request; size must be at most 4 for this model; size: must be at most 4 for this model',
  );
});

test.each([
  // 4 billion operations without another bound: 64 images of 62.5 million each, 16² of 15.625 million.
  ['/generate/tiny.json?seed=a&n=64', 62.5e6, 'n', 63],
  ['/interpolate/tiny.json?from=a&to=b&steps=64', 62.5e6, 'steps', 63],
  ['/complete?model=halves&n=64&format=json', 62.5e6, 'n', 63],
  ['/decode?model=tiny&format=json', 62.5e6, 'body.latents.length', 63],
  [`/manifold/tiny.png?${PLANE}&size=16`, 15.625e6, 'size', 15],
])('%s of %d operations an image is just allowed', async (path, flopsPerImage, parameter, fits) => {
  const costing = (flops: number) => createFixtureApp({ readFile: readCosting(flops) });
  const body = path.startsWith('/decode')
    ? { latents: Array(64).fill([0, 0, 0]) }
    : { pixels: [0], width: 1, height: 1 };
  const ask = (flops: number) =>
    costing(flops).request(
      path,
      /^.(complete|decode)/.test(path)
        ? {
            method: 'POST',
            body: JSON.stringify(body),
            headers: { 'Content-Type': 'application/json' },
          }
        : {},
    );
  expect((await ask(flopsPerImage)).status).toBe(200);
  const refused = await ask(flopsPerImage + 1);
  const rule = `must be at most ${fits} for this model`;
  if (path.startsWith('/manifold'))
    return expectWords(
      refused,
      `422 Cannot be done. size=16 is too much work for one request; size ${rule}; size: ${rule}`,
    );
  expect([refused.status, await refused.json()]).toMatchObject([422, { errors: [{ parameter, rule }] }]);
});

test('a model that cannot serve a route is refused with the models that can', async () => {
  const edit = await app.request('/edit?model=decoder-only&seed=a', { method: 'POST' });
  expect([edit.status, ((await edit.json()) as { detail: string }).detail]).toEqual([
    422,
    'decoder-only@1 cannot edit; models that can: shapes@1',
  ]);
  const encode = await app.request('/encode?model=decoder-only', { method: 'POST', body: '{}' });
  expect(await encode.json()).toMatchObject({
    detail: 'decoder-only@1 cannot encode; models that can: tiny@1, tiny@2, shapes@1, bits@1, codes@1',
  });
});

test.each([
  ['GET', '/decode', 405, 'POST, OPTIONS'],
  ['POST', '/generate', 405, 'GET, HEAD, OPTIONS'],
  ['DELETE', '/models/tiny', 405, 'GET, HEAD, OPTIONS'],
  ['POST', '/nowhere', 404, null],
])('%s %s is %d', async (method, path, status, allow) => {
  const response = await app.request(path, { method });
  expect([response.status, response.headers.get('Allow')]).toEqual([status, allow]);
});

test('where a picture was asked for, an error is a picture', async () => {
  const images = { Accept: 'image/avif,image/webp,image/*,*/*;q=0.8' };
  for (const path of ['/generate?seed=a&n=0', '/generate/tiny.gif?seed=a', '/nowhere', '/generate/x.png']) {
    const response = await app.request(path, { headers: images });
    expect([path, response.status >= 400, response.headers.get('Content-Type')]).toEqual([
      path,
      true,
      'image/png',
    ]);
    const { width } = decodePng(new Uint8Array(await response.arrayBuffer()), { maxPixels: 1e6 });
    expect(width).toBeGreaterThan(200);
  }
  const explicit = await app.request('/generate/tiny.json?n=0', { headers: images });
  expect(explicit.headers.get('Content-Type')).toBe('application/problem+json');
});

test.each(['0x2', ' 2', '2e0', '+2', '2.', '', 'two'])('n=%j is no number here', async (n) => {
  expect((await app.request(`/generate?seed=a&n=${encodeURIComponent(n)}`)).status).toBe(400);
});

test('a value in a body is named by its place', async () => {
  const response = await app.request('/encode', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"pixels":[0,7],"width":2,"height":1}',
  });
  expect(await response.json()).toMatchObject({
    status: 400,
    errors: [{ parameter: 'body.pixels.1', value: 7 }],
  });
});

test('a body above 256 KiB is refused, declared or not', async () => {
  const body = new Uint8Array(256 * 1024 + 1);
  const headers = { 'Content-Type': 'image/png' };
  expect((await app.request('/encode', { method: 'POST', headers, body })).status).toBe(413);
  const stream = new Response(body).body!;
  const request = new Request('http://localhost/encode', {
    method: 'POST',
    headers,
    body: stream,
    duplex: 'half',
  } as RequestInit);
  expect((await app.request(request)).status).toBe(413);
});
