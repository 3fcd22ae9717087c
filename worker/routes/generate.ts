// GET /generate: new samples from a model.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Colormap } from '../../core/image/colormaps.ts';
import { sheet, squareColumns, toImage } from '../../core/image/compose.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import type { Deps } from '../deps.ts';
import { answers, samplesSchema } from '../http/contract.ts';
import type { AddRoute } from '../http/route.ts';
import { decodeAll } from '../models/run.ts';
import type { EngineName, ModelStore } from '../models/store.ts';
import { cachedAnswer, chooseFormat, randomSeed, redirectWith } from './answers.ts';
import { imageJson, npyOf, picture } from './encodings.ts';
import { drawLabels, labelParameter, readLabel } from './labels.ts';
import { requireCapability, requireColormap, requireWithinPicture, requireWithinWork } from './limits.ts';
import { generateFormat, generateQuery, model } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const FORMATS = ['png', 'json', 'npy'] as const;
type Format = (typeof FORMATS)[number];

const CONTENT_TYPE = { png: 'image/png', json: 'application/json', npy: 'application/octet-stream' } as const;

const responses = answers(
  'The samples: a PNG sheet, JSON with latents and pixels, or a .npy array of float32 [n, channels, height, width]',
  { 'image/png': null, 'application/json': samplesSchema, 'application/octet-stream': null },
  [400, 404, 422, 429, 503],
  'No seed was given: the same address with a random one',
);

const byQuery = createRoute({
  method: 'get',
  path: '/generate',
  summary: 'New samples from a model',
  request: { query: z.strictObject({ model, ...generateQuery, format: generateFormat }) },
  responses,
});

const byPath = createRoute({
  method: 'get',
  path: '/generate/{file}',
  summary: 'New samples, under an address for <img>',
  request: { params: fileParameter(FORMATS), query: z.strictObject(generateQuery) },
  responses,
});

type Query = {
  seed?: string | undefined;
  n?: number | undefined;
  columns?: number | undefined;
  label?: string | undefined;
  temperature?: number | undefined;
  scale?: number | undefined;
  colormap?: Colormap | undefined;
  engine?: EngineName | undefined;
};

export function generateRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  async function answer(c: Context, reference: string, query: Query, format: Format): Promise<Response> {
    const { card: found, pinned } = await store.find(reference);
    const { n = 1, temperature = 1, scale = 1, colormap = 'gray' } = query;
    const columns = Math.min(n, query.columns ?? squareColumns(n));
    const card = await requireCapability(store, found, 'generate');
    requireColormap(card, colormap);
    const classes = await readLabel(store, card, query.label);
    requireWithinWork('n', n, (images) => images * card.graphs.decoder.flopsPerImage, deps.maxOperations);
    if (format === 'png') requireWithinPicture(card, columns * Math.ceil(n / columns), scale);
    const { seed, engine } = query;
    if (seed === undefined) return redirectWith(c, { seed: randomSeed() });
    const parameters = {
      seed,
      n,
      columns,
      ...labelParameter(classes),
      temperature,
      scale,
      colormap,
      ...(engine ? { engine } : {}),
    };

    return cachedAnswer(
      c,
      { card, pinned, kind: `generate.${format}`, parameters },
      CONTENT_TYPE[format],
      format,
      async () => {
        const { width, height, channels } = card.image;
        const latents = Array.from({ length: n }, (_, i) => drawLatent(card.latent, seed, i, temperature));
        const labels = drawLabels(classes, seed, n);
        const means = await decodeAll(store, card, latents, labels?.rows, engine);
        if (format === 'npy') return npyOf(card, means);
        const images = means.map((mean) => toImage(mean, width, height, channels));
        if (format === 'png')
          return picture(sheet(images, columns), { scale, colormap }, card, parameters, labels?.names);
        return JSON.stringify({
          model: card.id,
          version: card.version,
          seed,
          images: images.map((image, i) =>
            imageJson(image, i, { label: labels?.names[i], latent: latents[i] }),
          ),
        });
      },
    );
  }

  add(byQuery, (c, input) => {
    const { model: reference = deps.defaultModel, format, ...query } = input.query;
    return answer(c, reference, query, chooseFormat(c, format, FORMATS));
  });
  add(byPath, (c, { params, query }) => {
    const { model: reference, format } = splitFile<Format>(params.file);
    return answer(c, reference, query, format);
  });
}
