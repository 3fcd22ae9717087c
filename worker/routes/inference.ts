// POST /decode, /encode, /reconstruct: latents in, images out, and the other way round.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Colormap } from '../../core/image/colormaps.ts';
import { sheet, squareColumns, toImage } from '../../core/image/compose.ts';
import type { ModelCard } from '../../models/card.ts';
import { latentSize } from '../../models/latent.ts';
import type { Deps } from '../deps.ts';
import { answers, bodyOf, imagesSchema, posteriorSchema } from '../http/contract.ts';
import { pixelsSchema, readJson, readModelInput } from '../http/image-body.ts';
import { Problem } from '../http/problem.ts';
import type { AddRoute } from '../http/route.ts';
import { decodeAll, encodeImage } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { chooseFormat, modelJson, nameOf, type Parameters, uncachedHeaders } from './answers.ts';
import { imageJson, npyOf, picture } from './encodings.ts';
import { decodedLabels, imageLabel, type Labels } from './labels.ts';
import { requireCapability, requireColormap, requireWithinPicture, requireWithinWork } from './limits.ts';
import {
  appearance,
  columns,
  decodeFormat,
  engine,
  imageFormat,
  label,
  MAX_IMAGES,
  model,
} from './parameters.ts';

const MAX_DIMENSIONS = 4096;
const MAX_CLASSES = 256;
const latentsSchema = z.strictObject({
  latents: z
    .array(z.array(z.number().min(-100).max(100)).min(1).max(MAX_DIMENSIONS))
    .min(1)
    .max(MAX_IMAGES),
  labels: z
    .array(z.array(z.number().min(0).max(1)).max(MAX_CLASSES))
    .max(MAX_IMAGES)
    .optional()
    .openapi({ description: 'of a model that takes labels: the weights of its classes, for each latent' }),
});

const PROBLEMS = [400, 404, 413, 415, 422, 429, 503] as const;

const decode = createRoute({
  method: 'post',
  path: '/decode',
  summary: 'Latent vectors in, images out',
  request: { query: z.strictObject({ model, columns, label, ...appearance, engine, format: decodeFormat }) },
  responses: answers(
    'The images: a PNG sheet, JSON, or a .npy array of float32',
    { 'image/png': null, 'application/json': imagesSchema, 'application/octet-stream': null },
    PROBLEMS,
  ),
});

const encode = createRoute({
  method: 'post',
  path: '/encode',
  summary: 'Image in, posterior mean and log-variance out',
  request: { query: z.strictObject({ model, label, engine }) },
  responses: answers(
    'Mean and log-variance of q(z|x); where a group of latents depends on those before, along the means',
    { 'application/json': posteriorSchema },
    PROBLEMS,
  ),
});

const reconstruct = createRoute({
  method: 'post',
  path: '/reconstruct',
  summary: 'Image in, its reconstruction out',
  request: { query: z.strictObject({ model, label, ...appearance, engine, format: imageFormat }) },
  responses: answers(
    'The decoded posterior mean',
    { 'image/png': null, 'application/json': imagesSchema },
    PROBLEMS,
  ),
});

export type Look = { columns: number; scale: number; colormap: Colormap };

/** What is to be shown, refused before any work where it cannot be. */
export function requireLook(card: ModelCard, count: number, look: Look, format: string): void {
  requireColormap(card, look.colormap);
  if (format === 'png')
    requireWithinPicture(card, look.columns * Math.ceil(count / look.columns), look.scale);
}

export function imagesAnswer(
  c: Context,
  card: ModelCard,
  means: Float32Array[],
  look: Look,
  format: 'png' | 'json' | 'npy',
  labels: Labels | undefined,
  latent?: Float32Array,
  said: Parameters = {},
): Response {
  if (format === 'npy')
    return c.body(npyOf(card, means), 200, uncachedHeaders(card, 'application/octet-stream'));
  const { width, height, channels } = card.image;
  const images = means.map((mean) => toImage(mean, width, height, channels));
  if (format === 'json')
    return modelJson(c, card, {
      ...said,
      ...(latent ? { latent: Array.from(latent) } : {}),
      images: images.map((image, index) => imageJson(image, index, { label: labels?.names[index] })),
    });
  const { columns, scale, colormap } = look;
  const png = picture(
    sheet(images, columns),
    look,
    card,
    { ...said, columns, scale, colormap },
    labels?.names,
  );
  return c.body(png, 200, uncachedHeaders(card, 'image/png'));
}

export function inferenceRoutes(app: OpenAPIHono, add: AddRoute, deps: Deps, store: ModelStore): void {
  const imageBody = bodyOf(app, { 'image/png': null, 'application/json': ['Pixels', pixelsSchema] });
  const latentsBody = bodyOf(app, { 'application/json': ['Latents', latentsSchema] });

  add({ ...decode, ...latentsBody }, async (c, input) => {
    const { model: reference = deps.defaultModel, scale = 1, colormap = 'gray', ...query } = input.query;
    const { card: found } = await store.find(reference);
    const card = await requireCapability(store, found, 'generate');
    const { latents, labels: rows } = await readJson(c, latentsSchema);
    const dimensions = latentSize(card.latent);
    const wrong = latents.findIndex((z) => z.length !== dimensions);
    if (wrong >= 0)
      throw new Problem(422, `${nameOf(card)} has ${dimensions} latent dimensions`, [
        {
          parameter: `body.latents.${wrong}`,
          rule: `must have ${dimensions} numbers`,
          value: latents[wrong]!.length,
        },
      ]);
    const count = latents.length;
    const labels = await decodedLabels(store, card, query.label, rows, count);
    const format = chooseFormat(c, query.format, ['png', 'json', 'npy']);
    const look = { columns: Math.min(count, query.columns ?? squareColumns(count)), scale, colormap };
    requireLook(card, count, look, format);
    const operations = (images: number) => images * card.graphs.decoder.flopsPerImage;
    requireWithinWork('body.latents.length', count, operations, deps.maxOperations);
    const vectors = latents.map((z) => Float32Array.from(z));
    const means = await decodeAll(store, card, vectors, labels?.rows, query.engine);
    return imagesAnswer(c, card, means, look, format, labels);
  });

  add(
    { ...encode, ...imageBody },
    async (c, { query: { model: reference = deps.defaultModel, label: asked, engine: name } }) => {
      const { card: found } = await store.find(reference);
      const card = await requireCapability(store, found, 'encode');
      const x = await readModelInput(c, card.image);
      const labels = await imageLabel(store, card, asked, x, name, deps.maxOperations);
      const { mean, logVariance } = await encodeImage(store, card, x, labels?.rows[0], name);
      return modelJson(c, card, {
        ...(labels ? { label: labels.names[0] } : {}),
        mean: Array.from(mean),
        logVariance: Array.from(logVariance),
      });
    },
  );

  add({ ...reconstruct, ...imageBody }, async (c, input) => {
    const { model: reference = deps.defaultModel, scale = 1, colormap = 'gray', ...query } = input.query;
    const { card: found } = await store.find(reference);
    const encoder = await requireCapability(store, found, 'encode');
    const card = await requireCapability(store, encoder, 'generate');
    const format = chooseFormat(c, query.format, ['png', 'json']);
    const look = { columns: 1, scale, colormap };
    requireLook(card, 1, look, format);
    const x = await readModelInput(c, card.image);
    const labels = await imageLabel(store, card, query.label, x, query.engine, deps.maxOperations);
    const { mean } = await encodeImage(store, card, x, labels?.rows[0], query.engine);
    const means = await decodeAll(store, card, [mean], labels?.rows, query.engine);
    return imagesAnswer(c, card, means, look, format, labels, mean);
  });
}
