// GET /interpolate: the path between two seeds.

import type { Context } from 'hono';
import * as z from 'zod';
import { drawOperations } from '../../core/budget.ts';
import { enlarge, sheet, toImage } from '../../core/image/compose.ts';
import { encodeApng } from '../../core/image/png.ts';
import { interpolateLatents, PATHS_OF, type PathName } from '../../core/latents/interpolate.ts';
import { lerp } from '../../core/latents/paths.ts';
import type { Able } from '../../models/able.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../http/problem.ts';
import { answers } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, drawLatents } from '../models/run.ts';
import type { ModelStore } from '../models/store.ts';
import { cachedAnswer, chooseFormat, randomSeed, redirectWith } from './answers.ts';
import { imageJson, latentJson, picture, pictureOptions } from './encodings.ts';
import { drawLabels, labelOfRow, labelParameter, readLabel } from './labels.ts';
import { findAble, requireColormap, requireWithinPicture, requireWithinWork } from './limits.ts';
import { interpolateFormat, interpolateQuery, model } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const FORMATS = ['png', 'apng', 'json'] as const;
type Format = (typeof FORMATS)[number];

const responses = answers(
  'A strip of frames, an animated PNG, or JSON with latents and pixels',
  { 'image/png': null, 'image/apng': null, 'application/json': 'Path' },
  [400, 404, 422, 429, 503],
  'A seed was missing: the same address with random ones',
);

const querySchema = z.strictObject(interpolateQuery);

const byQuery = createRoute({
  method: 'get',
  path: '/interpolate',
  costs: true,
  summary: 'The path between two seeds',
  request: { query: querySchema.extend({ model, format: interpolateFormat }) },
  responses,
});

const byPath = createRoute({
  method: 'get',
  path: '/interpolate/{file}',
  costs: true,
  summary: 'The path between two seeds, under an address for <img>',
  request: { params: fileParameter(FORMATS), query: querySchema },
  responses,
});

/** @throws Problem 422 when the latents of the model have no such path. */
function requirePath(card: Able<'interpolate'>, path: PathName): void {
  const { prior } = card.latent;
  if (PATHS_OF[prior].includes(path)) return;
  const rule = `must be ${PATHS_OF[prior].join(' or ')} for ${prior} latents`;
  throw new Problem(422, `${nameOf(card)} has no path ${path}; path ${rule}`, [
    { parameter: 'path', rule, value: path },
  ]);
}

export function interpolateRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  async function answer(
    c: Context,
    reference: string,
    {
      from,
      to,
      steps,
      path: wanted,
      loop,
      fps,
      label,
      temperature,
      scale,
      colormap,
      engine,
    }: z.infer<typeof querySchema>,
    format: Format,
  ): Promise<Response> {
    const { card, pinned } = await findAble(store, reference, 'interpolate');
    const path = wanted ?? PATHS_OF[card.latent.prior][0];
    requirePath(card, path);
    requireColormap(card, colormap);
    const classes = await readLabel(store, card, label);
    const operations = (frames: number) =>
      2 * drawOperations(card) + frames * card.graphs.decoder.flopsPerImage;
    requireWithinWork('steps', steps, operations, deps.maxOperations);
    if (format !== 'json')
      requireWithinPicture(card, loop ? 2 * steps - 2 : steps, scale, operations(steps), deps.maxOperations);
    if (from === undefined || to === undefined)
      return redirectWith(c, { from: from ?? randomSeed(), to: to ?? randomSeed() });
    const parameters = {
      from,
      to,
      steps,
      path,
      loop,
      fps,
      ...labelParameter(classes),
      temperature,
      scale,
      colormap,
      ...(engine ? { engine } : {}),
    };

    return cachedAnswer(c, { card, pinned, kind: `interpolate.${format}`, parameters }, format, async () => {
      const { width, height, channels } = card.image;
      const ends = [from, to].map((seed) => ({ seed, index: 0 }));
      const [a, b] = await drawLatents(store, card, ends, temperature, engine);
      const shares = Array.from({ length: steps }, (_, i) => i / (steps - 1));
      const latents = shares.map((t) => interpolateLatents(card.latent, a!, b!, t, { path, seed: from }));
      const [first, last] = [drawLabels(classes, from, 1), drawLabels(classes, to, 1)];
      const labels = first && last && [...first.names, ...last.names];
      // From one class to another the weights blend.
      const rows = first && last && shares.map((t) => lerp(first.rows[0]!, last.rows[0]!, t));
      const means = await decodeAll(store, card, latents, rows, engine);
      const there = means.map((mean) => toImage(mean, width, height, channels));
      // The way back leaves out both ends, so that neither shows twice.
      const images = loop ? [...there, ...there.slice(1, -1).toReversed()] : there;
      if (format === 'png')
        return picture(sheet(images, images.length), { scale, colormap }, card, parameters, labels);
      if (format === 'apng')
        return encodeApng(
          images.map((image) => enlarge(image, scale)),
          { ...pictureOptions(colormap, card, parameters, labels), framesPerSecond: fps, plays: 0 },
        );
      return JSON.stringify({
        model: card.id,
        version: card.version,
        from,
        to,
        images: images.map((image, index) => {
          const step = index < steps ? index : 2 * steps - 2 - index;
          const label = rows && labelOfRow(classes!.names, rows[step]!);
          return imageJson(image, index, label, latentJson(card.latent, latents[step]!));
        }),
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
