// GET /embed, /oembed: a picture in other people's pages and posts.
import { createRoute, z } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { squareColumns } from '../../core/image/compose.ts';
import type { Deps } from '../deps.ts';
import { answers } from '../http/contract.ts';
import { Problem } from '../http/problem.ts';
import type { AddRoute } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { nameOf, randomSeed } from './answers.ts';
import { generateQuery, model } from './parameters.ts';
import { splitFile } from './path.ts';

const { seed, n, columns, label, temperature, colormap } = generateQuery;
const embedQuery = z.strictObject({ model, seed, n, columns, label, temperature, colormap });

const embed = createRoute({
  method: 'get',
  path: '/embed',
  summary: 'A page with one picture, for an iframe',
  request: { query: embedQuery },
  responses: answers('The page', { 'text/html': null }, [400, 404]),
});

const side = z
  .string()
  .regex(/^\d{1,6}$/, 'must be a whole number')
  .transform(Number)
  .optional()
  .openapi({ type: 'integer', minimum: 1, example: 400 });

const oembedSchema = z.object({
  version: z.literal('1.0'),
  type: z.literal('photo'),
  title: z.string(),
  provider_name: z.string(),
  provider_url: z.string(),
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
});

const oembed = createRoute({
  method: 'get',
  path: '/oembed',
  summary: 'oEmbed 1.0 answer for an address of /generate or /embed',
  request: {
    query: z.strictObject({
      url: z.url().openapi({ example: 'https://example.com/generate/mnist-vae@1.png?seed=anna' }),
      format: z.literal('json').optional(),
      maxwidth: side,
      maxheight: side,
    }),
  },
  responses: answers('oEmbed of type `photo`', { 'application/json': oembedSchema }, [400, 404]),
});

/** Largest whole-pixel enlargement that /generate makes. */
const MAX_SCALE = 16;
const DEFAULT_SIZE = 224;

export function embedRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(embed, async (c, input) => {
    const { model: reference = deps.defaultModel, ...query } = input.query;
    const { card } = await store.find(reference);
    const chosen = { ...query, seed: query.seed ?? randomSeed() };
    const search = new URLSearchParams(
      Object.entries(chosen).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
    );
    search.set('scale', '8');
    const title = `${card.title}, seed ${chosen.seed}`;
    const address = `/generate/${nameOf(card)}.png?${search}`;
    const about = `/oembed?url=${encodeURIComponent(new URL(address, c.req.url).href)}`;
    return c.html(
      html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="alternate" type="application/json+oembed" href="${about}"><style>
html,body{margin:0;height:100%;background:transparent}img{width:100%;height:100%;object-fit:contain;image-rendering:pixelated}
</style></head><body><img src="${address}" alt="${title}"></body></html>`,
      200,
      { 'Cache-Control': query.seed === undefined ? 'no-store' : 'public, max-age=3600' },
    );
  });

  add(oembed, async (c, { query: { url, maxwidth, maxheight } }) => {
    const target = new URL(url);
    const own = new URL(c.req.url);
    const reference =
      target.pathname.match(/^\/generate\/([^/]+\.png)$/)?.[1] ??
      (['/generate', '/embed'].includes(target.pathname)
        ? `${target.searchParams.get('model') ?? deps.defaultModel}.png`
        : undefined);
    if (!reference || target.host !== own.host)
      throw new Problem(404, 'the address is not one of /generate or /embed here', [
        { parameter: 'url', rule: `must be an address of /generate or /embed at ${own.host}`, value: url },
      ]);
    const { card } = await store.find(splitFile(reference).model);
    const parsed = embedQuery.safeParse(
      Object.fromEntries([...target.searchParams].filter(([name]) => name in embedQuery.shape)),
    );
    if (!parsed.success)
      throw new Problem(
        400,
        'the address has parameters that its route refuses',
        parsed.error.issues.map(({ path, message }) => ({
          parameter: `url ${path.join('.')}`,
          rule: message,
          value: target.searchParams.get(path.join('.')),
        })),
      );
    const { seed: picked = randomSeed(), n = 1, columns = squareColumns(n) } = parsed.data;
    const across = card.image.width * Math.min(n, columns);
    const down = card.image.height * Math.ceil(n / Math.min(n, columns));
    const limit = (max: number | undefined, size: number) => Math.floor((max ?? DEFAULT_SIZE) / size);
    const scale = Math.max(1, Math.min(MAX_SCALE, limit(maxwidth, across), limit(maxheight, down)));
    const address = new URL(`/generate/${nameOf(card)}.png`, own);
    for (const [name, value] of target.searchParams)
      if (name in embedQuery.shape && name !== 'model') address.searchParams.set(name, value);
    address.searchParams.set('seed', picked);
    address.searchParams.set('scale', String(scale));
    return c.json({
      version: '1.0',
      type: 'photo',
      title: `${card.title}, seed ${picked}`,
      provider_name: 'dreamlet',
      provider_url: own.origin,
      url: address.href,
      width: across * scale,
      height: down * scale,
    });
  });
}
