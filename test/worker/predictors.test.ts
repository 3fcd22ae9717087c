// POST /complete and POST /classify, by the fixture's `halves` and `classes`.
import { expect, test } from 'vitest';
import { completionNoise, maskOf } from '../../core/completion.ts';
import { decodePng } from '../../core/image/decode-png.ts';
import { fromBase64 } from '../../core/image/encode.ts';
import { encodePng } from '../../core/image/png.ts';
import { createFixtureApp } from './fixture.ts';
import { textsOf } from './texts.ts';

const app = createFixtureApp();
const PIXELS = Array.from({ length: 64 }, (_, i) => (i % 5) / 4);
const image = { pixels: PIXELS, width: 8, height: 8 };
const post = (path: string, body: unknown = image) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });
type Answer = { seed: string; mask: string; images: { pixels: string }[]; detail: string; errors: object[] };
const posted = async (path: string, body?: unknown) => (await (await post(path, body)).json()) as Answer;
const completions = async (query: string, body?: unknown) =>
  (await posted(`/complete?model=halves&format=json&${query}`, body)).images.map(({ pixels }) => [
    ...fromBase64(pixels),
  ]);
const bytes = PIXELS.map((value) => Math.floor(255 * value + 0.5));
const isUpper = (i: number) => i < 32;

test('masks know one half; the middle of an odd side is in neither', () => {
  const drawn = (mask: 'upper' | 'lower' | 'left' | 'right', width: number, height: number) =>
    maskOf(mask, { width, height }).join('');
  expect(drawn('upper', 2, 4)).toBe('11110000');
  expect(drawn('lower', 2, 4)).toBe('00001111');
  expect(drawn('left', 4, 2)).toBe('11001100');
  expect(drawn('right', 4, 2)).toBe('00110011');
  expect([drawn('upper', 1, 3), drawn('lower', 1, 3), drawn('left', 3, 1), drawn('right', 3, 1)]).toEqual([
    '100',
    '001',
    '100',
    '001',
  ]);
});

test('noise of a completion is uniform, its own, and the same for ever', () => {
  expect([...completionNoise('anna', 0, 3)]).toMatchInlineSnapshot(`
    [
      0.035569336265325546,
      0.7003358006477356,
      0.08897074311971664,
    ]
  `);
  expect(completionNoise('anna', 1, 3)).not.toEqual(completionNoise('anna', 0, 3));
  expect(completionNoise('anna', 0, 2)).toEqual(completionNoise('anna', 0, 3).slice(0, 2));
});

test('the known half stays as it is, the other is filled in by the seed, and differs', async () => {
  const [first, second] = await completions('seed=anna&n=2');
  for (const one of [first!, second!]) expect(one.filter((_, i) => isUpper(i))).toEqual(bytes.slice(0, 32));
  const lower = (pixels: number[]) => pixels.filter((_, i) => !isUpper(i));
  expect(lower(first!)).not.toEqual(lower(second!));
  expect(await completions('seed=otto')).not.toEqual([first]);
  // Golden: the fixture's completion, in every runtime.
  expect(lower(first!).slice(0, 6)).toMatchInlineSnapshot(`
    [
      255,
      181,
      0,
      2,
      223,
      172,
    ]
  `);
});

test('completion i is the same alone, in a batch, and by the reference to a level', async () => {
  const many = await completions('seed=anna&n=21');
  expect(many.slice(0, 2)).toEqual(await completions('seed=anna&n=2'));
  const [reference] = await completions('seed=anna&engine=ort');
  expect(Math.max(...reference!.map((value, i) => Math.abs(value - many[0]![i]!)))).toBeLessThanOrEqual(1);
});

test('what is not known has no influence; another half is another question', async () => {
  const other = PIXELS.map((value, i) => (isUpper(i) ? value : 1 - value));
  expect(await completions('seed=a', { ...image, pixels: other })).toEqual(await completions('seed=a'));
  const [left] = await completions('seed=a&mask=left');
  expect(left!.filter((_, i) => i % 8 < 4)).toEqual(bytes.filter((_, i) => i % 8 < 4));
  expect(left).not.toEqual((await completions('seed=a'))[0]);
});

test('a sheet says what makes it again; an array has all means', async () => {
  const png = encodePng({ width: 8, height: 8, channels: 1, pixels: Uint8Array.from(bytes) });
  const headers = { 'Content-Type': 'image/png' };
  const response = await app.request('/complete?model=halves&seed=anna&n=4&scale=2', {
    method: 'POST',
    body: png,
    headers,
  });
  const said = ['Content-Type', 'X-Model', 'X-Seed', 'Cache-Control'].map((name) =>
    response.headers.get(name),
  );
  expect(said).toEqual(['image/png', 'halves@1', 'anna', 'no-store']);
  const sheet = new Uint8Array(await response.arrayBuffer());
  expect(decodePng(sheet, { maxPixels: 1e6 })).toMatchObject({ width: 32, height: 32 });
  expect(textsOf(sheet)).toMatchObject({
    'tEXt Seed': 'anna',
    'tEXt Parameters': '{"seed":"anna","mask":"upper","columns":2,"scale":2,"colormap":"gray"}',
  });
  const array = await post('/complete?model=halves&seed=anna&n=3&format=npy');
  expect((await array.arrayBuffer()).byteLength).toBe(128 + 4 * 3 * 64);
});

test('without a seed a random one is drawn, and told', async () => {
  const { seed, mask, images } = await posted('/complete?model=halves&format=json');
  expect([seed, mask]).toEqual([expect.stringMatching(/^[0-9a-z]{6}$/), 'upper']);
  expect((await posted(`/complete?model=halves&format=json&seed=${seed}`)).images).toEqual(images);
});

test.each([
  ['model=halves&mask=lower', 422, 'halves@1 does not know the mask lower; mask must be upper or left'],
  ['model=halves&mask=all', 400, 'mask: must be one of upper, lower, left, right'],
  ['model=halves&n=65', 400, 'n: must be a whole number from 1 to 64'],
  ['model=halves&colour=red', 400, 'colour: is not a parameter of this route'],
  ['model=tiny', 422, 'tiny@2 cannot complete; models that can: halves@1'],
  ['', 422, 'tiny@2 cannot complete; models that can: halves@1'],
])('/complete?%s is %d', async (query, status, detail) => {
  const response = await post(`/complete?${query}`);
  expect([response.status, ((await response.json()) as Answer).detail]).toEqual([status, detail]);
});

test('completions are bounded in work, and each counts', async () => {
  const own = createFixtureApp({ maxOperations: 5e6 });
  const response = await own.request('/complete?model=halves&n=9', { method: 'POST' });
  expect([response.status, await response.json()]).toMatchObject([
    422,
    { errors: [{ parameter: 'n', rule: 'must be at most 5 for this model', value: 9 }] },
  ]);
});

test('predictors make no pictures from nothing, and no codes', async () => {
  for (const path of ['/generate/halves.json?seed=a', '/interpolate/classes.json', '/embed?model=halves'])
    expect([path, (await app.request(path)).status]).toEqual([path, 422]);
  for (const path of ['/encode?model=halves', '/reconstruct?model=classes', '/decode?model=classes'])
    expect([path, (await post(path)).status]).toEqual([path, 422]);
});

test('an image has probabilities of its classes, by name, and a likeliest one', async () => {
  const response = await post('/classify?model=classes');
  const answer = (await response.json()) as { label: string; probabilities: Record<string, number> };
  expect(answer).toEqual({
    model: 'classes',
    version: 1,
    label: expect.any(String),
    probabilities: { circle: expect.any(Number), '0': expect.any(Number), square: expect.any(Number) },
  });
  const values = Object.values(answer.probabilities);
  expect(values.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 6);
  expect(answer.probabilities[answer.label]).toBe(Math.max(...values));
  expect(new Set(values).size).toBe(3);
  const theirs = (await (await post('/classify?model=classes&engine=ort')).json()) as typeof answer;
  for (const [label, p] of Object.entries(answer.probabilities))
    expect(theirs.probabilities[label]).toBeCloseTo(p, 6);
  const refused = await post('/classify?model=tiny');
  expect([refused.status, ((await refused.json()) as Answer).detail]).toEqual([
    422,
    'tiny@2 cannot classify; models that can: classes@1',
  ]);
});
