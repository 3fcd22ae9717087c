// What a model's latents are, on its card: the prior of a code, and how many numbers say one.
import { z } from 'zod';

const size = z.number().int().positive();

/** Independent N(0, 1) in every dimension. */
const gaussian = z.strictObject({ prior: z.literal('gaussian'), dimensions: size });

/** Independent and uniform between `low` and `high` in every dimension. */
const uniform = z
  .strictObject({ prior: z.literal('uniform'), dimensions: size, low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'low must be below high');

/** Independent fair bits, 0 or 1, unless the model has a graph `prior`. */
const bernoulli = z.strictObject({ prior: z.literal('bernoulli'), dimensions: size });

/**
 * Variables that each have one of `classes` values, all alike and independent unless the model has a graph `prior`. A
 * code is `variables` whole numbers from 0; as graph input it is one-hot and flat, [variables · classes], the classes of
 * the first variable first.
 */
const categorical = z.strictObject({
  prior: z.literal('categorical'),
  variables: size,
  classes: size.min(2),
});

export const latentSchema = z.discriminatedUnion('prior', [gaussian, uniform, bernoulli, categorical]);

export type LatentSpec = z.infer<typeof latentSchema>;
export type GaussianSpec = z.infer<typeof gaussian>;
export type UniformSpec = z.infer<typeof uniform>;
export type BernoulliSpec = z.infer<typeof bernoulli>;
export type CategoricalSpec = z.infer<typeof categorical>;
export type ContinuousSpec = GaussianSpec | UniformSpec;
export type DiscreteSpec = BernoulliSpec | CategoricalSpec;

export const isContinuous = (spec: LatentSpec): spec is ContinuousSpec =>
  spec.prior === 'gaussian' || spec.prior === 'uniform';

export const isDiscrete = (spec: LatentSpec): spec is DiscreteSpec => !isContinuous(spec);

/** Whether latents are the points of a plane. */
export const isPlane = (spec: LatentSpec): spec is ContinuousSpec =>
  isContinuous(spec) && spec.dimensions === 2;

/** Numbers of one code as graph input. */
export const latentSize = (spec: LatentSpec): number =>
  spec.prior === 'categorical' ? spec.variables * spec.classes : spec.dimensions;
