// POST /encode and /reconstruct: an image in; what its latents are, or what is left of it in them, out.
import * as z from 'zod';
import type { Deps } from '../deps.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, encodeImage } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { chooseFormat, modelJson } from './answers.ts';
import { latentJson } from './encodings.ts';
import { imagesAnswer, requireLook } from './images.ts';
import { imageLabel } from './labels.ts';
import { findAble, requireCapability } from './limits.ts';
import { appearance, engine, imageFormat, label, model } from './parameters.ts';

const encode = createRoute({
  method: 'post',
  path: '/encode',
  costs: true,
  summary: 'Image in; posterior mean and log-variance, or code and logits, out',
  request: { query: z.strictObject({ model, label, engine }) },
  body: IMAGE_BODY,
  responses: answers(
    'Mean and log-variance of q(z|x), or of discrete latents its likeliest code and its logits; where a group of latents depends on those before, along the means',
    { 'application/json': 'Posterior' },
    BODY_PROBLEMS,
  ),
});

const reconstruct = createRoute({
  method: 'post',
  path: '/reconstruct',
  costs: true,
  summary: 'Image in, its reconstruction out',
  request: { query: z.strictObject({ model, label, ...appearance, engine, format: imageFormat }) },
  body: IMAGE_BODY,
  responses: answers(
    'The decoded posterior mean, or the decoded likeliest code',
    { 'image/png': null, 'application/json': 'Images' },
    BODY_PROBLEMS,
  ),
});

export function encodeRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(encode, async (c, { query }) => {
    const { model: reference = deps.defaultModel, label: asked, engine: name } = query;
    const { card } = await findAble(store, reference, 'encode');
    const x = await readModelInput(c, deps, card.image);
    const labels = await imageLabel(store, card, asked, x, name, deps.maxOperations);
    const { latent: _, ...encoding } = await encodeImage(store, card, x, labels?.rows[0], name);
    const numbers = Object.entries(encoding).map(([part, values]) => [part, Array.from(values)]);
    return modelJson(c, card, {
      ...(labels ? { label: labels.names[0] } : {}),
      ...Object.fromEntries(numbers),
    });
  });

  add(reconstruct, async (c, { query }) => {
    const { model: reference = deps.defaultModel, scale, colormap, engine: name } = query;
    const { card: encoder } = await findAble(store, reference, 'encode');
    const card = await requireCapability(store, encoder, 'generate');
    const format = chooseFormat(c, query.format, ['png', 'json']);
    const look = { columns: 1, scale, colormap };
    requireLook(card, 1, look, format);
    const x = await readModelInput(c, deps, card.image);
    const labels = await imageLabel(store, card, query.label, x, name, deps.maxOperations);
    const { latent } = await encodeImage(store, card, x, labels?.rows[0], name);
    const means = await decodeAll(store, card, [latent], labels?.rows, name);
    return imagesAnswer(c, card, means, {
      look,
      format,
      names: labels?.names,
      latent: latentJson(card.latent, latent),
    });
  });
}
