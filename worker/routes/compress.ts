// POST /compress and /decompress: an image becomes the code of its latents, a few bytes long, and comes back.

import type { Context } from 'hono';
import * as z from 'zod';
import { type Coder, type Content, readCode, readTag, writeCode } from '../../core/compression/code.ts';
import { readSymbols, writeSymbols } from '../../core/compression/symbols.ts';
import { fromBase64, toBase64 } from '../../core/image/encode.ts';
import { type Able, isAble } from '../../models/able.ts';
import { classesOf, type DiscreteVaeCard, isDiscreteVae } from '../../models/card.ts';
import { nameOf } from '../../models/model-id.ts';
import type { Deps } from '../deps.ts';
import { BODY_LIMIT_BYTES, readable, readableSoon, withBody } from '../http/body.ts';
import { IMAGE_BODY, readModelInput } from '../http/image-body.ts';
import { bodyType, readJson, refuseType } from '../http/json-body.ts';
import { Problem } from '../http/problem.ts';
import { answers, BODY_PROBLEMS } from '../http/responses.ts';
import { type AddRoute, createRoute } from '../http/route.ts';
import { decodeAll, encodeCodes, encodePosterior, withPrior } from '../models/run.ts';
import type { EngineName, ModelStore } from '../models/store.ts';
import { chooseFormat, headerText } from './answers.ts';
import { latentJson } from './encodings.ts';
import { imagesAnswer, requireLook } from './images.ts';
import { imageLabel, type Labels, labelsOf } from './labels.ts';
import { findAble, listModels } from './limits.ts';
import { appearance, arrayFormat, codeFormat, engine, label, model, quality } from './parameters.ts';

const codeBodySchema = z.strictObject({
  code: z
    .string()
    .regex(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'must be base64')
    .meta({ format: 'byte', description: 'a code from /compress, base64' }),
});

const compress = createRoute({
  method: 'post',
  path: '/compress',
  costs: true,
  summary: 'Image in, short code out',
  request: { query: z.strictObject({ model, quality, label, engine, format: codeFormat }) },
  body: IMAGE_BODY,
  responses: answers(
    'The code: bytes, or JSON; the header X-Bits has its information',
    { 'application/octet-stream': null, 'application/json': 'Code' },
    BODY_PROBLEMS,
  ),
});

const decompress = createRoute({
  method: 'post',
  path: '/decompress',
  costs: true,
  summary: 'Short code in, image out',
  request: { query: z.strictObject({ ...appearance, engine, format: arrayFormat }) },
  body: {
    required: true,
    content: { 'application/octet-stream': null, 'application/json': ['CodeBody', codeBodySchema] },
  },
  responses: answers(
    'The image of the code, by the model that the code names: a PNG, JSON, or a .npy array of float32',
    { 'image/png': null, 'application/json': 'Decompressed', 'application/octet-stream': null },
    BODY_PROBLEMS,
  ),
});

type Compressor = Able<'compress'>;
type GaussianCompressor = Exclude<Compressor, DiscreteVaeCard>;

const coderOf = (card: GaussianCompressor): Coder => ({
  compression: card.compression,
  classes: classesOf(card)?.length,
});

/** By the learned prior of dreamlet's own engine, whatever runs the other graphs: who reads the code has the same bits. */
async function codeOfImage(
  store: ModelStore,
  card: Compressor,
  x: Float32Array,
  {
    quality,
    labels,
    engine,
  }: { quality: number; labels: Labels | undefined; engine: EngineName | undefined },
) {
  if (isDiscreteVae(card)) {
    const { logits } = await encodeCodes(store, card, x, engine);
    const coder = { tag: card.compression.tag, spec: card.latent };
    return withPrior(store, card, (run) => writeSymbols(coder, { quality, logits }, run));
  }
  const { mean } = await encodePosterior(store, card, x, labels?.rows[0], engine);
  const name = labels?.names[0];
  const label = name === undefined ? undefined : classesOf(card)!.indexOf(name);
  return writeCode(coderOf(card), { quality, latent: mean, label });
}

/** As `codeOfImage`, the other way. @throws Unreadable for what is no code of the model. */
const contentOf = async (store: ModelStore, card: Compressor, code: Uint8Array): Promise<Content> =>
  isDiscreteVae(card)
    ? withPrior(store, card, (run) => readSymbols(card.latent, code, run))
    : readCode(coderOf(card), code);

async function readCodeBody(c: Context): Promise<Uint8Array> {
  const type = bodyType(c);
  if (type === 'application/octet-stream') return withBody(c, BODY_LIMIT_BYTES, (bytes) => bytes.slice());
  if (type === 'application/json') return fromBase64((await readJson(c, codeBodySchema)).code);
  return refuseType(c, 'the code as application/octet-stream or application/json');
}

export function compressRoutes(add: AddRoute, deps: Deps, store: ModelStore): void {
  add(compress, async (c, { query }) => {
    const { model: reference = deps.defaultModel, quality, engine } = query;
    const { card } = await findAble(store, reference, 'compress');
    const format = chooseFormat(c, query.format, ['bin', 'json']);
    const x = await readModelInput(c, deps, card.image);
    const labels = await imageLabel(store, card, query.label, x, engine, deps.maxOperations);
    const name = labels?.names[0];
    const { code, bits } = await codeOfImage(store, card, x, { quality, labels, engine });
    const headers = {
      'X-Model': nameOf(card),
      'X-Bits': bits.toFixed(2),
      ...(name === undefined ? {} : { 'X-Label': headerText(name) }),
      'Cache-Control': 'no-store',
      'Timing-Allow-Origin': '*',
    };
    if (format === 'bin')
      return c.body(code, 200, { ...headers, 'Content-Type': 'application/octet-stream' });
    const { id, version } = card;
    const said = { model: id, version, quality, ...(name === undefined ? {} : { label: name }) };
    return c.json({ ...said, bits, bytes: code.length, code: toBase64(code) }, 200, headers);
  });

  add(decompress, async (c, { query }) => {
    const { scale, colormap, engine } = query;
    const code = await readCodeBody(c);
    const tag = readable(() => readTag(code));
    const card = (await store.cards())
      .filter((one) => isAble(one, 'compress'))
      .find(({ compression }) => compression.tag === tag);
    if (!card)
      throw new Problem(
        404,
        `the code is for a model with the tag ${tag}, which is not here; the models that compress are ${await listModels(store, (one) => isAble(one, 'compress'))}`,
      );
    const format = chooseFormat(c, query.format, ['png', 'json', 'npy']);
    const look = { columns: 1, scale, colormap };
    requireLook(card, 1, look, format);
    const { quality, latent, label: index } = await readableSoon(() => contentOf(store, card, code));
    const labels = index === undefined ? undefined : labelsOf(classesOf(card)!, [index]);
    const means = await decodeAll(store, card, [latent], labels?.rows, engine);
    return imagesAnswer(c, card, means, {
      look,
      format,
      names: labels?.names,
      latent: latentJson(card.latent, latent),
      said: { code: toBase64(code), quality },
    });
  });
}
