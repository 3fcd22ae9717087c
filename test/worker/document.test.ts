// The OpenAPI document, the reference made from it, and the addresses that other sites embed.
import { expect, test } from 'vitest';
import { createFixtureApp } from './fixture.ts';

const app = createFixtureApp();
const text = async (path: string) => (await app.request(path)).text();

type Parameter = { name: string; in: string; description?: string; schema: Record<string, unknown> };
type Operation = {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, unknown> };
  responses: Record<string, { content?: Record<string, unknown> }>;
};
type Document = { paths: Record<string, Record<string, Operation>>; components: { schemas: object } };

const read = async () => JSON.parse(await text('/openapi.json')) as Document;

test('every reference in the document leads to a schema', async () => {
  const document = await read();
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, n]) => n,
  );
  expect(references.length).toBeGreaterThan(20);
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([...new Set(references)]));
});

test('POST routes say which bodies they take, every route what it answers', async () => {
  const { paths } = await read();
  expect(Object.keys(paths['/encode']!.post!.requestBody!.content)).toEqual([
    'image/png',
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
    const address = path.replace('{file}', path === '/models/{id}/{file}' ? 'decoder.onnx' : 'tiny.png');
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

test('the reference shows every route and loads nothing from elsewhere', async () => {
  const [html, { paths }] = [await text('/docs'), await read()];
  for (const path of Object.keys(paths)) expect(html).toContain(`</b>${path}</h2>`);
  expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
});

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
  const about = html.match(/oembed" href="([^"]+)"/)![1]!.replaceAll('&amp;', '&');
  expect((await app.request(about)).status).toBe(200);
});
