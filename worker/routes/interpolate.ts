// GET /interpolate: the path between two seeds.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Colormap } from '../../core/image/colormaps.ts';
import { enlarge, sheet, toImage } from '../../core/image/compose.ts';
import { encodeApng } from '../../core/image/png.ts';
import { drawLatent } from '../../core/latents/draw.ts';
import { lerp, slerp } from '../../core/latents/paths.ts';
import type { Deps } from '../deps.ts';
import { answers, pathSchema } from '../http/contract.ts';
import type { AddRoute } from '../http/route.ts';
import { decodeAll } from '../models/run.ts';
import type { EngineName, ModelStore } from '../models/store.ts';
import { cachedAnswer, chooseFormat, randomSeed, redirectWith } from './answers.ts';
import { imageJson, picture, pictureOptions } from './encodings.ts';
import { drawLabels, labelOfRow, labelParameter, readLabel } from './labels.ts';
import { requireCapability, requireColormap, requireWithinPicture, requireWithinWork } from './limits.ts';
import { interpolateFormat, interpolateQuery, model } from './parameters.ts';
import { fileParameter, splitFile } from './path.ts';

const FORMATS = ['png', 'apng', 'json'] as const;
type Format = (typeof FORMATS)[number];

const CONTENT_TYPE = { png: 'image/png', apng: 'image/apng', json: 'application/json' } as const;

const responses = answers(
  'A strip of frames, an animated PNG, or JSON with latents and pixels',
  { 'image/png': null, 'image/apng': null, 'application/json': pathSchema },
  [400, 404, 422, 429, 503],
  'A seed was missing: the same address with random ones',
);

const byQuery = createRoute({
  method: 'get',
  path: '/interpolate',
  summary: 'The path between two seeds',
  request: { query: z.strictObject({ model, ...interpolateQuery, format: interpolateFormat }) },
  responses,
});

const byPath = createRoute({
  method: 'get',
  path: '/interpolate/{file}',
  summary: 'The path between two seeds, under an address for <img>',
  request: { params: fileParameter(FORMATS), query: z.strictObject(interpolateQuery) },
  responses,
});

type Query = {
  from?: string | undefined;
  to?: string | undefined;
  steps?: number | undefined;
  path?: 'slerp' | 'lerp' | undefined;
  loop?: boolean | undefined;
  fps?: number | undefined;
  label?: string | undefined;
  temperature?: number | undefined;
  scale?: number | undefined;
  colormap?: Colormap | undefined;
  engine?: EngineName | undefined;
};

export function interpolateRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  async function answer(c: Context, reference: string, query: Query, format: Format): Promise<Response> {
    const { card: found, pinned } = await store.find(reference);
    const {
      steps = 8,
      path = 'slerp',
      loop = false,
      fps = 12,
      temperature = 1,
      scale = 1,
      colormap = 'gray',
    } = query;
    const card = await requireCapability(store, found, 'interpolate');
    requireColormap(card, colormap);
    const classes = await readLabel(store, card, query.label);
    const operations = (frames: number) => frames * card.graphs.decoder.flopsPerImage;
    requireWithinWork('steps', steps, operations, deps.maxOperations);
    if (format !== 'json') requireWithinPicture(card, loop ? 2 * steps - 2 : steps, scale);
    const { from, to, engine } = query;
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

    return cachedAnswer(
      c,
      { card, pinned, kind: `interpolate.${format}`, parameters },
      CONTENT_TYPE[format],
      format,
      async () => {
        const { width, height, channels } = card.image;
        const end = (seed: string) => drawLatent(card.latent, seed, 0, temperature);
        const [a, b] = [end(from), end(to)];
        const between = path === 'slerp' ? slerp : lerp;
        const shares = Array.from({ length: steps }, (_, i) => i / (steps - 1));
        const latents = shares.map((t) => between(a, b, t));
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
            return imageJson(image, index, { label, latent: latents[step] });
          }),
        });
      },
    );
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
