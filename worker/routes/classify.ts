// POST /classify: image in, class probabilities out.
import * as z from 'zod';
import { argmax } from '../../core/latents/categorical.ts';
import type { Deps } from '../deps.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { classifyImage } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { modelJson } from './answers.ts';
import { findAble } from './limits.ts';
import { engine, model } from './parameters.ts';

const classify = createRoute({
  method: 'post',
  path: '/classify',
  costs: true,
  summary: 'Image in, class probabilities out',
  request: { query: z.strictObject({ model, engine }) },
  body: IMAGE_BODY,
  responses: answers(
    'The likeliest class, and the probability of each',
    { 'application/json': 'Classes' },
    BODY_PROBLEMS,
  ),
});

export function classifyRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(classify, async (c, { query }) => {
    const { card } = await findAble(store, query.model ?? deps.defaultModel, 'classify');
    const x = await readModelInput(c, deps, card.image);
    const probabilities = await classifyImage(store, card, x, query.engine);
    return modelJson(c, card, {
      label: card.labels[argmax(probabilities)],
      probabilities: Object.fromEntries(card.labels.map((label, k) => [label, probabilities[k]])),
    });
  });
}
