// GET /generate: new samples from a model.

import type { Context } from 'hono';
import * as z from 'zod';
import { sampleOperations } from '../../core/budget.ts';
import { sheet, squareColumns, toImage } from '../../core/image/compose.ts';
import type { Deps } from '../deps.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, drawLatents } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { cachedAnswer, chooseFormat, randomSeed, redirectWith } from './answers.ts';
import { imageJson, latentJson, npyOf, picture } from './encodings.ts';
import { drawLabels, labelParameter, readLabel } from './labels.ts';
import { findAble, requireColormap, requireWithinWork } from './limits.ts';
import { lookParameters, lookQuery, type PictureFormat, requireWithinLook, sizedFile } from './look.ts';
import { generateFormat, generateQuery, model } from './parameters.ts';
import { fileParameter, modelId, splitFile } from './path.ts';

/** Those that Accept chooses among; browsers ask for WebP and SVG wherever an image may be. */
const NEGOTIATED = ['png', 'json', 'npy'] as const;
const FORMATS = [...NEGOTIATED, 'webp', 'svg'] as const;
type Format = (typeof FORMATS)[number];
const isPicture = (format: Format): format is PictureFormat => format !== 'json' && format !== 'npy';

const responses = answers(
  'The samples: a sheet as PNG, lossless WebP or SVG, JSON with latents and pixels, or a .npy array of float32 [n, channels, height, width]',
  {
    'image/png': null,
    'image/webp': null,
    'image/svg+xml': null,
    'application/json': 'Samples',
    'application/octet-stream': null,
  },
  [400, 404, 422, 429, 503],
  'No seed was given: the same address with a random one',
);

const querySchema = z.strictObject({ ...generateQuery, ...lookQuery });

const byQuery = createRoute({
  method: 'get',
  path: '/generate',
  costs: true,
  summary: 'New samples from a model',
  request: { query: querySchema.extend({ model, format: generateFormat }) },
  responses,
});

const byPath = createRoute({
  method: 'get',
  path: '/generate/{file}',
  costs: true,
  summary: 'New samples, under an address for <img>',
  request: { params: fileParameter(FORMATS), query: querySchema },
  responses,
});

const bySize = createRoute({
  method: 'get',
  path: '/generate/{id}/{sized}',
  costs: true,
  summary: 'New samples in a size, under an address for <img>',
  request: {
    params: z.object({ id: modelId, sized: sizedFile }),
    query: querySchema.omit({ size: true, scale: true }),
  },
  responses,
});

export function generateRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  async function answer(
    c: Context,
    reference: string,
    { seed, n, columns: wanted, label, temperature, engine, ...look }: z.infer<typeof querySchema>,
    format: Format,
  ): Promise<Response> {
    const { card, pinned } = await findAble(store, reference, 'generate');
    const columns = Math.min(n, wanted ?? squareColumns(n));
    requireColormap(card, look.colormap);
    const classes = await readLabel(store, card, label);
    const operations = sampleOperations(card);
    requireWithinWork('n', n, (images) => images * operations, deps.maxOperations);
    if (isPicture(format))
      requireWithinLook(
        card,
        columns * Math.ceil(n / columns),
        look,
        format,
        n * operations,
        deps.maxOperations,
      );
    if (seed === undefined) return redirectWith(c, { seed: randomSeed() });
    const parameters = {
      seed,
      n,
      columns,
      ...labelParameter(classes),
      temperature,
      ...lookParameters(look),
      ...(engine ? { engine } : {}),
    };

    return cachedAnswer(c, { card, pinned, kind: `generate.${format}`, parameters }, format, async () => {
      const { width, height, channels } = card.image;
      const places = Array.from({ length: n }, (_, index) => ({ seed, index }));
      const latents = await drawLatents(store, card, places, temperature, engine);
      const labels = drawLabels(classes, seed, n);
      const means = await decodeAll(store, card, latents, labels?.rows, engine);
      if (format === 'npy') return npyOf(card, means);
      const images = means.map((mean) => toImage(mean, width, height, channels));
      if (isPicture(format))
        return picture(sheet(images, columns), look, card, parameters, labels?.names, format);
      return JSON.stringify({
        model: card.id,
        version: card.version,
        seed,
        images: images.map((image, i) =>
          imageJson(image, i, labels?.names[i], latentJson(card.latent, latents[i]!)),
        ),
      });
    });
  }

  add(byQuery, (c, input) => {
    const { model: reference = deps.defaultModel, format, ...query } = input.query;
    return answer(c, reference, query, format ?? chooseFormat(c, undefined, NEGOTIATED));
  });
  add(byPath, (c, { params, query }) => {
    const { model: reference, format } = splitFile<Format>(params.file);
    return answer(c, reference, query, format);
  });
  add(bySize, (c, { params: { id, sized }, query }) =>
    answer(c, id, { ...query, scale: 1, size: sized.size }, sized.format),
  );
}
