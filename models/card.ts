// The model card: models/<id>@<version>/model.json, the single description of a model.
// export/ writes it; worker/, site/ and the docs read it; nothing about a model is written twice.
import { z } from 'zod';

/** `mnist-vae`: lower-case words joined by hyphens. */
export const MODEL_ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const shape = z.array(z.union([z.number().int().positive(), z.literal('batch')]));

const tensor = z.strictObject({
  name: z.string(),
  dtype: z.enum(['float32', 'int64']),
  /** `'batch'` marks the dynamic first dimension; images are NCHW. */
  shape,
  /** Smallest and largest value the tensor takes (inputs: accepts), where bounded. */
  range: z.tuple([z.number(), z.number()]).optional(),
  meaning: z.string(),
});

const graph = z.strictObject({
  /** File name inside the package. */
  file: z.string(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  parameters: z.number().int().nonnegative(),
  /** Floating-point operations for one image (a multiply-add counts as two). */
  flopsPerImage: z.number().int().positive(),
});

const metric = z.strictObject({
  /** `nll`, `elbo`, `reconstruction`, `kl`, `active-units`, … */
  name: z.string(),
  value: z.number(),
  /** Standard error over the examples, where the metric is a mean. */
  standardError: z.number().nonnegative().optional(),
  /** 95 % interval by Wilson (1927), where the metric is a share of the examples. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  unit: z.string(),
  /** Data split and number of examples, e.g. `test, 10000 images`. */
  split: z.string(),
  /** How it was measured, in one sentence: estimator, samples, binarisation, seed. */
  protocol: z.string(),
});

const ascending = z
  .array(z.number())
  .min(2)
  .refine((values) => values.every((v, i) => i === 0 || v >= values[i - 1]!), 'must ascend');

const anomaly = z
  .strictObject({
    /** How the figures of an image are computed, in one sentence. */
    estimator: z.string(),
    /** Data split and number of images, e.g. `train, first 10000 images`. */
    split: z.string(),
    images: z.number().int().positive(),
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

/** Four significant digits are enough. */
/** The work of reading a code grows with the square of its length. */
const MAX_COMPRESSED_LATENTS = 256;

const compression = z.strictObject({
  /** Bytes 2 and 3 of every code of the model, hexadecimal: no other model has them. */
  tag: z.string().regex(/^[0-9a-f]{4}$/),
  /** Data split and number of images that the figures below are of, e.g. `train, first 20000 images`. */
  split: z.string(),
  /** Mean and standard deviation of the posterior means over these images, [J], to four digits. */
  centres: z.array(z.number()).max(MAX_COMPRESSED_LATENTS),
  deviations: z.array(z.number().positive()),
  /** Standard deviation of the posterior itself, root mean square over these images, [J]. */
  steps: z.array(z.number().positive()),
});

const card = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(MODEL_ID_PATTERN),
  version: z.number().int().positive(),
  title: z.string(),
  description: z.string(),
  family: z.enum(['vae']),
  dataset: z.strictObject({
    id: z.string(),
    title: z.string(),
    /** How pixels become training values: `static`, `dynamic` (fresh binarisation at every use) or `grey`. */
    variant: z.enum(['static', 'dynamic', 'grey']),
    /** Terms of use of the data. */
    terms: z.string(),
  }),
  image: z.strictObject({
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  /** Prior over the latent vector: independent N(0, 1) in every dimension. */
  latent: z.strictObject({ prior: z.literal('gaussian'), dimensions: z.number().int().positive() }),
  likelihood: z.enum(['bernoulli', 'gaussian', 'continuous-bernoulli']),
  /** Class names of the data set, by index. A model that takes a label as input says so in its decoder's inputs. */
  labels: z.array(z.string()).optional(),
  /** Latent directions that change one attribute of a picture; `vector` [J] is a step of strength 1. */
  directions: z
    .array(z.strictObject({ name: z.string(), meaning: z.string(), vector: z.array(z.number()) }))
    .optional(),
  capabilities: z.array(
    z.enum(['generate', 'interpolate', 'encode', 'complete', 'classify', 'anomaly', 'edit', 'compress']),
  ),
  /** Decoder: `z` [batch, J] → `mean` [batch, C, H, W] in 0…1; where the mean does not say all of p(x|z) also
   *  `log_variance` (Gaussian pixels) or `logits` (continuous-Bernoulli ones), of the same shape.
   *  Encoder: `x` [batch, C, H, W] in 0…1 → `mean`, `log_variance` [batch, J].
   *  Of a conditional model both take `label` [batch, classes] as well, one-hot.
   *  Of a model of several groups of latents, where the posterior of a group depends on what the groups before it
   *  became, the encoder takes `epsilon` [batch, J], standard normal noise: its outputs are those met on the way
   *  z = mean + exp(log_variance / 2) · epsilon, so log q(z|x) = log N(z; mean, exp(log_variance)) holds there;
   *  zeros follow the means. */
  graphs: z.strictObject({ decoder: graph, encoder: graph.optional() }),
  metrics: z.array(metric),
  /** What training images score: there with the capability `anomaly`, and not without it. */
  anomaly: anomaly.optional(),
  /**
   * How latents become codes: there with the capability `compress`, and not without it. Once published it stays as it
   * is, because the codes of other figures say something else.
   */
  compression: compression.optional(),
  training: z.strictObject({
    recipe: z.string(),
    /** The resolved recipe: every setting by name. */
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    seed: z.number().int(),
    backend: z.string(),
    epochs: z.number().int().positive(),
    /** The command that makes this model again. */
    command: z.string(),
  }),
  /** Exported graphs run by ONNX Runtime against the training framework on the same inputs. */
  parity: z.strictObject({
    maxAbsDifference: z.number().nonnegative(),
    tolerance: z.number().positive(),
    images: z.number().int().positive(),
  }),
  weights: z.enum(['float32', 'float16']),
  /** Every other file of the package. */
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

export const modelCardSchema = card
  .refine(
    ({ capabilities, anomaly }) => capabilities.includes('anomaly') === (anomaly !== undefined),
    'capability and section anomaly need each other',
  )
  .refine(
    ({ capabilities, compression }) => capabilities.includes('compress') === (compression !== undefined),
    'capability compress and section compression need each other',
  )
  .refine(
    ({ compression, latent }) =>
      !compression ||
      [compression.centres, compression.deviations, compression.steps].every(
        ({ length }) => length === latent.dimensions,
      ),
    'compression must have one figure for each latent',
  );

export type ModelCard = z.infer<typeof modelCardSchema>;

/** Class names of a conditional model, by index: those of its data set; nothing for every other model. */
export const classesOf = ({ graphs, labels }: ModelCard): readonly string[] | undefined =>
  graphs.decoder.inputs.some(({ name }) => name === 'label') ? labels : undefined;

/** Whether the encoder takes noise, on whose way through the groups of latents its answer depends. */
export const takesNoise = ({ graphs }: ModelCard): boolean =>
  graphs.encoder?.inputs.some(({ name }) => name === 'epsilon') ?? false;

export type TensorCard = z.infer<typeof tensor>;
export type AnomalyCard = z.infer<typeof anomaly>;
export type CompressionCard = z.infer<typeof compression>;
export type MetricCard = z.infer<typeof metric>;
