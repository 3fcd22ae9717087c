// What a model's latents are, on its card: the prior of a code.
import * as z from 'zod';

const size = z.number().int().positive();

/** Where the codes of images are: a mixture of Gaussians with diagonal covariance, [parts] and [parts][dimensions]. */
const aggregate = z.strictObject({
  /** Shares of the parts; they may miss 1 by rounding. */
  weights: z.array(z.number().positive()).min(1),
  means: z.array(z.array(z.number())),
  deviations: z.array(z.array(z.number().positive())),
  /** Data split and number of images, e.g. `train, first 20000 images`. */
  split: z.string(),
});

/** Independent N(0, 1) in every dimension: what bounds are of, and what seeds draw from unless there is an `aggregate`. */
export const gaussian = z
  .strictObject({ prior: z.literal('gaussian'), dimensions: size, aggregate: aggregate.optional() })
  .refine(
    ({ dimensions, aggregate: of }) =>
      !of ||
      [of.means, of.deviations].every(
        (parts) => parts.length === of.weights.length && parts.every(({ length }) => length === dimensions),
      ),
    'aggregate must have a weight for each part, and one mean and one deviation for each of its dimensions',
  );

/** Independent and uniform between `low` and `high` in every dimension. */
export const uniform = z
  .strictObject({ prior: z.literal('uniform'), dimensions: size, low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'low must be below high');

/** Independent fair bits, 0 or 1, unless the model has a graph `prior`. */
export const bernoulli = z.strictObject({ prior: z.literal('bernoulli'), dimensions: size });

/**
 * Variables that each have one of `classes` values, all alike and independent unless the model has a graph `prior`. A
 * code is `variables` whole numbers from 0; as graph input it is one-hot and flat, [variables · classes], the classes of
 * the first variable first.
 */
export const categorical = z.strictObject({
  prior: z.literal('categorical'),
  variables: size,
  classes: size.min(2),
});

export const latentSchema = z.discriminatedUnion('prior', [gaussian, uniform, bernoulli, categorical]);
