// GET /openapi.json, /docs, /healthz: what the service says of itself.

import * as z from 'zod';
import { DEFAULT_MAX_OPERATIONS } from '../../core/budget.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import type { OpenApiDocument } from '../http/openapi.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute, type Route } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { pagePolicy } from '../pages/site-page.ts';

const health = createRoute({
  method: 'get',
  path: '/healthz',
  costs: false,
  summary: 'Liveness, versions, engine',
  request: { query: z.strictObject({}) },
  responses: answers('The service answers', { 'application/json': 'Health' }, [400, 503]),
});

const openapi = createRoute({
  method: 'get',
  path: '/openapi.json',
  costs: true,
  summary: 'This reference for machines: OpenAPI 3.1',
  request: { query: z.strictObject({}) },
  responses: answers('The document', { 'application/json': 'Document' }, [400, 429]),
});

const docs = createRoute({
  method: 'get',
  path: '/docs',
  costs: true,
  summary: 'This reference for people',
  request: { query: z.strictObject({}) },
  responses: answers('The page', { 'text/html': null }, [400, 429, 503]),
});

const HOUR = 'public, max-age=3600';
export function documentRoutes(routes: readonly Route[], add: AddRoute, deps: Deps, store: ModelStore): void {
  const info = {
    title: 'dreamlet',
    version: deps.version,
    description:
      'Small generative models, served from the edge. A seed is a picture, for ever: the same model version, parameters and seed give the same bytes.',
    license: { name: 'MIT', identifier: 'MIT' },
  };
  // What makes the document is loaded when it is asked for: it costs more than a picture.
  const read = async () => (await import('../http/openapi.ts')).documentOf(routes, info);

  // Made once; all routes are there when the first request comes.
  let text: string | undefined;
  let document: OpenApiDocument | undefined;

  add(openapi, async (c) => {
    text ??= JSON.stringify(await read());
    return c.body(text, 200, { 'Content-Type': 'application/json', 'Cache-Control': HOUR });
  });

  add(docs, async (c) => {
    const { docsPage } = await import('../pages/docs.ts');
    document ??= await read();
    const page = docsPage(document, {
      cards: await store.cards(),
      defaultModel: deps.defaultModel,
      origin: new URL(c.req.url).origin,
      maxOperations: deps.maxOperations,
    });
    return c.html(page, 200, {
      'Cache-Control': HOUR,
      'Content-Security-Policy': pagePolicy({ script: true }),
    });
  });

  add(health, async (c) =>
    c.json(
      {
        status: 'ok',
        version: deps.version,
        engine: deps.engine.name,
        defaultModel: deps.defaultModel,
        maxOperations: deps.maxOperations ?? DEFAULT_MAX_OPERATIONS,
        models: (await store.cards()).map(nameOf),
      },
      200,
      { 'Cache-Control': 'no-store' },
    ),
  );
}
