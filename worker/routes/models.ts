// GET /models, /models/{id}, /models/{id}/{file}: the cards and the files themselves.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ModelStore } from '../models/store.ts';
import { nameOf } from './answers.ts';

const id = z.string().max(80).openapi({ example: 'mnist-vae@1' });

const list = createRoute({
  method: 'get',
  path: '/models',
  summary: 'All model cards',
  request: { query: z.strictObject({}) },
  responses: { 200: { description: 'An array of model cards' } },
});

const one = createRoute({
  method: 'get',
  path: '/models/{id}',
  summary: 'One model card',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: { 200: { description: 'The model card' } },
});

const file = createRoute({
  method: 'get',
  path: '/models/{id}/{file}',
  summary: 'A file of a model, for running it elsewhere',
  request: {
    params: z.object({ id, file: z.string().max(80).openapi({ example: 'decoder.onnx' }) }),
    query: z.strictObject({}),
  },
  responses: { 200: { description: 'The file' } },
});

const HOUR = 'public, max-age=3600';

export function modelRoutes(app: OpenAPIHono, store: ModelStore): void {
  app.openapi(list, async (c) =>
    c.body(JSON.stringify(await store.cards()), 200, {
      'Content-Type': 'application/json',
      'Cache-Control': HOUR,
    }),
  );

  app.openapi(one, async (c) => {
    const { card } = await store.find(c.req.valid('param').id);
    return c.body(JSON.stringify(card), 200, { 'Content-Type': 'application/json', 'Cache-Control': HOUR });
  });

  app.openapi(file, async (c) => {
    const { id: reference, file: name } = c.req.valid('param');
    const { card, pinned } = await store.find(reference);
    const bytes = await store.file(card, name);
    const entry = card.files.find((f) => f.name === name)!;
    const headers = {
      'Content-Type': name.endsWith('.png') ? 'image/png' : 'application/octet-stream',
      'Cache-Control': pinned ? 'public, max-age=31536000, immutable' : HOUR,
      ETag: `"${entry.sha256}"`,
      'X-Model': nameOf(card),
      ...(pinned ? {} : { 'Content-Location': `/models/${nameOf(card)}/${name}` }),
    };
    if (c.req.header('If-None-Match') === headers.ETag) return c.body(null, 304, headers);
    return c.body(bytes, 200, headers);
  });
}
