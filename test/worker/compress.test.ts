// POST /compress and /decompress: an image and back, by the code alone; bad codes and requests say what is wrong.
// tiny@1 (tag 0001), shapes@1 (tag 0a02, three classes), bits@1 and codes@1 (00b1 and 00c0, of symbols) of the fixture compress.
import { expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { createFixtureApp } from './fixture.ts';
import { textsOf } from './texts.ts';

const app = createFixtureApp();
const pixels = Array.from({ length: 64 }, (_, i) => (i % 8) / 70);
const grey = JSON.stringify({ pixels, width: 8, height: 8 });
const post = (path: string, body: BodyInit | undefined = grey, type = 'application/json') =>
  app.request(path, { method: 'POST', body, headers: { 'Content-Type': type } });
const octets = (path: string, body: Uint8Array) => post(path, body as BodyInit, 'application/octet-stream');
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

type Code = { quality: number; label?: string; bits: number; bytes: number; code: string };
type Picture = {
  model: string;
  version: number;
  latent: number[];
  images: { label?: string; pixels: string }[];
};
const json = async <T>(response: Response | Promise<Response>) => (await (await response).json()) as T;

const MOST_STEPS = 0.501;
const STEPS = [0.25, 0.5, 1];

test.each([
  ['tiny@1', 1, 6],
  ['tiny@1', 5, 1],
  ['tiny@1', 6, 0.5],
  ['shapes', 5, 1],
  ['shapes', 6, 0.5],
])('%s at quality %d: the latents come back within %d posterior deviations', async (model, quality, step) => {
  const encoded = await json<{ mean: number[]; label?: string }>(post(`/encode?model=${model}`));
  const response = await post(`/compress?model=${model}&quality=${quality}`);
  const { headers } = response;
  expect([response.status, headers.get('Content-Type'), headers.get('X-Label')]).toEqual([
    200,
    'application/octet-stream',
    encoded.label ?? null,
  ]);
  const code = await bytesOf(response);
  const bits = Number(headers.get('X-Bits'));
  expect(code.length - 3).toBeGreaterThanOrEqual(Math.floor(bits / 8));
  expect(code.length - 3).toBeLessThan(bits / 8 + 1);
  const picture = await json<Picture>(octets('/decompress?format=json', code));
  const name = model.split('@')[0]!;
  expect(picture).toMatchObject({ model: name, version: 1, quality });
  expect(picture.images[0]!.label).toBe(encoded.label);
  picture.latent.forEach((value, j) => {
    expect(Math.abs(value - encoded.mean[j]!)).toBeLessThan(MOST_STEPS * step * STEPS[j]!);
  });
  const labels = encoded.label ? `&label=${encoded.label}` : '';
  const decoded = await json<Picture>(
    post(`/decode?model=${name}@1&format=json${labels}`, JSON.stringify({ latents: [picture.latent] })),
  );
  expect(picture.images).toEqual(decoded.images);
});

test('bytes and base64 are the same code, both ways, from pixels and from a PNG', async () => {
  const bytes = await bytesOf(await post('/compress?model=tiny@1'));
  const { code, ...said } = await json<Code>(post('/compress?model=tiny@1&format=json'));
  expect(Uint8Array.from(atob(code), (c) => c.charCodeAt(0))).toEqual(bytes);
  expect(said).toEqual({
    model: 'tiny',
    version: 1,
    quality: 5,
    bits: expect.any(Number),
    bytes: bytes.length,
  });
  const accepted = await app.request('/compress?model=tiny@1', {
    method: 'POST',
    body: grey,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
  });
  expect(await accepted.json()).toEqual({ code, ...said });
  const png = encodePng({
    width: 8,
    height: 8,
    channels: 1,
    pixels: Uint8Array.from(pixels, (value) => Math.floor(255 * value + 0.5)),
  });
  expect(await bytesOf(await post('/compress?model=tiny@1', png as BodyInit, 'image/png'))).toEqual(bytes);
  const body = JSON.stringify({ code });
  const fromJson = await bytesOf(await post('/decompress', body));
  expect(fromJson).toEqual(await bytesOf(await octets('/decompress', bytes)));
  expect(textsOf(fromJson)).toEqual({
    'tEXt Software': 'dreamlet',
    'tEXt Model': 'tiny@1',
    'tEXt Parameters': JSON.stringify({ code, quality: 5, columns: 1, scale: 1, colormap: 'gray' }),
  });
  const npy = await octets('/decompress?format=npy', bytes);
  expect([npy.headers.get('Content-Type'), (await bytesOf(npy)).length]).toEqual([
    'application/octet-stream',
    128 + 4 * 64,
  ]);
});

type Symbols = { codes: number[]; images: { pixels: string }[] };

test.each(['bits', 'codes'])('%s: the likeliest code comes back at the best quality', async (model) => {
  for (const start of [0, 20, 40]) {
    const body = JSON.stringify({
      pixels: [...pixels.slice(start), ...pixels.slice(0, start)],
      width: 8,
      height: 8,
    });
    const { codes } = await json<Symbols>(post(`/encode?model=${model}`, body));
    const response = await post(`/compress?model=${model}&quality=6`, body);
    const code = await bytesOf(response);
    const bits = Number(response.headers.get('X-Bits'));
    expect(code.length - 3).toBeGreaterThanOrEqual(Math.floor(bits / 8));
    expect(code.length - 3).toBeLessThan(bits / 8 + 1);
    const picture = await json<Symbols>(octets('/decompress?format=json', code));
    expect(picture).toMatchObject({ model, version: 1, quality: 6, codes });
    const decoded = await json<Symbols>(
      post(`/decode?model=${model}&format=json`, JSON.stringify({ codes: [codes] })),
    );
    expect(picture.images).toEqual(decoded.images);
  }
});

test('a code of symbols is the same whatever runs the other graphs, and a damaged one is refused', async () => {
  const code = await bytesOf(await post('/compress?model=codes&quality=6'));
  expect(await bytesOf(await post('/compress?model=codes&quality=6&engine=ort'))).toEqual(code);
  const longer = Uint8Array.from([...code, 0]);
  const response = await octets('/decompress', longer);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { detail: 'the code is damaged: no picture has it' },
  ]);
});

test('a label that is asked for is the one in the code', async () => {
  for (const label of ['circle', '0', 'square']) {
    const code = await bytesOf(await post(`/compress?model=shapes&label=${label}`));
    const { images } = await json<Picture>(octets('/decompress?format=json', code));
    expect(images[0]!.label).toBe(label);
  }
});

test.each([
  ['/compress?model=tiny', 422, 'tiny@2 cannot compress; models that can: tiny@1, shapes@1, bits@1, codes@1'],
  ['/compress?model=tiny@1&quality=7', 400, 'quality: must be a whole number from 1 to 6'],
  ['/compress?model=tiny@1&label=a', 422, 'tiny@1 takes no label; models that do: shapes@1'],
  ['/decompress?model=tiny@1', 400, 'model: is not a parameter of this route, but of /generate'],
])('%s is %d: %s', async (path, status, detail) => {
  const response = await post(path);
  expect([response.status, await response.json()]).toMatchObject([status, { detail }]);
});

test.each([
  ['', 400, 'a code has at least 3 bytes, this one 0'],
  ['1500', 400, 'a code has at least 3 bytes, this one 2'],
  ['890001', 400, 'codes of format 1 can be read, this one is of 8'],
  ['1f0001', 400, 'the quality of a code is 1 to 6, that of this one 15'],
  [
    '15ffff80',
    404,
    'the code is for a model with the tag ffff, which is not here; the models that compress are tiny@1, shapes@1, bits@1, codes@1',
  ],
  ['1500018000', 400, 'the code is damaged: no picture has it'],
  [`150001${'80'.repeat(400)}`, 400, 'the code is damaged: no picture has it'],
])('the code %s is %d: %s', async (hex, status, detail) => {
  const code = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const response = await octets('/decompress', code);
  expect([response.status, await response.json()]).toMatchObject([status, { detail }]);
});

test.each([
  ['{"code":"?"}', 'application/json', 400, 'the body does not fit'],
  ['{"code":"A"}', 'application/json', 400, 'the body does not fit'],
  [
    'FQAB',
    'text/plain',
    415,
    "send the code as application/octet-stream or application/json, not 'text/plain'",
  ],
  [
    'x'.repeat(262_145),
    'application/octet-stream',
    413,
    'the body has 262145 bytes; at most 262144 are allowed',
  ],
])('the body %.20s of type %s is %d: %s', async (body, type, status, detail) => {
  const response = await post('/decompress', body, type);
  expect([response.status, await response.json()]).toMatchObject([status, { detail }]);
});

test('both routes count against the limit', async () => {
  const limited = createFixtureApp({ allow: async () => false });
  for (const path of ['/compress', '/decompress'])
    expect((await limited.request(path, { method: 'POST' })).status).toBe(429);
});
