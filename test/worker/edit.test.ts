// POST /edit: the latent moves by strength × vector, from a seed and from an image; bad requests say what there is.
// The directions of the fixture `shapes` are `size` (1, −½, 0) and `tilt` (0, 2, ¼).
import { expect, test } from 'vitest';
import { encodePng } from '../../core/image/png.ts';
import { createFixtureApp } from './fixture.ts';
import { textsOf } from './texts.ts';

const app = createFixtureApp();
const grey = { pixels: Array(64).fill(0.2), width: 8, height: 8 };
const post = (path: string, body?: unknown) =>
  app.request(path, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });

type Answer = {
  label: string;
  mean: number[];
  images: { latent: number[]; pixels: string; label?: string }[];
};
const posted = async (path: string, body?: unknown) => (await (await post(path, body)).json()) as Answer;
const generated = async (query: string) =>
  ((await (await app.request(`/generate/shapes.json?${query}`)).json()) as Answer).images[0]!;

const moved = (z: number[], strength: number) =>
  [z[0]! + strength, z[1]! - 0.5 * strength, z[2]!].map((value) => expect.closeTo(value, 5));

test.each([1, -2.5, 0])('a seed is moved by strength %d', async (strength) => {
  const from = await generated('seed=anna');
  const edited = await posted(`/edit?model=shapes&seed=anna&direction=size&strength=${strength}&format=json`);
  expect(edited).toEqual({
    model: 'shapes',
    version: 1,
    seed: 'anna',
    temperature: 1,
    direction: 'size',
    strength,
    label: from.label,
    images: [
      {
        index: 0,
        latent: moved(from.latent, strength),
        width: 8,
        height: 8,
        channels: 1,
        pixels: expect.any(String),
      },
    ],
  });
  expect(edited.images[0]!.pixels === from.pixels).toBe(strength === 0);
});

test.each([
  ['-1,0.5', [-1, 1.5, 0.125]],
  ['2', [2, 3, 0.5]],
])('several directions add up, strength %s', async (strength, by) => {
  const { latent: from } = await generated('seed=anna');
  const path = `/edit?model=shapes&seed=anna&direction=size,tilt&strength=${strength}&format=json`;
  const edited = await posted(path);
  expect(edited).toMatchObject({
    direction: 'size,tilt',
    strength: strength === '2' ? 2 : strength,
    images: [{ latent: from.map((value, j) => expect.closeTo(value + by[j]!, 5)) }],
  });
});

test('a seed is cooled before it is moved', async () => {
  const { latent: from } = await generated('seed=anna&temperature=0.5');
  const path = '/edit?model=shapes&seed=anna&temperature=0.5&direction=size&format=json';
  expect(await posted(path)).toMatchObject({ temperature: 0.5, images: [{ latent: moved(from, 1) }] });
});

test.each(['', '&label=circle', '&label=square'])(
  'an image is moved from its posterior mean%s',
  async (label) => {
    const encoded = await posted(`/encode?model=shapes${label}`, grey);
    const path = `/edit?model=shapes&direction=size&strength=0.5&format=json${label}`;
    const edited = await posted(path, grey);
    expect(edited.label).toBe(encoded.label);
    expect(edited.images[0]!.latent).toEqual(moved(encoded.mean, 0.5));
    const latents = [edited.images[0]!.latent];
    const decoded = await posted(`/decode?model=shapes&format=json&label=${encoded.label}`, { latents });
    expect(edited.images[0]!.pixels).toBe(decoded.images[0]!.pixels);
    const png = encodePng({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(51) });
    const headers = { 'Content-Type': 'image/png' };
    const fromPng = await app.request(path, { method: 'POST', body: png as BodyInit, headers });
    expect(await fromPng.json()).toEqual(edited);
  },
);

test('the picture says what makes it again', async () => {
  const response = await post('/edit?model=shapes&seed=a&direction=size&label=0&scale=2');
  const { headers } = response;
  expect([response.status, headers.get('Content-Type'), headers.get('Cache-Control')]).toEqual([
    200,
    'image/png',
    'no-store',
  ]);
  expect(textsOf(new Uint8Array(await response.arrayBuffer()))).toEqual({
    'tEXt Software': 'dreamlet',
    'tEXt Model': 'shapes@1',
    'tEXt Seed': 'a',
    'tEXt Label': '0',
    'tEXt Parameters':
      '{"seed":"a","temperature":1,"direction":"size","strength":1,"label":"0","scale":2,"colormap":"gray"}',
  });
});

test.each([
  ['model=shapes&seed=a', 422, 'direction is missing; for shapes@1 it must be one of size, tilt'],
  [
    'model=shapes&seed=a&direction=age',
    422,
    "shapes@1 has no direction 'age'; direction must be one of size, tilt",
  ],
  ['model=tiny&seed=a&direction=size', 422, 'tiny@2 cannot edit; models that can: shapes@1'],
  [
    'model=shapes&seed=a&direction=size&strength=6',
    400,
    'strength: must be a number from -5 to 5, or several with commas between them',
  ],
  [
    'model=shapes&seed=a&direction=size&strength=--1',
    400,
    'strength: must be a number from -5 to 5, or several with commas between them',
  ],
  [
    'model=shapes&seed=a&direction=size,age',
    422,
    "shapes@1 has no direction 'age'; direction must be one of size, tilt",
  ],
  [
    'model=shapes&seed=a&direction=size,tilt&strength=1,2,3',
    422,
    'strength must be one number, or 2, one for each direction; got 3',
  ],
  [
    'model=shapes&seed=a&direction=size,tilt&strength=1,',
    400,
    'strength: must be a number from -5 to 5, or several with commas between them',
  ],
  [
    'model=shapes&direction=size',
    415,
    "send the image as image/png, image/jpeg, image/webp or application/json, not ''",
  ],
  [
    'model=shapes&seed=a&direction=size&label=x',
    422,
    "shapes@1 has no label 'x'; label must be one of circle, 0, square, or an index from 0 to 2",
  ],
])('/edit?%s is %d: %s', async (query, status, detail) => {
  const response = await post(`/edit?${query}`);
  expect([response.status, await response.json()]).toMatchObject([status, { detail }]);
});
