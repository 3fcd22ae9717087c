// POST /edit: an image, or the picture of a seed, moved along named latent directions.
import * as z from 'zod';
import { toImage } from '../../core/image/compose.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import type { Able } from '../../models/able.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { Problem } from '../http/problem.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, encodeImage } from '../models/run.ts';
import type { EngineName, ModelStore } from '../models/store.ts';
import { chooseFormat } from './answers.ts';
import { imageJson, latentJson, picture } from './encodings.ts';
import { drawLabels, imageLabel, readLabel } from './labels.ts';
import { findAble, requireCapability, requireColormap, requireWithinPicture } from './limits.ts';
import { editQuery, imageFormat, model } from './parameters.ts';

const route = createRoute({
  method: 'post',
  path: '/edit',
  costs: true,
  summary: 'Image or seed in, moved along named latent directions',
  request: { query: z.strictObject({ model, ...editQuery, format: imageFormat }) },
  body: { ...IMAGE_BODY, required: false },
  responses: answers(
    'The picture at the new place: the directions of a model are on its card',
    { 'image/png': null, 'application/json': 'Edited' },
    BODY_PROBLEMS,
  ),
});

/** @throws Problem 422 listing the directions of the model. */
function requireDirections({ directions, ...card }: Able<'edit'>, names: string | undefined) {
  const rule = `must be one of ${directions.map((direction) => direction.name).join(', ')}`;
  if (names === undefined)
    throw new Problem(422, `direction is missing; for ${nameOf(card)} it ${rule}`, [
      { parameter: 'direction', rule },
    ]);
  return names.split(',').map((name) => {
    const found = directions.find((direction) => direction.name === name);
    if (found) return found;
    throw new Problem(422, `${nameOf(card)} has no direction '${name}'; direction ${rule}`, [
      { parameter: 'direction', rule, value: name },
    ]);
  });
}

/** One strength for each of `count` directions. @throws Problem 422 */
function strengthsOf(strength: readonly number[], count: number): readonly number[] {
  if (strength.length === 1) return Array<number>(count).fill(strength[0]!);
  if (strength.length === count) return strength;
  const rule = `must be one number, or ${count}, one for each direction`;
  throw new Problem(422, `strength ${rule}; got ${strength.length}`, [
    { parameter: 'strength', rule, value: strength.join(',') },
  ]);
}

export function editRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(route, async (c, { query }) => {
    const { model: reference = deps.defaultModel, seed, label, strength, temperature, engine } = query;
    const { scale, colormap } = query;
    const { card } = await findAble(store, reference, 'edit');
    const directions = requireDirections(card, query.direction);
    const strengths = strengthsOf(strength, directions.length);
    requireColormap(card, colormap);
    const format = chooseFormat(c, query.format, ['png', 'json']);
    if (format === 'png') requireWithinPicture(card, 1, scale, 0, deps.maxOperations);

    const ofSeed = async (from: string) => ({
      labels: drawLabels(await readLabel(store, card, label), from, 1),
      z: drawLatent(card.latent, from, 0, temperature),
    });
    const ofImage = async (name: EngineName | undefined) => {
      const encoder = await requireCapability(store, card, 'encode');
      const x = await readModelInput(c, deps, card.image);
      const labels = await imageLabel(store, encoder, label, x, name, deps.maxOperations);
      return { labels, z: (await encodeImage(store, encoder, x, labels?.rows[0], name)).latent };
    };
    const { labels, z } = seed === undefined ? await ofImage(engine) : await ofSeed(seed);
    const latent = z.map((value, j) =>
      directions.reduce((sum, { vector }, i) => sum + strengths[i]! * vector[j]!, value),
    );
    const [mean] = await decodeAll(store, card, [latent], labels?.rows, engine);
    const { width, height, channels } = card.image;
    const image = toImage(mean!, width, height, channels);
    const said = {
      ...(seed === undefined ? {} : { seed, temperature }),
      direction: query.direction!,
      strength: strength.length === 1 ? strength[0]! : strength.join(),
      ...(labels ? { label: labels.names[0]! } : {}),
    };
    const headers = { 'X-Model': nameOf(card), 'Cache-Control': 'no-store', 'Timing-Allow-Origin': '*' };
    if (format === 'json')
      return c.json(
        {
          model: card.id,
          version: card.version,
          ...said,
          images: [imageJson(image, 0, undefined, latentJson(card.latent, latent))],
        },
        200,
        headers,
      );
    const png = picture(image, { scale, colormap }, card, { ...said, scale, colormap }, labels?.names);
    return c.body(png, 200, { ...headers, 'Content-Type': 'image/png' });
  });
}
