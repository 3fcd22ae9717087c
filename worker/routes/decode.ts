// POST /decode: latents or codes in, images out.
import * as z from 'zod';
import { squareColumns } from '../../core/image/compose.ts';
import { codeShape, latentOfCodes } from '../../core/latents/codes.ts';
import type { Able } from '../../models/able.ts';
import { isContinuous, latentSize } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { readJson } from '../http/json-body.ts';
import { type Bounds, rowsOfNumbers } from '../http/numbers.ts';
import { Problem } from '../http/problem.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { chooseFormat } from './answers.ts';
import { imagesAnswer, requireLook } from './images.ts';
import { decodedLabels } from './labels.ts';
import { findAble, requireWithinWork } from './limits.ts';
import { appearance, arrayFormat, columns, engine, label, MAX_IMAGES, model } from './parameters.ts';

const MAX_NUMBERS = 4096;
const MAX_CLASSES = 256;
const rows = (bounds: Bounds) =>
  rowsOfNumbers({ least: 1, most: MAX_NUMBERS, ...bounds }, { least: 1, most: MAX_IMAGES }).optional();

const latentsSchema = z
  .strictObject({
    latents: rows({ low: -100, high: 100 }).meta({
      description: 'vectors; of a discrete latent the weights of its values, from 0 to 1, one-hot or a blend',
    }),
    codes: rows({ low: 0, high: MAX_NUMBERS, whole: true }).meta({
      description: 'in place of latents, of a discrete one: a whole number from 0 for each variable',
    }),
    labels: rowsOfNumbers({ low: 0, high: 1, most: MAX_CLASSES }, { most: MAX_IMAGES })
      .optional()
      .meta({ description: 'of a model that takes labels: the weights of its classes, for each latent' }),
  })
  .refine(
    ({ latents, codes }) => (latents === undefined) !== (codes === undefined),
    'must have latents, or else codes',
  );

const decode = createRoute({
  method: 'post',
  path: '/decode',
  costs: true,
  summary: 'Latents or codes in, images out',
  request: { query: z.strictObject({ model, columns, label, ...appearance, engine, format: arrayFormat }) },
  body: { required: true, content: { 'application/json': ['Latents', latentsSchema] } },
  responses: answers(
    'The images: a PNG sheet, JSON, or a .npy array of float32',
    { 'image/png': null, 'application/json': 'Images', 'application/octet-stream': null },
    BODY_PROBLEMS,
  ),
});

/** Refuses a row of the body for what it has, or has not. */
function refuse(card: Able<'generate'>, at: string, rule: string, value: number): never {
  throw new Problem(422, `the latents of ${nameOf(card)} are other ones: ${at} ${rule}`, [
    { parameter: `body.${at}`, rule, value },
  ]);
}

function requireLengths(
  card: Able<'generate'>,
  name: 'latents' | 'codes',
  given: readonly (readonly number[])[],
  length: number,
): void {
  const at = given.findIndex((row) => row.length !== length);
  if (at >= 0) refuse(card, `${name}.${at}`, `must have ${length} numbers`, given[at]!.length);
}

/** @throws Problem 422 naming the first number that `fits` refuses. */
function requireNumbers(
  card: Able<'generate'>,
  name: 'latents' | 'codes',
  given: readonly (readonly number[])[],
  high: number,
): void {
  given.forEach((row, i) => {
    const at = row.findIndex((value) => value < 0 || value > high);
    if (at >= 0) refuse(card, `${name}.${i}.${at}`, `must be from 0 to ${high}`, row[at]!);
  });
}

/** Graph input for every row of the body. @throws Problem 422 naming what does not fit the model. */
function latentsOf(
  card: Able<'generate'>,
  { latents = [], codes }: z.infer<typeof latentsSchema>,
): Float32Array[] {
  const { latent } = card;
  if (codes && isContinuous(latent))
    throw new Problem(422, `${nameOf(card)} takes latents, its latents have no codes`, [
      { parameter: 'body.codes', rule: 'is for models with discrete latents' },
    ]);
  if (codes && !isContinuous(latent)) {
    const { variables, values } = codeShape(latent);
    requireLengths(card, 'codes', codes, variables);
    requireNumbers(card, 'codes', codes, values - 1);
    return codes.map((code) => latentOfCodes(latent, code));
  }
  requireLengths(card, 'latents', latents, latentSize(latent));
  if (!isContinuous(latent)) requireNumbers(card, 'latents', latents, 1);
  return latents.map((z) => Float32Array.from(z));
}

export function decodeRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(decode, async (c, { query }) => {
    const { model: reference = deps.defaultModel, scale, colormap, engine } = query;
    const { card } = await findAble(store, reference, 'generate');
    const given = await readJson(c, latentsSchema);
    const latents = latentsOf(card, given);
    const count = latents.length;
    const labels = await decodedLabels(store, card, query.label, given.labels, count);
    const format = chooseFormat(c, query.format, ['png', 'json', 'npy']);
    const look = { columns: Math.min(count, query.columns ?? squareColumns(count)), scale, colormap };
    const operations = (images: number) => images * card.graphs.decoder.flopsPerImage;
    requireLook(card, count, look, format, {
      operations: operations(count),
      maxOperations: deps.maxOperations,
    });
    requireWithinWork('body.latents.length', count, operations, deps.maxOperations);
    const means = await decodeAll(store, card, latents, labels?.rows, engine);
    return imagesAnswer(c, card, means, { look, format, names: labels?.names });
  });
}
