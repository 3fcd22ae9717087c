// Pictures in a size, a frame and a format: fixed bytes in Node and in workerd, and what is said of them.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { sha256 } from '../../core/sha256.ts';
import { createFixtureApp } from './fixture.ts';
import { createZooApp } from './zoo.ts';

const zoo = createZooApp();
const app = createFixtureApp();
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const bytesOf = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());
const json = { Accept: 'application/json' };

test.each([
  ['faces-vae@1/160x160.png?seed=anna', 'd5584901106aaf8c'],
  ['faces-vae@1/160x90.webp?seed=anna&radius=20', 'fe7897046f9e26d2'],
  ['faces-vae@1.webp?seed=7&n=4', 'aeb110ef773f97fb'],
  ['mnist-vae@1/200x120.png?seed=anna&radius=50&background=336699', 'fc2582fa9b9b0ae2'],
  ['mnist-vae@1/96x96.webp?seed=anna&colormap=ember', '6c2315c23fc81ddd'],
  ['mnist-vae@1/100x100.png?seed=anna&scaling=pixel', 'ea3c68a8c4621a1b'],
  ['mnist-vae@1/16x16.png?seed=anna', '9ca27ca5640bc76b'],
  ['mnist-vae@1.png?seed=anna&scale=4&radius=25', '51edd09cca2b9bc0'],
  ['fashion-vae@1.svg?seed=anna&scale=4&radius=12&colormap=viridis', 'c27a4651ac4ae0ee'],
  ['mnist-vae@1.webp?seed=anna&scale=8', 'd84345ac734a1da8'],
])('%s has the same bytes everywhere', async (path, expected) => {
  const response = await zoo.request(`/generate/${path}`);
  expect(response.status).toBe(200);
  expect((await sha256(await response.arrayBuffer())).slice(0, 16)).toBe(expected);
});

test('the address with a size is the one with the parameter', async () => {
  const path = await get('/generate/tiny/40x20.png?seed=a');
  const query = await get('/generate?model=tiny&format=png&seed=a&size=40x20');
  expect(path.headers.get('ETag')).toBe(query.headers.get('ETag'));
  expect(path.headers.get('Content-Location')).toBe('/generate/tiny@2/40x20.png?seed=a');
  const bytes = new Uint8Array(await path.arrayBuffer());
  expect(new Uint8Array(await query.arrayBuffer())).toEqual(bytes);
  const { width, height } = decodePng(bytes, { maxPixels: 1e6 });
  expect([width, height]).toEqual([40, 20]);
  expect((await get('/generate/tiny@1/40x20.png?seed=a')).headers.get('Cache-Control')).toMatch(/immutable$/);
});

test('without a size or a frame a picture has the bytes that it always had', async () => {
  const plain = await bytesOf('/generate/tiny@1.png?seed=a&scale=2');
  expect(
    await bytesOf('/generate/tiny@1.png?seed=a&scale=2&radius=0&background=transparent&scaling=smooth'),
  ).toEqual(plain);
});

test.each([
  ['/generate/tiny@1.webp?seed=a', 'image/webp', 'inline; filename="tiny-a-1-1-1-1-gray.webp"'],
  ['/generate/tiny@1.svg?seed=a', 'image/svg+xml', 'inline; filename="tiny-a-1-1-1-1-gray.svg"'],
  [
    '/generate/tiny@1/32x32.png?seed=a&download=true',
    'image/png',
    'attachment; filename="tiny-a-1-1-1-32x32-smooth-gray.png"',
  ],
])('%s is %s, %s', async (path, type, disposition) => {
  const { headers } = await get(path);
  expect([headers.get('Content-Type'), headers.get('Content-Disposition')]).toEqual([type, disposition]);
});

test('ways of saying the same have one tag and one address', async () => {
  const [small, large] = [
    await get('/generate/tiny.png?seed=a&radius=9&background=aabbcc'),
    await get('/generate/tiny.png?seed=a&radius=9&background=AABBCC&download=true'),
  ];
  expect(large.headers.get('ETag')).toBe(small.headers.get('ETag'));
  expect(large.headers.get('Content-Location')).toBe(
    '/generate/tiny@2.png?seed=a&radius=9&background=AABBCC',
  );
});

test('a browser that would take anything gets a PNG where no format is asked for', async () => {
  const accept = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
  expect((await get('/generate?seed=a', { Accept: accept })).headers.get('Content-Type')).toBe('image/png');
});

test('words in an SVG are words, and opened by itself it runs nothing', async () => {
  const response = await get(`/generate/tiny@1.svg?seed=${encodeURIComponent('<a&"b')}&radius=50`);
  expect(response.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  const text = await response.text();
  expect(text).toContain('<title>Tiny, seed &#60;a&#38;&#34;b</title>');
  expect(text).toContain('<rect x="0" y="0" width="8" height="8" rx="4"/>');
});

test.each([
  [
    '/generate/tiny/7x8.png?seed=a',
    'sized: must be WIDTHxHEIGHT, each from 8 to 2048, and .png, .webp or .svg',
  ],
  [
    '/generate/tiny/8x8.json?seed=a',
    'sized: must be WIDTHxHEIGHT, each from 8 to 2048, and .png, .webp or .svg',
  ],
  ['/generate/tiny.json?seed=a&size=2049x8', 'size: must be WIDTHxHEIGHT, each from 8 to 2048'],
  ['/generate/tiny/8x8.png?seed=a&scale=2', 'scale: is not a parameter of this route, but of /generate'],
  ['/generate/tiny.json?seed=a&radius=51', 'radius: must be a number from 0 to 50'],
  ['/generate/tiny.json?background=red', 'background: must be transparent, or six hexadecimal digits'],
])('%s is refused: %s', async (path, detail) => {
  const response = await get(path, json);
  expect([response.status, await response.json()]).toMatchObject([400, { detail }]);
});

test('a size is work, and bounded with the work of the pictures in it', async () => {
  const bounded = createFixtureApp({ maxOperations: 80e6 });
  // (80e6 / 0.8 − 1e6) operations at 720 a byte, 2 bytes a pixel of grey and alpha, 4 of WebP.
  const refused = await bounded.request('/generate/tiny/300x300.png?seed=a', { headers: json });
  expect([refused.status, await refused.json()]).toMatchObject([
    422,
    {
      errors: [
        { parameter: 'size', rule: 'must have at most 68750 pixels for this request', value: '300x300' },
      ],
    },
  ]);
  expect((await bounded.request('/generate/tiny/275x250.png?seed=a')).status).toBe(200);
  const webp = await bounded.request('/generate/tiny/275x126.webp?seed=a', { headers: json });
  expect(await webp.json()).toMatchObject({
    errors: [{ rule: 'must have at most 34375 pixels for this request' }],
  });
  const framed = await bounded.request('/generate/tiny.png?seed=a&n=64&scale=8&radius=1', { headers: json });
  expect(await framed.json()).toMatchObject({ errors: [{ parameter: 'scale', value: 8 }] });
  // Its few pixels are what an SVG holds.
  expect((await bounded.request('/generate/tiny/2048x2048.svg?seed=a')).status).toBe(200);
  const all = await app.request('/generate/tiny/2048x2048.webp?seed=a', { headers: json });
  expect(await all.json()).toMatchObject({
    errors: [{ rule: 'must have at most 1735763 pixels for this request' }],
  });
});

test('oEmbed understands every address of a picture', async () => {
  for (const path of ['tiny@1.webp', 'tiny%401/64x32.svg', 'tiny/64x64.png']) {
    const url = encodeURIComponent(`http://localhost/generate/${path}?seed=a&radius=3`);
    const answer = await get(`/oembed?url=${url}&maxwidth=64&maxheight=64`);
    expect([path, answer.status, await answer.json()]).toMatchObject([path, 200, { width: 64, height: 64 }]);
  }
});
