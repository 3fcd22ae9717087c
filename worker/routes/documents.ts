// GET /openapi.json, /docs, /healthz: what the service says of itself.

import { html, raw } from 'hono/html';
import * as z from 'zod';
import type { Deps } from '../deps.ts';
import type { JsonSchema, OpenApiDocument } from '../http/openapi.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute, type Route } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { nameOf } from './answers.ts';

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
  responses: answers('The page', { 'text/html': null }, [400, 429]),
});

const HOUR = 'public, max-age=3600';
/** It loads nothing, and stands in nobody's frame. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif}body{max-width:54rem;margin:0 auto;padding:2rem 1.25rem 5rem}
h1{font-size:1.6rem}h2{margin-top:3rem;font:600 1.05rem ui-monospace,monospace}h2 b{opacity:.55;font-weight:600;margin-right:.6em}
table{border-collapse:collapse;width:100%;font-size:.92rem}td,th{text-align:left;vertical-align:top;padding:.45rem .8rem .45rem 0;border-top:1px solid color-mix(in srgb,currentColor 15%,transparent)}
code{font-family:ui-monospace,monospace}a{color:inherit}`;

/** What a parameter may be, and is when it is absent. */
function values({ type, enum: options, minimum, maximum, default: fallback }: JsonSchema): string {
  const range =
    minimum === undefined || maximum === undefined ? String(type ?? '') : `${minimum} to ${maximum}`;
  const said = Array.isArray(options) ? options.join(', ') : range;
  return fallback === undefined ? said : `${said}; default ${fallback}`;
}

const types = (content: object = {}): string => Object.keys(content).join(', ');

function pageOf(paths: OpenApiDocument['paths'], description: string) {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  );
  const sections = operations.map(
    ({
      path,
      method,
      operation,
    }) => html`<section><h2><b>${method.toUpperCase()}</b>${path}</h2><p>${operation.summary}</p>
<table>${(operation.parameters ?? []).map(
      (p) =>
        html`<tr><td><code>${p.name}</code></td><td>${values(p.schema)}</td><td>${p.description ?? p.schema?.description ?? ''}</td></tr>`,
    )}${operation.requestBody ? html`<tr><td>body</td><td>${types(operation.requestBody.content)}</td><td></td></tr>` : ''}${Object.entries(
      operation.responses,
    ).map(
      ([status, { description, content }]) =>
        html`<tr><td>${status}</td><td>${types(content)}</td><td>${description}</td></tr>`,
    )}</table></section>`,
  );
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>dreamlet API</title><style>${raw(STYLE)}</style></head>
<body><h1>dreamlet API</h1><p>${description} Errors are <code>application/problem+json</code> (RFC 9457); where a picture was asked for, a readable picture. Image bodies: a PNG, a JPEG or WebP photograph (up to 4 MiB and 4 million pixels; its middle is taken, upright), or JSON <code>{ pixels, width, height, channels }</code> with numbers from 0 to 1; at most 256 KiB. A body may come in gzip. Machine-readable: <a href="/openapi.json">openapi.json</a>. <a href="/">Back to the site</a>.</p>${sections}</body></html>`;
}

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

  // Each is made once; all routes are there when the first request comes.
  let text: string | undefined;
  let reference: string | undefined;

  add(openapi, async (c) => {
    text ??= JSON.stringify(await read());
    return c.body(text, 200, { 'Content-Type': 'application/json', 'Cache-Control': HOUR });
  });

  add(docs, async (c) => {
    reference ??= String(await pageOf((await read()).paths, info.description));
    return c.html(reference, 200, { 'Cache-Control': HOUR, 'Content-Security-Policy': PAGE_POLICY });
  });

  add(health, async (c) =>
    c.json(
      {
        status: 'ok',
        version: deps.version,
        engine: deps.engine.name,
        defaultModel: deps.defaultModel,
        models: (await store.cards()).map(nameOf),
      },
      200,
      { 'Cache-Control': 'no-store' },
    ),
  );
}
