// What the OpenAPI document says of bodies and answers: their media types, and the problems any route may answer.
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import { MASKS } from '../../models/sections.ts';

const parameterError = z.object({
  parameter: z.string().openapi({ example: 'n' }),
  rule: z.string().openapi({ example: 'must be a whole number from 1 to 64' }),
  value: z.unknown().optional().openapi({ example: '65', description: 'where there was one, short enough' }),
});

const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.array(parameterError).optional(),
  })
  .openapi('Problem');

const integer = z.number().int();
const pixels = z.string().openapi({ format: 'byte', description: 'row-major, channels last, 8 bit, base64' });
const size = { width: integer, height: integer, channels: integer };
const named = { model: z.string(), version: integer };
const latent = z.array(z.number());
const label = z.string().optional().openapi({ description: 'class, of a model that takes a label' });
/** A latent: numbers, or of a discrete one a whole number for each variable. */
const coded = {
  latent: latent.optional(),
  codes: z.array(integer).optional().openapi({ description: 'in place of latent, of a discrete one' }),
};
const image = z.object({ index: integer, label, ...size, pixels });
const sample = image.extend(coded);

export const samplesSchema = z
  .object({ ...named, seed: z.string(), images: z.array(sample) })
  .openapi('Samples');
export const pathSchema = z
  .object({ ...named, from: z.string(), to: z.string(), images: z.array(sample) })
  .openapi('Path');
export const imagesSchema = z
  .object({
    ...named,
    latent: latent
      .optional()
      .openapi({ description: 'of /reconstruct: the posterior mean; of /decompress: of the code' }),
    codes: coded.codes,
    images: z.array(image),
  })
  .openapi('Images');
export const posteriorSchema = z
  .object({
    ...named,
    label,
    mean: latent.optional(),
    logVariance: latent.optional().openapi({ description: 'not of a deterministic encoder' }),
    codes: z
      .array(integer)
      .optional()
      .openapi({ description: 'in place of mean, of a discrete latent: the likeliest code' }),
    logits: latent
      .optional()
      .openapi({ description: 'of every value of every variable, variable by variable' }),
  })
  .openapi('Posterior');

export const completionsSchema = z
  .object({ ...named, seed: z.string(), mask: z.enum(MASKS), images: z.array(image) })
  .openapi('Completions');

export const classesSchema = z
  .object({
    ...named,
    label: z.string().openapi({ description: 'the likeliest class' }),
    probabilities: z.record(z.string(), z.number().min(0).max(1)),
  })
  .openapi('Classes');

export const editedSchema = z
  .object({
    ...named,
    seed: z.string().optional(),
    temperature: z.number().optional(),
    direction: z.string(),
    strength: z.union([z.number(), z.string()]).openapi({ description: 'as it was asked for' }),
    label,
    images: z.array(sample.omit({ label: true })),
  })
  .openapi('Edited');

const nats = (description: string) => z.number().openapi({ description: `${description}, nats` });
const percentile = z.number().min(0).max(100);
export const anomalySchema = z
  .object({
    ...named,
    label,
    score: nats('reconstruction + kl: the negative bound'),
    excess: nats('score − the least that a decoder could make these pixels cost'),
    reconstruction: nats('−log p(x|z) at the posterior mean'),
    kl: nats('KL(q(z|x) ‖ p(z))'),
    percentile: percentile.openapi({ description: 'the larger one of score and excess' }),
    percentiles: z
      .object({ score: percentile, excess: percentile, reconstruction: percentile, kl: percentile })
      .openapi({
        description: 'usual images, held out when the model was trained, in a hundred with a smaller value',
      }),
    verdict: z
      .enum(['usual', 'unusual'])
      .openapi({ description: 'unusual: score or excess is above its threshold' }),
    thresholds: z.object({
      score: nats('a share rate / 2 of the usual images is above'),
      excess: nats('a share rate / 2 of the usual images is above'),
    }),
    rate: z.number(),
  })
  .openapi('Anomaly');

export const codeSchema = z
  .object({
    ...named,
    quality: integer,
    label,
    bits: z.number().openapi({ description: 'information of the code without its first three bytes' }),
    bytes: integer.openapi({ description: 'length of the code' }),
    code: z.string().openapi({ format: 'byte', description: 'for /decompress, base64' }),
  })
  .openapi('Code');
export const decompressedSchema = imagesSchema
  .extend({ code: z.string().openapi({ format: 'byte' }), quality: integer })
  .openapi('Decompressed');

const binary = z.any().openapi({ type: 'string', format: 'binary' });

/** Media types of an answer or a body: a schema for JSON, `null` for bytes. */
type Content = Record<string, z.ZodType | null>;

const PROBLEMS = {
  400: 'A parameter or the body breaks a rule; `errors` names it, the rule and the value',
  404: 'There is no such model; the detail lists those that exist',
  413: 'The body is larger than 256 KiB, or a photograph than 4 MiB',
  415: 'The body is of a type that this route does not take',
  422: 'The model cannot do this; the detail says which can, or how much fits into one request',
  408: 'The body took too long to come',
  429: 'Too many requests from this address; see Retry-After',
  501: 'Not implemented',
  503: 'The model is being published, or there is no room at the moment; see Retry-After',
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

/** Those of a route that takes a body and runs a model. */
export const BODY_PROBLEMS = [400, 404, 408, 413, 415, 422, 429, 503] as const;

/**
 * The answers of a route. Routes answer with bytes that they make themselves, so that the content is for the
 * document and no type of the handler.
 */
export function answers(
  description: string,
  content: Content,
  problems: readonly ProblemCode[],
  redirect?: string,
): { 200: { description: string } } {
  const schemas = Object.entries(content).map(([type, schema]) => [type, { schema: schema ?? binary }]);
  return {
    200: { description, content: Object.fromEntries(schemas) },
    ...(redirect ? { 302: { description: redirect } } : {}),
    ...Object.fromEntries(
      problems.map((status) => [
        status,
        {
          description: PROBLEMS[status],
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ]),
    ),
  } as { 200: { description: string } };
}

/** A body in the document alone: routes read bodies byte by byte up to the limit, and validate then. */
export function bodyOf(
  app: OpenAPIHono,
  content: Record<string, [name: string, schema: z.ZodType] | null>,
  required = true,
) {
  const entries = Object.entries(content).map(([type, entry]) => {
    if (!entry) return [type, { schema: { type: 'string', format: 'binary' } }];
    const [name, schema] = entry;
    app.openAPIRegistry.register(name, schema);
    return [type, { schema: { $ref: `#/components/schemas/${name}` } }];
  });
  return { requestBody: { required, content: Object.fromEntries(entries) } };
}
