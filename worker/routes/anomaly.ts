// POST /anomaly: image in; its bound, where that stands among usual images, and a verdict out.
import * as z from 'zod';
import { judge } from '../../core/anomaly/judge.ts';
import { anomalyTerms } from '../../core/anomaly/terms.ts';
import type { Deps } from '../deps.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { boundOf, decodePixels } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { modelJson } from './answers.ts';
import { imageLabel } from './labels.ts';
import { findAble } from './limits.ts';
import { engine, label, model, rate } from './parameters.ts';

const anomaly = createRoute({
  method: 'post',
  path: '/anomaly',
  costs: true,
  summary: 'Image in; its bound in nats, percentiles among usual images, and a verdict out',
  request: { query: z.strictObject({ model, label, engine, rate }) },
  body: IMAGE_BODY,
  responses: answers(
    'Whether the model has seen images like this one',
    { 'application/json': 'Anomaly' },
    BODY_PROBLEMS,
  ),
});

export function anomalyRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(anomaly, async (c, { query }) => {
    const { model: reference = deps.defaultModel, engine: name } = query;
    const { card } = await findAble(store, reference, 'anomaly');
    const x = await readModelInput(c, deps, card.image);
    const labels = await imageLabel(store, card, query.label, x, name, deps.maxOperations);
    const { posterior, latent } = await boundOf(store, card, x, labels?.rows[0], name);
    const pixels = await decodePixels(store, card, latent, labels?.rows[0], name);
    return modelJson(c, card, {
      ...(labels ? { label: labels.names[0] } : {}),
      ...judge(anomalyTerms(x, posterior, pixels), card.anomaly, query.rate),
    });
  });
}
