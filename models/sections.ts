// Sections of a model card that a capability needs: what its route answers with, measured when the package was made.
import * as z from 'zod';
import { MASKS } from './masks.ts';

const ascending = z
  .array(z.number())
  .min(2)
  .refine((values) => values.every((v, i) => i === 0 || v >= values[i - 1]!), 'must ascend');

const share = z.number().min(0).max(1);

/** False alarms on held-out images, as a multiple of those asked for, above which no card may carry a verdict. */
export const MOST_FALSE_ALARMS = 3;

const falseAlarms = z.strictObject({
  /** Data split and number of images, none of which the quantiles are of. */
  split: z.string(),
  images: z.number().int().positive(),
  /** Usual images that are called unusual, with a 95 % interval, where a share `rate` of them was asked for. */
  reached: z
    .array(z.strictObject({ rate: share, share, interval: z.tuple([share, share]) }))
    .min(1)
    .refine(
      (reached) => reached.every((one) => one.share <= MOST_FALSE_ALARMS * one.rate),
      `must not be above ${MOST_FALSE_ALARMS} times the rate that was asked for`,
    ),
});

export const anomalySchema = z
  .strictObject({
    /** How the figures of an image are computed, in one sentence. */
    estimator: z.string(),
    /** Data split and number of images, e.g. `validation, first 5000 images`: images that the model was not fitted to. */
    split: z.string(),
    images: z.number().int().positive(),
    falseAlarms,
    /** Shares of these images, from 0 to 1, that the quantiles stand for. */
    levels: ascending.refine((levels) => levels[0] === 0 && levels.at(-1) === 1, 'must go from 0 to 1'),
    /** In nats, as `core/anomaly/terms.ts` defines them: larger is stranger. */
    quantiles: z.strictObject({
      score: ascending,
      excess: ascending,
      reconstruction: ascending,
      kl: ascending,
    }),
  })
  .refine(
    ({ levels, quantiles }) => Object.values(quantiles).every(({ length }) => length === levels.length),
    'must have one quantile for each level',
  );

/** The work of reading a code grows with the square of its length. */
const MAX_COMPRESSED_LATENTS = 256;

/** Bytes 2 and 3 of every code of the model, hexadecimal: no other model has them. */
const tag = z.string().regex(/^[0-9a-f]{4}$/);

const gaussianCompression = z.strictObject({
  tag,
  /** Data split and number of images that the figures below are of, e.g. `train, first 20000 images`. */
  split: z.string(),
  /** Mean and standard deviation of the posterior means over these images, [J], to four digits. */
  centres: z.array(z.number()).max(MAX_COMPRESSED_LATENTS),
  deviations: z.array(z.number().positive()),
  /** Standard deviation of the posterior itself, root mean square over these images, [J]. */
  steps: z.array(z.number().positive()),
});

/** Of discrete latents: how often each value comes is for the graph `prior` to say. */
const symbolCompression = z.strictObject({ tag });

export const compressionSchema = z.union([gaussianCompression, symbolCompression]);

export const completionSchema = z.strictObject({
  /** The masks it was trained on. */
  masks: z
    .array(z.enum(MASKS))
    .min(1)
    .refine((masks) => new Set(masks).size === masks.length, 'must differ'),
});

export const classificationSchema = z.strictObject({
  /** Training images whose class it was told. */
  labelledImages: z.number().int().positive(),
  /** Data split and number of images that the figures below are of, e.g. `test, 10000 images`. */
  split: z.string(),
  /** Share of these images whose likeliest class is their own. */
  accuracy: share,
  /** Expected calibration error over 15 bins of confidence, equally wide (Guo et al. 2017, Eq. 3). */
  calibrationError: share,
  /** Where its logits are over a temperature, which its graph does. */
  scaling: z
    .strictObject({
      temperature: z.number().positive(),
      /** Data split and number of images whose labels it was fitted on. */
      split: z.string(),
      /** What the calibration error is without it. */
      unscaledCalibrationError: share,
    })
    .optional(),
});

export type AnomalyCard = z.infer<typeof anomalySchema>;
export type CompressionCard = z.infer<typeof gaussianCompression>;
export type SymbolCompressionCard = z.infer<typeof symbolCompression>;
export type CompletionCard = z.infer<typeof completionSchema>;
export type ClassificationCard = z.infer<typeof classificationSchema>;
