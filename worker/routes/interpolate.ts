// GET /interpolate: the path between two seeds.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Deps } from '../deps.ts';
import type { Colormap } from '../image/colormaps.ts';
import { enlarge, sheet, toImage } from '../image/compose.ts';
import { toBase64 } from '../image/encode.ts';
import { encodeApng } from '../image/png.ts';
import { decodeAll } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { latentOf, lerp, slerp } from '../sampling/latent.ts';
import {
  cachedAnswer,
  chooseFormat,
  picture,
  pictureOptions,
  randomSeed,
  redirectWith,
  requireColormap,
  requireWithinWork,
} from './answers.ts';
import { interpolateFormat, interpolateQuery, model } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const FORMATS = ['png', 'apng', 'json'] as const;
type Format = (typeof FORMATS)[number];

const CONTENT_TYPE = { png: 'image/png', apng: 'image/apng', json: 'application/json' } as const;

const answers = {
  200: { description: 'A strip of frames, an animated PNG, or JSON with latents and pixels' },
  302: { description: 'A seed was missing: the same address with random ones' },
};

const byQuery = createRoute({
  method: 'get',
  path: '/interpolate',
  summary: 'The path between two seeds',
  request: { query: z.strictObject({ model, ...interpolateQuery, format: interpolateFormat }) },
  responses: answers,
});

const byPath = createRoute({
  method: 'get',
  path: '/interpolate/{file}',
  summary: 'The path between two seeds, under an address for <img>',
  request: { params: fileParameter(FORMATS), query: z.strictObject(interpolateQuery) },
  responses: answers,
});

type Query = {
  from?: string | undefined;
  to?: string | undefined;
  steps?: number | undefined;
  path?: 'slerp' | 'lerp' | undefined;
  loop?: boolean | undefined;
  fps?: number | undefined;
  temperature?: number | undefined;
  scale?: number | undefined;
  colormap?: Colormap | undefined;
};

export function interpolateRoutes(app: OpenAPIHono, deps: Deps, store: ModelStore): void {
  async function answer(c: Context, reference: string, query: Query, format: Format): Promise<Response> {
    const { card, pinned } = await store.find(reference);
    const {
      steps = 8,
      path = 'slerp',
      loop = false,
      fps = 12,
      temperature = 1,
      scale = 1,
      colormap = 'gray',
    } = query;
    requireColormap(card, colormap);
    requireWithinWork('steps', steps, card.graphs.decoder.flopsPerImage, deps.maxOperations);
    const { from, to } = query;
    if (from === undefined || to === undefined)
      return redirectWith(c, { from: from ?? randomSeed(), to: to ?? randomSeed() });
    const parameters = { from, to, steps, path, loop, fps, temperature, scale, colormap };

    return cachedAnswer(
      c,
      { card, pinned, kind: `interpolate.${format}`, parameters },
      CONTENT_TYPE[format],
      format,
      async () => {
        const { width, height, channels } = card.image;
        const end = (seed: string) => latentOf(seed, 0, card.latent.dimensions, temperature);
        const [a, b] = [end(from), end(to)];
        const between = path === 'slerp' ? slerp : lerp;
        const latents = Array.from({ length: steps }, (_, i) => between(a, b, i / (steps - 1)));
        const means = await decodeAll(store, card, latents);
        const there = means.map((mean) => toImage(mean, width, height, channels));
        // The way back leaves out both ends, so that neither shows twice.
        const images = loop ? [...there, ...there.slice(1, -1).toReversed()] : there;
        if (format === 'png')
          return picture(sheet(images, images.length), { scale, colormap }, { card, parameters });
        if (format === 'apng')
          return encodeApng(
            images.map((image) => enlarge(image, scale)),
            { ...pictureOptions(colormap, card, parameters), framesPerSecond: fps, plays: 0 },
          );
        return JSON.stringify({
          model: card.id,
          version: card.version,
          from,
          to,
          images: images.map(({ pixels }, index) => ({
            index,
            latent: Array.from(latents[index < steps ? index : 2 * steps - 2 - index]!),
            width,
            height,
            channels,
            pixels: toBase64(pixels),
          })),
        });
      },
    );
  }

  app.openapi(byQuery, (c) => {
    const { model: reference = deps.defaultModel, format, ...query } = c.req.valid('query');
    return answer(c, reference, query, chooseFormat(c, format as Format | undefined, FORMATS));
  });
  app.openapi(byPath, (c) => {
    const { model: reference, format } = splitFile<Format>(c.req.valid('param').file);
    return answer(c, reference, c.req.valid('query'), format);
  });
}
