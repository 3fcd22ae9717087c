// The OpenAPI document, the reference made from it, and the addresses that other sites embed.
import { expect, test } from 'vitest';
import { requestAddress } from '../../core/request-address.ts';
import type { ModelCard } from '../../models/card.ts';
import { exampleOf } from '../../worker/pages/examples.ts';
import { createFixtureApp } from './fixture.ts';

const app = createFixtureApp();
const text = async (path: string) => (await app.request(path)).text();

type Parameter = {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Record<string, unknown>;
};
type Operation = {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, unknown> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: object };
};

const read = async () => JSON.parse(await text('/openapi.json')) as Document;

test('every reference in the document leads to a schema', async () => {
  const document = await read();
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, n]) => n,
  );
  expect(references.length).toBeGreaterThan(20);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
});

test('the document has every route', async () => {
  const document = await read();
  expect(document.openapi).toBe('3.1.0');
  expect(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    ),
  ).toMatchInlineSnapshot(`
    [
      "get /generate",
      "get /generate/{file}",
      "get /generate/{id}/{sized}",
      "get /interpolate",
      "get /interpolate/{file}",
      "get /manifold/{file}",
      "post /decode",
      "post /encode",
      "post /reconstruct",
      "post /complete",
      "post /classify",
      "post /edit",
      "post /anomaly",
      "post /compress",
      "post /decompress",
      "get /models",
      "get /models/{id}",
      "get /models/{id}/{file}",
      "get /embed",
      "get /oembed",
      "get /openapi.json",
      "get /docs",
      "get /healthz",
    ]
  `);
});

test('POST routes say which bodies they take, every route what it answers', async () => {
  const { paths } = await read();
  expect(Object.keys(paths['/encode']!.post!.requestBody!.content)).toEqual([
    'image/png',
    'image/jpeg',
    'image/webp',
    'application/json',
  ]);
  expect(Object.keys(paths['/decode']!.post!.requestBody!.content)).toEqual(['application/json']);
  for (const [path, methods] of Object.entries(paths))
    for (const { summary, responses } of Object.values(methods))
      expect([path, summary, Object.keys(responses['200']?.content ?? {})]).not.toContainEqual([]);
});

test('the example of every query parameter is accepted by its route', async () => {
  const { paths } = await read();
  const refused: unknown[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get || path === '/oembed') continue;
    const address = path
      .replace('{id}/{sized}', 'tiny/40x40.png')
      .replace('{file}', path === '/models/{id}/{file}' ? 'decoder.onnx' : 'tiny.png');
    for (const { name, schema, ...parameter } of get.parameters ?? []) {
      if (parameter.in !== 'query' || name === 'model') continue;
      const response = await app.request(
        `${address}?${new URLSearchParams({ [name]: String(schema.example) })}`,
      );
      if (response.status === 400) refused.push([path, name, schema.example]);
    }
  }
  expect(refused).toEqual([]);
});

test('every parameter says what it is and, where it may be absent, what then', async () => {
  const { paths } = await read();
  const silent: string[] = [];
  const defaults = new Map<string, unknown>();
  for (const [path, methods] of Object.entries(paths))
    for (const { parameters = [] } of Object.values(methods))
      for (const { name, required, description = '', schema } of parameters) {
        const explained = required || 'default' in schema || /(^|[ ;])(absent|needed)[:,]/.test(description);
        if (description.length < 10 || !explained) silent.push(`${path} ${name}: ${description}`);
        if ('default' in schema) defaults.set(name, schema.default);
      }
  expect(silent).toEqual([]);
  expect(Object.fromEntries(defaults)).toEqual({
    errors: 'picture',
    scaling: 'smooth',
    radius: 0,
    background: 'transparent',
    download: false,
    n: 1,
    temperature: 1,
    scale: 1,
    colormap: 'gray',
    steps: 8,
    loop: false,
    fps: 12,
    size: 16,
    mask: 'upper',
    strength: '1',
    quality: 5,
    rate: 0.01,
    format: 'json',
    maxwidth: 224,
    maxheight: 224,
  });
});

test('a default is what a route does when the parameter is absent', async () => {
  const { paths } = await read();
  const { parameters } = paths['/generate/{file}']!.get!;
  const defaults = parameters!.flatMap(({ name, schema }) =>
    schema.default === undefined ? [] : [[name, String(schema.default)] as const],
  );
  expect(Object.fromEntries(defaults)).toEqual({
    errors: 'picture',
    scaling: 'smooth',
    radius: '0',
    background: 'transparent',
    download: 'false',
    n: '1',
    temperature: '1',
    scale: '1',
    colormap: 'gray',
  });
  const bytes = async (query: string) =>
    (await app.request(`/generate/tiny@1.png?seed=a${query}`)).arrayBuffer();
  expect(await bytes(`&${new URLSearchParams(defaults.map(([...pair]) => pair))}`)).toEqual(await bytes(''));
});

test('the reference shows every route with its example, and loads nothing from elsewhere', async () => {
  const [html, { paths }] = [await text('/docs'), await read()];
  for (const path of Object.keys(paths)) expect(html).toContain(`</b> ${path}</h2>`);
  expect(html).toContain('<th scope="row"><code>steps</code></th><td>2 to 64; default 8</td>');
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(html).toContain(
    'curl -X POST &#39;http://localhost/encode?model=tiny@2&#39; -H &#39;Content-Type: image/png&#39; --data-binary @picture.png',
  );
  expect(html).toContain('/256x256.webp?seed=anna&amp;radius=50&#39; -o answer.webp</code>');
  expect(html.match(/<form class="try"/g)).toHaveLength(
    Object.values(paths).flatMap((methods) => Object.keys(methods)).length,
  );
});

test.each(['tiny', 'codes'])(
  'every example of the reference is answered where %s is the default',
  async (defaultModel) => {
    const { paths } = await read();
    const cards = (await (await app.request('/models')).json()) as ModelCard[];
    const situation = { cards, defaultModel, origin: 'http://localhost' };
    const picture = await (await app.request('/generate?model=tiny&seed=a&format=png')).arrayBuffer();
    const squeezed = await app.request('/compress?model=tiny@1', {
      method: 'POST',
      headers: { 'Content-Type': 'image/png' },
      body: picture,
    });
    const code = await squeezed.arrayBuffer();
    const answered: string[] = [];
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods)) {
        const found = exampleOf(`${method} ${path}`, situation)!;
        if (!('example' in found)) throw new Error(`${path}: no model here has ${found.missing}`);
        const { values, body, answer } = found.example;
        const init = {
          method: method.toUpperCase(),
          ...(body === 'picture' ? { body: picture, headers: { 'Content-Type': 'image/png' } } : {}),
          ...(body === 'code' ? { body: code, headers: { 'Content-Type': 'application/octet-stream' } } : {}),
          ...(typeof body === 'object'
            ? { body: JSON.stringify(body.json), headers: { 'Content-Type': 'application/json' } }
            : {}),
        };
        const response = await app.request(requestAddress(path, values), init);
        const type = response.headers.get('Content-Type')!;
        const fits = { picture: /^image/, json: /^application\/json/, page: /^text\/html/, bytes: /octet/ };
        answered.push(`${response.status} ${fits[answer].test(type)} ${path}`);
      }
    expect(answered.filter((line) => !line.startsWith('200 true'))).toEqual([]);
    // What nobody can do is said.
    const alone = cards.filter(({ id }) => id === 'tiny');
    expect(exampleOf('post /complete', { ...situation, cards: alone })).toEqual({ missing: 'complete' });
  },
);

test('oEmbed keeps what the address asks for, and fits it into the room there is', async () => {
  const url = 'http://localhost/generate/tiny.png?seed=a&n=5&colormap=magma&scale=3';
  const answer = JSON.parse(await text(`/oembed?url=${encodeURIComponent(url)}&maxwidth=100`));
  // 3 columns of 8 pixels: 24 across, four times in 100.
  expect(answer).toMatchObject({ type: 'photo', version: '1.0', width: 96, height: 64 });
  expect(answer.url).toBe('http://localhost/generate/tiny@2.png?seed=a&n=5&colormap=magma&scale=4');
  expect((await app.request(new URL(answer.url).pathname + new URL(answer.url).search)).status).toBe(200);
  const bad = await app.request(`/oembed?url=${encodeURIComponent('http://localhost/generate?n=99')}`);
  expect(bad.status).toBe(400);
});

test('the iframe page shows markup in a seed as text and names its oEmbed answer', async () => {
  const html = await text(`/embed?seed=${encodeURIComponent('"><script>')}`);
  expect(html).not.toContain('<script');
  // What was asked for and no more: a default there is one here.
  const short = await text('/embed?model=tiny@1&seed=a&columns=2');
  expect(short).toContain('<img src="/generate/tiny@1.png?seed=a&amp;columns=2&amp;scale=8"');
  const about = html.match(/oembed" href="([^"]+)"/)![1]!.replaceAll('&amp;', '&');
  expect((await app.request(about)).status).toBe(200);
});
