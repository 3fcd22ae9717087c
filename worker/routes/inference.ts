// POST /decode, /encode, /reconstruct: latents in, images out, and the other way round.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ModelCard } from '../../models/card.ts';
import type { Deps } from '../deps.ts';
import { pixelsSchema, readJson, readModelInput } from '../http/image-body.ts';
import { Problem } from '../http/problem.ts';
import type { Colormap } from '../image/colormaps.ts';
import { sheet, squareColumns, toImage } from '../image/compose.ts';
import { encodeNpy, toBase64 } from '../image/encode.ts';
import { decodeAll, encodeImage } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { chooseFormat, nameOf, picture, requireColormap, requireWithinWork } from './answers.ts';
import { appearance, columns, decodeFormat, imageFormat, MAX_IMAGES, model } from './parameters.ts';

const latentsSchema = z
  .strictObject({
    latents: z
      .array(z.array(z.number().min(-100).max(100)).min(1).max(4096))
      .min(1)
      .max(MAX_IMAGES),
  })
  .openapi('Latents');

const imageContent = {
  'image/png': { schema: z.any().openapi({ type: 'string', format: 'binary' }) },
  'application/json': { schema: pixelsSchema },
};

/** Bodies are read and validated by us, byte by byte up to the limit; the schemas here are for the reference. */
const post = (
  path: string,
  summary: string,
  query: z.ZodObject,
  content: Record<string, { schema: z.ZodType }>,
  answer: string,
) =>
  createRoute({
    method: 'post',
    path,
    summary,
    request: { query },
    responses: { 200: { description: answer } },
    'x-body': content,
  });

const decodeQuery = z.strictObject({ model, columns, ...appearance, format: decodeFormat });
const encodeQuery = z.strictObject({ model });
const reconstructQuery = z.strictObject({ model, ...appearance, format: imageFormat });

const imageJson = (card: ModelCard, pixels: Uint8Array, index: number) => ({
  index,
  width: card.image.width,
  height: card.image.height,
  channels: card.image.channels,
  pixels: toBase64(pixels),
});

const headers = (card: ModelCard, type: string) => ({
  'Content-Type': type,
  'X-Model': nameOf(card),
  'Cache-Control': 'no-store',
  'Timing-Allow-Origin': '*',
});

export function inferenceRoutes(app: OpenAPIHono, deps: Deps, store: ModelStore): void {
  /** The model of the request, which must have an encoder. */
  const withEncoder = async (reference = deps.defaultModel): Promise<ModelCard> => {
    const { card } = await store.find(reference);
    if (card.capabilities.includes('encode')) return card;
    const able = (await store.cards()).filter(({ capabilities }) => capabilities.includes('encode'));
    throw new Problem(
      422,
      `${nameOf(card)} has no encoder; models that have one: ${able.map(nameOf).join(', ') || 'none'}`,
    );
  };

  async function images(
    c: Context,
    card: ModelCard,
    means: Float32Array[],
    look: { columns: number; scale: number; colormap: Colormap },
    format: 'png' | 'json' | 'npy',
    extra: Record<string, unknown> = {},
  ): Promise<Response> {
    const { width, height, channels } = card.image;
    if (format === 'npy') {
      const all = new Float32Array(means.length * width * height * channels);
      means.forEach((mean, i) => {
        all.set(mean, i * mean.length);
      });
      return c.body(
        encodeNpy(all, [means.length, channels, height, width]),
        200,
        headers(card, 'application/octet-stream'),
      );
    }
    const decoded = means.map((mean) => toImage(mean, width, height, channels));
    if (format === 'png')
      return c.body(
        picture(sheet(decoded, look.columns), look, { card, parameters: {} }),
        200,
        headers(card, 'image/png'),
      );
    const body = {
      model: card.id,
      version: card.version,
      ...extra,
      images: decoded.map(({ pixels }, i) => imageJson(card, pixels, i)),
    };
    return c.body(JSON.stringify(body), 200, headers(card, 'application/json'));
  }

  app.openapi(
    post(
      '/decode',
      'Latent vectors in, images out',
      decodeQuery,
      { 'application/json': { schema: latentsSchema } },
      'The images',
    ),
    async (c) => {
      const query = c.req.valid('query') as z.infer<typeof decodeQuery>;
      const { card } = await store.find(query.model ?? deps.defaultModel);
      const { scale = 1, colormap = 'gray' } = query;
      requireColormap(card, colormap);
      const { latents } = await readJson(c, latentsSchema);
      const { dimensions } = card.latent;
      const wrong = latents.findIndex((z) => z.length !== dimensions);
      if (wrong >= 0)
        throw new Problem(422, `${nameOf(card)} has ${dimensions} latent dimensions`, [
          {
            parameter: `body.latents.${wrong}`,
            rule: `must have ${dimensions} numbers`,
            value: latents[wrong]!.length,
          },
        ]);
      requireWithinWork(
        'body.latents',
        latents.length,
        card.graphs.decoder.flopsPerImage,
        deps.maxOperations,
      );
      const means = await decodeAll(
        store,
        card,
        latents.map((z) => Float32Array.from(z)),
      );
      const width = Math.min(latents.length, query.columns ?? squareColumns(latents.length));
      const format = chooseFormat(c, query.format as 'png' | undefined, ['png', 'json', 'npy'] as const);
      return images(c, card, means, { columns: width, scale, colormap }, format);
    },
  );

  app.openapi(
    post(
      '/encode',
      'Image in, posterior mean and log-variance out',
      encodeQuery,
      imageContent,
      'mean and logVariance of q(z|x)',
    ),
    async (c) => {
      const query = c.req.valid('query') as z.infer<typeof encodeQuery>;
      const card = await withEncoder(query.model);
      const { mean, logVariance } = await encodeImage(store, card, await readModelInput(c, card.image));
      const body = {
        model: card.id,
        version: card.version,
        mean: Array.from(mean),
        logVariance: Array.from(logVariance),
      };
      return c.body(JSON.stringify(body), 200, headers(card, 'application/json'));
    },
  );

  app.openapi(
    post(
      '/reconstruct',
      'Image in, its reconstruction out',
      reconstructQuery,
      imageContent,
      'The decoded posterior mean',
    ),
    async (c) => {
      const query = c.req.valid('query') as z.infer<typeof reconstructQuery>;
      const card = await withEncoder(query.model);
      const { scale = 1, colormap = 'gray' } = query;
      requireColormap(card, colormap);
      const { mean } = await encodeImage(store, card, await readModelInput(c, card.image));
      const means = await decodeAll(store, card, [mean]);
      const format = chooseFormat(c, query.format as 'png' | undefined, ['png', 'json'] as const);
      return images(c, card, means, { columns: 1, scale, colormap }, format, { latent: Array.from(mean) });
    },
  );
}
