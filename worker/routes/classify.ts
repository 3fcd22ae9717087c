// POST /classify: image in, class probabilities out.
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { argmax } from '../../core/latents/categorical.ts';
import type { Deps } from '../deps.ts';
import { answers, BODY_PROBLEMS, bodyOf, classesSchema } from '../http/contract.ts';
import { PICTURES, pixelsSchema, readModelInput } from '../http/image-body.ts';
import type { AddRoute } from '../http/route.ts';
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
  responses: answers(
    'The likeliest class, and the probability of each',
    { 'application/json': classesSchema },
    BODY_PROBLEMS,
  ),
});

export function classifyRoute(app: OpenAPIHono, add: AddRoute, deps: Deps, store: ModelStore): void {
  const body = bodyOf(app, { ...PICTURES, 'application/json': ['Pixels', pixelsSchema] });

  add({ ...classify, ...body }, async (c, { query }) => {
    const { card } = await findAble(store, query.model ?? deps.defaultModel, 'classify');
    const x = await readModelInput(c, deps, card.image);
    const probabilities = await classifyImage(store, card, x, query.engine);
    return modelJson(c, card, {
      label: card.labels[argmax(probabilities)],
      probabilities: Object.fromEntries(card.labels.map((label, k) => [label, probabilities[k]])),
    });
  });
}
