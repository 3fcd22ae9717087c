// GET /manifold: the latent plane of a two-dimensional model, or a plane through three seeds.
import * as z from 'zod';
import { sheet, toImage } from '../../core/image/compose.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { manifoldGrid, planeGrid } from '../../core/latents/grids.ts';
import { isContinuous, isPlane } from '../../models/latent.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { cachedAnswer } from './answers.ts';
import { picture } from './encodings.ts';
import { drawLabels, labelParameter, readLabel } from './labels.ts';
import { findAble, listModels, requireColormap, requireWithinPicture, requireWithinWork } from './limits.ts';
import { manifoldQuery } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const route = createRoute({
  method: 'get',
  path: '/manifold/{file}',
  costs: true,
  summary: 'The latent plane of a 2-D model, or a plane through three seeds',
  request: { params: fileParameter(['png']), query: z.strictObject(manifoldQuery) },
  responses: answers('A PNG of size × size images', { 'image/png': null }, [400, 404, 422, 429, 503]),
});

const CORNERS = ['origin', 'right', 'down'] as const;

export function manifoldRoute(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(route, async (c, { params, query }) => {
    const { card, pinned } = await findAble(store, splitFile(params.file).model, 'generate');
    const { size, scale, colormap, engine } = query;
    requireColormap(card, colormap);
    const classes = await readLabel(store, card, query.label);
    const operations = (side: number) => side ** 2 * card.graphs.decoder.flopsPerImage;
    requireWithinWork('size', size, operations, deps.maxOperations);
    requireWithinPicture(card, size ** 2, scale, operations(size), deps.maxOperations);

    const missing = CORNERS.filter((corner) => query[corner] === undefined);
    const { latent } = card;
    if (!isContinuous(latent))
      throw new Problem(
        422,
        `the latents of ${nameOf(card)} are discrete; models with a plane: ${await listModels(store, (one) => one.latent !== undefined && isContinuous(one.latent))}`,
      );
    const plane = missing.length < CORNERS.length || !isPlane(latent);
    if (plane && missing.length > 0)
      throw new Problem(
        422,
        `${nameOf(card)} has ${latent.dimensions} latent dimensions; a plane through them needs the three seeds ${CORNERS.join(', ')}. Models that are a plane: ${await listModels(store, (one) => one.latent !== undefined && isPlane(one.latent))}`,
        missing.map((parameter) => ({ parameter, rule: 'must be a seed' })),
      );
    const [origin, right, down] = CORNERS.map((corner) => query[corner] ?? '') as [string, string, string];
    const parameters = {
      size,
      ...labelParameter(classes),
      scale,
      colormap,
      ...(engine ? { engine } : {}),
      ...(plane ? { origin, right, down } : {}),
    };
    return cachedAnswer(c, { card, pinned, kind: 'manifold.png', parameters }, 'png', async () => {
      const corner = (seed: string) => drawLatent(latent, seed, 0);
      const latents = plane
        ? planeGrid(corner(origin), corner(right), corner(down), size)
        : manifoldGrid(latent, size);
      // One class for the whole plane: that of the seed at the top left.
      const labels = drawLabels(classes, origin, 1);
      const rows = labels && latents.map(() => labels.rows[0]!);
      const means = await decodeAll(store, card, latents, rows, engine);
      const { width, height, channels } = card.image;
      const images = means.map((mean) => toImage(mean, width, height, channels));
      return picture(sheet(images, size), { scale, colormap }, card, parameters, labels?.names);
    });
  });
}
