// `label`: conditional models on every route, in all of its answers, and where it is refused. The fixture `shapes` has
// the classes circle, 0 and square, so that a name can be mistaken for an index.
import { expect, test } from 'vitest';
import { decodePng } from '../../core/image/decode-png.ts';
import { createFixtureApp } from './fixture.ts';
import { textsOf } from './texts.ts';

const app = createFixtureApp();
const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers });
const bytes = async (path: string) => new Uint8Array(await (await get(path)).arrayBuffer());
const pixels = async (path: string) => [...decodePng(await bytes(path), { maxPixels: 1e6 }).pixels];
const post = (path: string, body: unknown) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json' },
  });

type Answer = {
  label?: string;
  latent?: number[];
  mean?: number[];
  logVariance?: number[];
  images: { label?: string; latent: number[]; pixels: string }[];
};
const json = async (path: string) => (await (await get(path)).json()) as Answer;
const posted = async (path: string, body: unknown) => (await (await post(path, body)).json()) as Answer;

/** log p(x|z) − KL for a class, from what the routes answer. */
async function boundOf(x: number[], label: string): Promise<number> {
  const { mean, logVariance } = await posted(`/encode?model=shapes&label=${label}`, {
    pixels: x,
    width: 8,
    height: 8,
  });
  const response = await post(`/decode?model=shapes&label=${label}&format=npy`, { latents: [mean] });
  const y = new Float32Array((await response.arrayBuffer()).slice(128));
  const terms = x.map((value, i) => value * Math.log(y[i]!) + (1 - value) * Math.log(1 - y[i]!));
  const kl = mean!.map((m, j) => 0.5 * (m * m + Math.exp(logVariance![j]!) - 1 - logVariance![j]!));
  return terms.reduce((a, b) => a + b) - kl.reduce((a, b) => a + b);
}

const RULE = 'must be one of circle, 0, square, or an index from 0 to 2';
const image = { pixels: Array(64).fill(0.2), width: 8, height: 8 };

test('the default label is drawn from the seed, image by image, and shifts no other draw', async () => {
  const { images } = await json('/generate/shapes.json?seed=anna&n=12');
  // Golden: the draw itself.
  expect(images.map(({ label }) => label).join(' ')).toMatchInlineSnapshot(
    `"square circle circle circle circle circle square square circle circle circle 0"`,
  );
  const fixed = await json('/generate/shapes.json?seed=anna&n=12&label=circle');
  expect(fixed.images.map(({ latent }) => latent)).toEqual(images.map(({ latent }) => latent));
  expect((await json('/generate/tiny.json?seed=anna')).images[0]!.latent).toEqual(images[0]!.latent);
  const alone = await json('/generate/shapes.json?seed=anna');
  expect(alone.images[0]).toEqual(images[0]);
  // The label that was drawn, asked for by name, is the same picture.
  const asked = await json(`/generate/shapes.json?seed=anna&label=${alone.images[0]!.label}`);
  expect(asked.images).toEqual(alone.images);
});

test('a label is a name, else an index; both are the same answer, another label is another', async () => {
  const named = await get('/generate/shapes@1.png?seed=anna&label=square');
  const indexed = await get('/generate/shapes@1.png?seed=anna&label=2');
  const [tag, same] = [named, indexed].map(({ headers }) => headers.get('ETag'));
  expect(same).toBe(tag);
  expect(await indexed.arrayBuffer()).toEqual(await named.clone().arrayBuffer());
  const texts = textsOf(new Uint8Array(await named.arrayBuffer()));
  expect(texts['tEXt Label']).toBe('square');
  expect(texts['tEXt Parameters']).toBe(
    '{"seed":"anna","n":1,"columns":1,"label":"square","temperature":1,"scale":1,"colormap":"gray"}',
  );
  // '0' is the name of class 1, and so not class 0.
  const zero = await get('/generate/shapes@1.png?seed=anna&label=0');
  expect(zero.headers.get('ETag')).not.toBe(tag);
  expect((await json('/generate/shapes.json?seed=anna&label=0')).images[0]!.label).toBe('0');
  expect(await pixels('/generate/shapes.png?seed=anna&label=0')).toEqual(
    await pixels('/generate/shapes.png?seed=anna&label=1'),
  );
  expect(await pixels('/generate/shapes.png?seed=anna&label=0')).not.toEqual(
    await pixels('/generate/shapes.png?seed=anna&label=circle'),
  );
});

test('a sheet without a label names the label of every image, and says nothing of other models', async () => {
  const { images } = await json('/generate/shapes.json?seed=anna&n=4');
  const texts = textsOf(await bytes('/generate/shapes.png?seed=anna&n=4'));
  expect(texts['tEXt Label']).toBe(images.map(({ label }) => label).join(', '));
  expect(texts['tEXt Parameters']).not.toContain('label');
  expect(textsOf(await bytes('/generate/tiny.png?seed=anna&n=4'))).not.toHaveProperty('tEXt Label');
  expect((await json('/generate/tiny.json?seed=anna')).images[0]).not.toHaveProperty('label');
});

test('a path begins and ends with the pictures of its seeds, whatever their classes', async () => {
  // Seeds whose first images have different labels.
  const label = async (seed: string) => (await json(`/generate/shapes.json?seed=${seed}`)).images[0]!.label;
  const seeds = ['a', 'b', 'c', 'd', 'e', 'f'];
  const labels = await Promise.all(seeds.map(label));
  const other = seeds[labels.findIndex((name) => name !== labels[0])]!;
  const ends = await Promise.all(['a', other].map((seed) => json(`/generate/shapes.json?seed=${seed}`)));
  const { images } = await json(`/interpolate/shapes.json?from=a&to=${other}&steps=4&loop=true`);
  expect(images[0]!.pixels).toBe(ends[0]!.images[0]!.pixels);
  expect(images[3]!.pixels).toBe(ends[1]!.images[0]!.pixels);
  expect(images.map((frame) => frame.label)).toEqual([
    labels[0],
    undefined,
    undefined,
    await label(other),
    undefined,
    undefined,
  ]);
  const one = await json(`/interpolate/shapes.json?from=a&to=${other}&steps=4&label=square`);
  expect(one.images.map((frame) => frame.label)).toEqual(Array(4).fill('square'));
  expect(textsOf(await bytes(`/interpolate/shapes.apng?from=a&to=${other}`))['tEXt Label']).toBe(
    `${labels[0]}, ${await label(other)}`,
  );
});

test('a plane has one class: the one that was asked for, else that of its first seed', async () => {
  const plane = 'origin=anna&right=b&down=c&size=2';
  const { images } = await json('/generate/shapes.json?seed=anna');
  const drawn = await pixels(`/manifold/shapes.png?${plane}`);
  expect(await pixels(`/manifold/shapes.png?${plane}&label=${images[0]!.label}`)).toEqual(drawn);
  const others = ['circle', '0', 'square'].filter((name) => name !== images[0]!.label);
  for (const name of others)
    expect(await pixels(`/manifold/shapes.png?${plane}&label=${name}`)).not.toEqual(drawn);
});

test('latents are decoded as one class, or with weights of their own, which may blend', async () => {
  const latents = [
    [0.5, -1, 2],
    [1, 1, 0],
  ];
  const squares = await posted('/decode?model=shapes&format=json&label=square', { latents });
  expect(squares.images.map(({ label }) => label)).toEqual(['square', 'square']);
  const labels = [
    [0, 0, 1],
    [0.5, 0.5, 0],
  ];
  const mixed = await posted('/decode?model=shapes&format=json', { latents, labels });
  expect(mixed.images.map(({ label }) => label)).toEqual(['square', undefined]);
  expect(mixed.images[0]!.pixels).toBe(squares.images[0]!.pixels);
  expect(mixed.images[1]!.pixels).not.toBe(squares.images[1]!.pixels);
});

test('an image is encoded and reconstructed as a member of its class', async () => {
  const circle = await posted('/encode?model=shapes&label=circle', image);
  const square = await posted('/encode?model=shapes&label=square', image);
  expect([circle.label, square.label]).toEqual(['circle', 'square']);
  expect(circle.mean).not.toEqual(square.mean);
  const rebuilt = await posted('/reconstruct?model=shapes&label=square&format=json', image);
  const decoded = await posted('/decode?model=shapes&label=square&format=json', { latents: [square.mean] });
  expect(rebuilt).toEqual({ ...decoded, latent: square.mean });
  expect(rebuilt.images[0]!.label).toBe('square');
});

test.each([
  ['/generate?seed=a&', 'GET'],
  ['/interpolate?from=a&to=b&', 'GET'],
  ['/decode?', 'POST', { latents: [[0, 0, 0]] }],
  ['/encode?', 'POST', image],
  ['/reconstruct?', 'POST', image],
  ['/anomaly?', 'POST', image],
])(
  '%s: an unknown label, and a label for another model, are refused with those there are',
  async (path, method, body?: object) => {
    const ask = async (query: string) => {
      const response = await (method === 'GET' ? get(`${path}${query}`) : post(`${path}${query}`, body));
      return [response.status, await response.json()] as const;
    };
    for (const unknown of ['triangle', '3', '-1', '1.0', ''])
      expect(await ask(`model=shapes&label=${unknown}`)).toEqual([
        422,
        expect.objectContaining({
          detail: `shapes@1 has no label '${unknown}'; label ${RULE}`,
          errors: [{ parameter: 'label', rule: RULE, value: unknown }],
        }),
      ]);
    expect(await ask('model=tiny&label=circle')).toEqual([
      422,
      expect.objectContaining({ detail: 'tiny@2 takes no label; models that do: shapes@1' }),
    ]);
  },
);

test('without a label an image is taken for the class under which it is likeliest', async () => {
  const all = new Set<string | undefined>();
  for (const label of ['circle', '0', 'square']) {
    const latents = [[0.3, -0.2, 0.1]];
    const [own] = (await posted(`/decode?model=shapes&label=${label}&format=json`, { latents })).images;
    const pixels = Array.from(atob(own!.pixels), (c) => c.charCodeAt(0) / 255);
    const bounds = await Promise.all(['circle', '0', 'square'].map((name) => boundOf(pixels, name)));
    const likeliest = ['circle', '0', 'square'][bounds.indexOf(Math.max(...bounds))];
    const { label: found, mean } = await posted('/encode?model=shapes', { pixels, width: 8, height: 8 });
    expect(found).toBe(likeliest);
    all.add(found);
    expect(mean).toEqual(
      (await posted(`/encode?model=shapes&label=${found}`, { pixels, width: 8, height: 8 })).mean,
    );
  }
  expect(all.size).toBeGreaterThan(1);
});

test('the likeliest class is not looked for where that is too much work', async () => {
  const own = createFixtureApp({ maxOperations: 5e6 });
  const ask = (label: string) =>
    own.request(`/reconstruct?model=shapes${label}`, {
      method: 'POST',
      body: JSON.stringify(image),
      headers: { 'Content-Type': 'application/json' },
    });
  expect([(await ask('')).status, (await ask('&label=circle')).status]).toEqual([422, 200]);
});

test('POST /decode has no seed and no image: it needs the label', async () => {
  const response = await post('/decode?model=shapes', { latents: [[0, 0, 0]] });
  expect([response.status, await response.json()]).toMatchObject([
    422,
    { detail: `shapes@1 needs a label; label ${RULE}`, errors: [{ parameter: 'label', rule: RULE }] },
  ]);
});

const latents = [[0, 0, 0]];
test.each([
  ['model=shapes', { latents, labels: [] }, 'body.labels', 'must have 1 rows, one for each latent'],
  ['model=shapes', { latents, labels: [[0, 1]] }, 'body.labels.0', 'must have 3 weights'],
  ['model=shapes&label=0', { latents, labels: [[0, 0, 1]] }, 'body.labels', 'or label, not both'],
  ['model=tiny', { latents, labels: [[0, 0, 1]] }, 'body.labels', 'is not for tiny@2'],
])('/decode?%s of %j: %s %s', async (query, body, parameter, rule) => {
  const response = await post(`/decode?${query}`, body);
  expect([response.status, await response.json()]).toMatchObject([422, { errors: [{ parameter, rule }] }]);
});

test('a weight out of range is refused by its place', async () => {
  const response = await post('/decode?model=shapes', { latents, labels: [[0, 2, 0]] });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { errors: [{ parameter: 'body.labels.0.1', value: 2 }] },
  ]);
});

test('embedded pictures keep their label', async () => {
  const html = await (await get('/embed?model=shapes&seed=a&label=square')).text();
  expect(html).toContain('label=square');
  const url = encodeURIComponent('http://localhost/generate/shapes.png?seed=a&label=square');
  const { url: address } = (await (await get(`/oembed?url=${url}`)).json()) as { url: string };
  expect(new URL(address).searchParams.get('label')).toBe('square');
});

test('the document has label on every route that takes it', async () => {
  const { paths } = (await (await get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.values(methods).some(({ parameters }) => parameters?.some(({ name }) => name === 'label'))
      ? [path]
      : [],
  );
  expect(routes.toSorted()).toEqual([
    '/anomaly',
    '/compress',
    '/decode',
    '/edit',
    '/embed',
    '/encode',
    '/generate',
    '/generate/{file}',
    '/generate/{id}/{sized}',
    '/interpolate',
    '/interpolate/{file}',
    '/manifold/{file}',
    '/reconstruct',
  ]);
});
