// GET /embed, /oembed: a picture in other people's pages and posts.

import { html } from 'hono/html';
import * as z from 'zod';
import { largestScale, sampleOperations } from '../../core/budget.ts';
import { squareColumns } from '../../core/image/compose.ts';
import { pictureQuery, readPicture } from '../../core/shown-picture.ts';
import type { Able } from '../../models/able.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { readQuery } from '../http/query.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import type { ModelStore } from '../models/store.ts';
import { randomSeed } from './answers.ts';
import { readLabel } from './labels.ts';
import { findAble, requireColormap, requireWithinWork } from './limits.ts';
import { generateQuery, model } from './parameters.ts';

const { columns, label, n, temperature, colormap } = generateQuery;
const embedQuery = z.strictObject({
  model,
  seed: generateQuery.seed.meta({ description: 'of the picture; absent: a random one' }),
  n,
  columns,
  label,
  temperature,
  colormap,
});

const embed = createRoute({
  method: 'get',
  path: '/embed',
  costs: false,
  summary: 'A page with one picture, for an iframe',
  request: { query: embedQuery },
  responses: answers('The page', { 'text/html': null }, [400, 404, 422, 503]),
});

/** Pixels that a picture has room for, where nobody says how many. */
const DEFAULT_SIZE = 224;

const side = (description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'must be a whole number from 1 to 999999')
    .transform(Number)
    .default(DEFAULT_SIZE)
    .meta({ type: 'integer', minimum: 1, example: 400, default: DEFAULT_SIZE, description });

const oembed = createRoute({
  method: 'get',
  path: '/oembed',
  costs: false,
  summary: 'oEmbed 1.0 answer for an address of /generate, /embed or the first page',
  request: {
    // What consumers send besides means nothing here.
    query: z.object({
      url: z.url({ protocol: /^https?$/ }).meta({
        description: 'needed: the address of a picture or page here',
        example: 'https://example.com/generate/mnist-vae@1.png?seed=anna',
      }),
      format: z.string().default('json').meta({ description: 'of the answer: json', example: 'json' }),
      maxwidth: side('width that there is room for, pixels; the picture is scaled by whole numbers'),
      maxheight: side('height that there is room for, pixels'),
    }),
  },
  responses: answers('oEmbed of type `photo`', { 'application/json': 'OEmbed' }, [400, 404, 422, 501, 503]),
});

/** One picture of this place, in a frame of whichever page. */
const PAGE_POLICY =
  "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** What has no seed is another picture each time. */
const cacheOf = (seed: string | undefined) => (seed === undefined ? 'no-store' : 'public, max-age=3600');

/** Addresses of pictures, in a size or not: the model is in them. */
const PICTURE = /^\/generate\/([^/]+?)(?:\/\d+x\d+)?\.(?:png|webp|svg)$/;

/** Largest whole-pixel enlargement that /generate makes, and the one of a picture in a frame. */
const MAX_SCALE = 16;
const FRAME_SCALE = 8;

/** How many images a sheet has in a row and below one another, and how far, up to `scale`, it may be enlarged. */
function layoutOf(
  card: Able<'generate'>,
  { n, columns = squareColumns(n) }: { n: number; columns?: number | undefined },
  scale: number,
  maxOperations: number | undefined,
) {
  const across = Math.min(n, columns);
  const down = Math.ceil(n / across);
  const fits = largestScale(card, across * down, scale, n * sampleOperations(card), maxOperations);
  return { across, down, scale: Math.max(1, fits) };
}

export function embedRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(embed, async (c, input) => {
    const { model: reference = deps.defaultModel, seed = randomSeed() } = input.query;
    const { card } = await findAble(store, reference, 'generate');
    // As it was asked for: what has a default there needs none here.
    const asked = Object.entries(c.req.query()).filter(([name]) => Object.hasOwn(embedQuery.shape, name));
    const { scale } = layoutOf(card, input.query, FRAME_SCALE, deps.maxOperations);
    const search = new URLSearchParams({ ...Object.fromEntries(asked), seed, scale: String(scale) });
    search.delete('model');
    const title = `${card.title}, seed ${seed}`;
    const address = `/generate/${nameOf(card)}.png?${search}`;
    const { origin } = new URL(c.req.url);
    const about = `${origin}/oembed?url=${encodeURIComponent(origin + address)}`;
    return c.html(
      html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="alternate" type="application/json+oembed" href="${about}"><style>
html,body{margin:0;height:100%;background:transparent}img{display:block;width:100%;height:100%;object-fit:contain;image-rendering:pixelated}
</style></head><body><img src="${address}" alt="${title}"></body></html>`,
      200,
      {
        'Cache-Control': cacheOf(input.query.seed),
        'Content-Security-Policy': PAGE_POLICY,
        // Without it a page that is isolated shows no frame.
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    );
  });

  add(oembed, async (c, { query: { url, format, maxwidth, maxheight } }) => {
    if (format !== 'json')
      throw new Problem(501, 'oEmbed answers are JSON here', [
        { parameter: 'format', rule: 'must be json', value: format },
      ]);
    const target = new URL(url);
    const own = new URL(c.req.url);
    const shown = target.pathname === '/' ? readPicture(target.searchParams, await store.cards()) : undefined;
    const reference =
      (shown && nameOf(shown.picture.card)) ??
      PICTURE.exec(target.pathname.replaceAll('%40', '@'))?.[1] ??
      (['/generate', '/embed'].includes(target.pathname)
        ? (target.searchParams.get('model') ?? deps.defaultModel)
        : undefined);
    if (!reference || target.host !== own.host)
      throw new Problem(404, 'the address is not one of /generate, /embed or the first page here', [
        { parameter: 'url', rule: `must be an address of /generate, /embed or / at ${own.host}`, value: url },
      ]);
    const { card } = await findAble(store, reference, 'generate');
    // By the same rules as the route itself; the first page passes over what it does not know.
    const given = shown
      ? Object.entries(pictureQuery(shown.picture)).map(([name, value]) => [name, String(value)] as const)
      : Object.entries(readQuery(target.href));
    const asked = given.filter(([name]) => Object.hasOwn(embedQuery.shape, name));
    const parsed = embedQuery.safeParse(Object.fromEntries(asked));
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
    const { seed: picked = randomSeed(), n, label: name, colormap: colours } = parsed.data;
    requireColormap(card, colours);
    await readLabel(store, card, name);
    requireWithinWork('url n', n, (images) => images * sampleOperations(card), deps.maxOperations);
    const { scale: most, ...sheet } = layoutOf(card, parsed.data, MAX_SCALE, deps.maxOperations);
    const [across, down] = [card.image.width * sheet.across, card.image.height * sheet.down];
    const limit = (max: number, size: number) => Math.floor(max / size);
    const scale = Math.max(1, Math.min(most, limit(maxwidth, across), limit(maxheight, down)));
    const address = new URL(`/generate/${nameOf(card)}.png`, own);
    for (const [name, value] of asked) if (name !== 'model') address.searchParams.set(name, String(value));
    address.searchParams.set('seed', picked);
    address.searchParams.set('scale', String(scale));
    // Where there is less room than the picture takes, it is shown smaller.
    const fit = Math.min(1, maxwidth / (across * scale), maxheight / (down * scale));
    const room = (size: number) => Math.max(1, Math.floor(size * scale * fit));
    return c.json(
      {
        version: '1.0',
        type: 'photo',
        title: `${card.title}, seed ${picked}`,
        provider_name: 'dreamlet',
        provider_url: own.origin,
        url: address.href,
        width: room(across),
        height: room(down),
      },
      200,
      { 'Cache-Control': cacheOf(parsed.data.seed) },
    );
  });
}
