// GET /models, /models/{id}, /models/{id}/{file}: the cards and the files themselves.
import * as z from 'zod';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { hasAlready, nameOf } from './answers.ts';

const id = z
  .string()
  .max(80)
  .meta({ description: 'of the model, for its newest version, or id@version', example: 'mnist-vae@1' });

const list = createRoute({
  method: 'get',
  path: '/models',
  costs: false,
  summary: 'All model cards',
  request: { query: z.strictObject({}) },
  responses: answers('The model cards', { 'application/json': 'Models' }, [400, 503]),
});

const one = createRoute({
  method: 'get',
  path: '/models/{id}',
  costs: false,
  summary: 'One model card',
  request: { params: z.object({ id }), query: z.strictObject({}) },
  responses: answers('The model card', { 'application/json': 'Model' }, [400, 404, 503]),
});

const file = createRoute({
  method: 'get',
  path: '/models/{id}/{file}',
  costs: true,
  summary: 'A file of a model, for running it elsewhere',
  request: {
    params: z.object({
      id,
      file: z
        .string()
        .max(80)
        .meta({ description: 'a name of `files` on the card', example: 'decoder.onnx' }),
    }),
    query: z.strictObject({}),
  },
  responses: answers(
    'The file',
    { 'application/octet-stream': null, 'image/png': null },
    [400, 404, 429, 503],
  ),
});

const HOUR = 'public, max-age=3600';

export function modelRoutes(add: AddRoute, store: ModelStore): void {
  add(list, async (c) =>
    c.body(await store.cardsText(), 200, {
      'Content-Type': 'application/json',
      'Cache-Control': HOUR,
    }),
  );

  add(one, async (c, { params }) => {
    const { card } = await store.find(params.id);
    return c.body(JSON.stringify(card), 200, { 'Content-Type': 'application/json', 'Cache-Control': HOUR });
  });

  add(file, async (c, { params: { id: reference, file: name } }) => {
    const { card, pinned } = await store.find(reference);
    const { sha256 } = store.entry(card, name);
    const headers = {
      'Content-Type': name.endsWith('.png') ? 'image/png' : 'application/octet-stream',
      'Cache-Control': pinned ? 'public, max-age=31536000, immutable' : HOUR,
      ETag: `"${sha256}"`,
      'X-Model': nameOf(card),
      ...(pinned ? {} : { 'Content-Location': `/models/${nameOf(card)}/${name}` }),
    };
    if (hasAlready(c, headers.ETag)) return c.body(null, 304, headers);
    return c.body(await store.file(card, name), 200, headers);
  });
}
