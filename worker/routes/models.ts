// GET /models, /models/{id}, /models/{id}/{file}: the cards and the files themselves.
import type { Context } from 'hono';
import * as z from 'zod';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { modelPage } from '../pages/model.ts';
import { modelsPage } from '../pages/models.ts';
import { type Markup, pagePolicy } from '../pages/site-page.ts';
import { chooseFormat, hasAlready, NEGOTIATED_CACHE } from './answers.ts';

const id = z
  .string()
  .max(80)
  .meta({ description: 'of the model, for its newest version, or id@version', example: 'mnist-vae@1' });

const query = z.strictObject({
  format: z.enum(['json', 'html']).optional().meta({
    example: 'json',
    description: 'of the answer; absent: from Accept, JSON where it names neither',
  }),
});

const list = createRoute({
  method: 'get',
  path: '/models',
  costs: false,
  summary: 'All model cards, or the page of all models',
  request: { query },
  responses: answers(
    'The model cards, or a page for people',
    { 'application/json': 'Models', 'text/html': null },
    [400, 503],
  ),
});

const one = createRoute({
  method: 'get',
  path: '/models/{id}',
  costs: false,
  summary: 'One model card, or the page of the model',
  request: { params: z.object({ id }), query },
  responses: answers(
    'The model card, or a page for people',
    { 'application/json': 'Model', 'text/html': null },
    [400, 404, 503],
  ),
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
    { 'application/octet-stream': null, 'image/png': null, 'application/json': null },
    [400, 404, 429, 503],
  ),
});

const TYPES: Record<string, string> = { png: 'image/png', json: 'application/json' };
const HOUR = 'public, max-age=3600';

/** A card or a list of them, in the form that is asked for. */
async function negotiated(
  c: Context,
  asked: 'json' | 'html' | undefined,
  { json, page }: { json: () => Promise<string> | string; page: () => Promise<Markup> },
): Promise<Response> {
  const format = chooseFormat(c, asked, ['json', 'html']);
  const headers: Record<string, string> = asked
    ? { 'Cache-Control': HOUR }
    : { 'Cache-Control': NEGOTIATED_CACHE, Vary: 'Accept' };
  if (format === 'json') return c.body(await json(), 200, { ...headers, 'Content-Type': 'application/json' });
  return c.html(await page(), 200, {
    ...headers,
    'Content-Security-Policy': pagePolicy({ script: false }),
  });
}

export function modelRoutes(add: AddRoute, { maxOperations }: Deps, store: ModelStore): void {
  const placeOf = (c: Context) => ({ origin: new URL(c.req.url).origin, maxOperations });

  add(list, (c, { query }) =>
    negotiated(c, query.format, {
      json: () => store.cardsText(),
      page: async () => modelsPage(await store.cards(), placeOf(c)),
    }),
  );

  add(one, async (c, { params, query }) => {
    const { card } = await store.find(params.id);
    return negotiated(c, query.format, {
      json: () => JSON.stringify(card),
      page: async () => modelPage(card, await store.cards(), placeOf(c)),
    });
  });

  add(file, async (c, { params: { id: reference, file: name } }) => {
    const { card, pinned } = await store.find(reference);
    const { sha256 } = store.entry(card, name);
    const headers = {
      'Content-Type': TYPES[name.split('.').at(-1)!] ?? 'application/octet-stream',
      // Graphs are for ever; what else is said of a version may be said anew.
      'Cache-Control': pinned && !name.endsWith('.json') ? 'public, max-age=31536000, immutable' : HOUR,
      ETag: `"${sha256}"`,
      'X-Model': nameOf(card),
      ...(pinned ? {} : { 'Content-Location': `/models/${nameOf(card)}/${name}` }),
    };
    if (hasAlready(c, headers.ETag)) return c.body(null, 304, headers);
    return c.body(await store.file(card, name), 200, headers);
  });
}
