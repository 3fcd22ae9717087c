// GET /generate: new samples from a model.

import type { Context } from 'hono';
import * as z from 'zod';
import { sheet, squareColumns, toImage } from '../../core/image/compose.ts';
import type { Deps } from '../deps.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, drawLatents } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { cachedAnswer, chooseFormat, randomSeed, redirectWith } from './answers.ts';
import { imageJson, latentJson, npyOf, picture } from './encodings.ts';
import { drawLabels, labelParameter, readLabel } from './labels.ts';
import {
  drawOperations,
  findAble,
  requireColormap,
  requireWithinPicture,
  requireWithinWork,
} from './limits.ts';
import { generateFormat, generateQuery, model } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const FORMATS = ['png', 'json', 'npy'] as const;
type Format = (typeof FORMATS)[number];

const responses = answers(
  'The samples: a PNG sheet, JSON with latents and pixels, or a .npy array of float32 [n, channels, height, width]',
  { 'image/png': null, 'application/json': 'Samples', 'application/octet-stream': null },
  [400, 404, 422, 429, 503],
  'No seed was given: the same address with a random one',
);

const querySchema = z.strictObject(generateQuery);

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

export function generateRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  async function answer(
    c: Context,
    reference: string,
    { seed, n, columns: wanted, label, temperature, scale, colormap, engine }: z.infer<typeof querySchema>,
    format: Format,
  ): Promise<Response> {
    const { card, pinned } = await findAble(store, reference, 'generate');
    const columns = Math.min(n, wanted ?? squareColumns(n));
    requireColormap(card, colormap);
    const classes = await readLabel(store, card, label);
    const operations = drawOperations(card) + card.graphs.decoder.flopsPerImage;
    requireWithinWork('n', n, (images) => images * operations, deps.maxOperations);
    if (format === 'png')
      requireWithinPicture(card, columns * Math.ceil(n / columns), scale, n * operations, deps.maxOperations);
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

    return cachedAnswer(c, { card, pinned, kind: `generate.${format}`, parameters }, format, async () => {
      const { width, height, channels } = card.image;
      const places = Array.from({ length: n }, (_, index) => ({ seed, index }));
      const latents = await drawLatents(store, card, places, temperature, engine);
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
          imageJson(image, i, labels?.names[i], latentJson(card.latent, latents[i]!)),
        ),
      });
    });
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
