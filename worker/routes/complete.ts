// POST /complete: an image of which a half is known in, sampled completions out.
import * as z from 'zod';
import { maskOf } from '../../core/completion.ts';
import { squareColumns } from '../../core/image/compose.ts';
import type { Able } from '../../models/able.ts';
import type { Mask } from '../../models/masks.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { Problem } from '../http/problem.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { completeAll } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { chooseFormat, randomSeed } from './answers.ts';
import { imagesAnswer, requireLook } from './images.ts';
import { findAble, requireWithinWork } from './limits.ts';
import { arrayFormat, completeQuery, model } from './parameters.ts';

const complete = createRoute({
  method: 'post',
  path: '/complete',
  costs: true,
  summary: 'An image of which a half is known in, sampled completions out',
  request: { query: z.strictObject({ model, ...completeQuery, format: arrayFormat }) },
  body: IMAGE_BODY,
  responses: answers(
    'The image n times, its other half filled in from the seed; what it is known to be stays',
    { 'image/png': null, 'application/json': 'Completions', 'application/octet-stream': null },
    BODY_PROBLEMS,
  ),
});

/** @throws Problem 422 listing the masks that the model knows. */
function requireMask(card: Able<'complete'>, mask: Mask): void {
  const { masks } = card.completion;
  if (masks.includes(mask)) return;
  const rule = `must be ${masks.join(' or ')}`;
  throw new Problem(422, `${nameOf(card)} does not know the mask ${mask}; mask ${rule}`, [
    { parameter: 'mask', rule, value: mask },
  ]);
}

export function completeRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(complete, async (c, { query }) => {
    const { model: reference = deps.defaultModel, mask, n, scale, colormap, engine } = query;
    const { card } = await findAble(store, reference, 'complete');
    requireMask(card, mask);
    const format = chooseFormat(c, query.format, ['png', 'json', 'npy']);
    const look = { columns: Math.min(n, query.columns ?? squareColumns(n)), scale, colormap };
    const operations = (images: number) => images * card.graphs.completer.flopsPerImage;
    requireLook(card, n, look, format, {
      operations: operations(n),
      maxOperations: deps.maxOperations,
    });
    requireWithinWork('n', n, operations, deps.maxOperations);
    const seed = query.seed ?? randomSeed();
    const x = await readModelInput(c, deps, card.image);
    const known = maskOf(mask, card.image);
    const means = await completeAll(store, card, x, known, { seed, count: n }, engine);
    return imagesAnswer(c, card, means, { look, format, said: { seed, mask } });
  });
}
