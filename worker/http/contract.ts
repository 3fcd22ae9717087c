// What is in the JSON of answers, by the names that routes and the OpenAPI document call it. Only the document needs it,
// so that it is loaded with that.
import * as z from 'zod';
import { modelCardSchema } from '../../models/card-schema.ts';
import { MASKS } from '../../models/masks.ts';

const parameterError = z.object({
  parameter: z.string().meta({ example: 'n' }),
  rule: z.string().meta({ example: 'must be a whole number from 1 to 64' }),
  value: z.unknown().optional().meta({ example: '65', description: 'where there was one, short enough' }),
});

const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  errors: z.array(parameterError).optional(),
});

const integer = z.number().int();
const pixels = z.string().meta({ format: 'byte', description: 'row-major, channels last, 8 bit, base64' });
const size = { width: integer, height: integer, channels: integer };
const named = { model: z.string(), version: integer };
const latent = z.array(z.number());
const label = z.string().optional().meta({ description: 'class, of a model that takes a label' });
/** A latent: numbers, or of a discrete one a whole number for each variable. */
const coded = {
  latent: latent.optional(),
  codes: z.array(integer).optional().meta({ description: 'in place of latent, of a discrete one' }),
};
const image = z.object({ index: integer, label, ...size, pixels });
const sample = image.extend(coded);

const samplesSchema = z.object({ ...named, seed: z.string(), images: z.array(sample) });
const pathSchema = z.object({ ...named, from: z.string(), to: z.string(), images: z.array(sample) });
const imagesSchema = z.object({
  ...named,
  latent: latent
    .optional()
    .meta({ description: 'of /reconstruct: the posterior mean; of /decompress: of the code' }),
  codes: coded.codes,
  images: z.array(image),
});
const posteriorSchema = z.object({
  ...named,
  label,
  mean: latent.optional(),
  logVariance: latent.optional().meta({ description: 'not of a deterministic encoder' }),
  codes: z
    .array(integer)
    .optional()
    .meta({ description: 'in place of mean, of a discrete latent: the likeliest code' }),
  logits: latent.optional().meta({ description: 'of every value of every variable, variable by variable' }),
});

const completionsSchema = z.object({
  ...named,
  seed: z.string(),
  mask: z.enum(MASKS),
  images: z.array(image),
});

const classesSchema = z.object({
  ...named,
  label: z.string().meta({ description: 'the likeliest class' }),
  probabilities: z.record(z.string(), z.number().min(0).max(1)),
});

const editedSchema = z.object({
  ...named,
  seed: z.string().optional(),
  temperature: z.number().optional(),
  direction: z.string(),
  strength: z.union([z.number(), z.string()]).meta({ description: 'as it was asked for' }),
  label,
  images: z.array(sample.omit({ label: true })),
});

const nats = (description: string) => z.number().meta({ description: `${description}, nats` });
const percentile = z.number().min(0).max(100);
const anomalySchema = z.object({
  ...named,
  label,
  score: nats('reconstruction + kl: the negative bound'),
  excess: nats('score − the least that a decoder could make these pixels cost'),
  reconstruction: nats('−log p(x|z) at the posterior mean'),
  kl: nats('KL(q(z|x) ‖ p(z))'),
  percentile: percentile.meta({ description: 'the larger one of score and excess' }),
  percentiles: z
    .object({ score: percentile, excess: percentile, reconstruction: percentile, kl: percentile })
    .meta({
      description: 'usual images, held out when the model was trained, in a hundred with a smaller value',
    }),
  verdict: z
    .enum(['usual', 'unusual'])
    .meta({ description: 'unusual: score or excess is above its threshold' }),
  thresholds: z.object({
    score: nats('a share rate / 2 of the usual images is above'),
    excess: nats('a share rate / 2 of the usual images is above'),
  }),
  rate: z.number(),
});

const codeSchema = z.object({
  ...named,
  quality: integer,
  label,
  bits: z.number().meta({ description: 'information of the code without its first three bytes' }),
  bytes: integer.meta({ description: 'length of the code' }),
  code: z.string().meta({ format: 'byte', description: 'for /decompress, base64' }),
});
const decompressedSchema = imagesSchema.extend({
  code: z.string().meta({ format: 'byte' }),
  quality: integer,
});

const health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  engine: z.string(),
  defaultModel: z.string(),
  maxOperations: z.number().meta({
    description: 'floating-point operations that one request may take; cards say what an image takes',
  }),
  models: z.array(z.string()),
});

const oembed = z.object({
  version: z.literal('1.0'),
  type: z.literal('photo'),
  title: z.string(),
  provider_name: z.string(),
  provider_url: z.string(),
  url: z.string(),
  width: z.number().int(),
  height: z.number().int(),
});

/** By name; those of `Document` are any members. */
export const CONTRACT = {
  Problem: problemSchema,
  Samples: samplesSchema,
  Path: pathSchema,
  Images: imagesSchema,
  Posterior: posteriorSchema,
  Completions: completionsSchema,
  Classes: classesSchema,
  Edited: editedSchema,
  Anomaly: anomalySchema,
  Code: codeSchema,
  Decompressed: decompressedSchema,
  Model: modelCardSchema,
  Models: z.array(modelCardSchema),
  OEmbed: oembed,
  Health: health,
  Document: z.record(z.string(), z.unknown()),
} satisfies Record<string, z.ZodType>;
export type AnswerName = keyof typeof CONTRACT;
