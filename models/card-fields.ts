// The parts of a model card, models/<id>@<version>/model.json: the single description of a model.
// export/ writes it; worker/, site/ and the docs read it; nothing about a model is written twice.
import * as z from 'zod';
import { CAPABILITIES } from './capabilities.ts';
import { encodedSchema } from './encoded.ts';
import { latentSchema } from './latent-schema.ts';
import { MODEL_ID_PATTERN } from './model-id.ts';
import { anomalySchema, classificationSchema, completionSchema, compressionSchema } from './sections.ts';
import { useSchema } from './use.ts';

const shape = z.array(z.union([z.number().int().positive(), z.literal('batch')]));

export const tensor = z.strictObject({
  name: z.string(),
  dtype: z.enum(['float32', 'int64']),
  /** `'batch'` marks the dynamic first dimension; images are NCHW. */
  shape,
  /** Smallest and largest value the tensor takes (inputs: accepts), where bounded. */
  range: z.tuple([z.number(), z.number()]).optional(),
  meaning: z.string(),
});

export const graph = z.strictObject({
  /** File name inside the package. */
  file: z.string(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
  parameters: z.number().int().nonnegative(),
  /** Floating-point operations for one image (a multiply-add counts as two). */
  flopsPerImage: z.number().int().positive(),
});

export const metric = z.strictObject({
  /** `nll`, `elbo`, `reconstruction`, `kl`, `active-units`, … */
  name: z.string(),
  value: z.number(),
  /** Standard error over the examples, where the metric is a mean. */
  standardError: z.number().nonnegative().optional(),
  /** 95 % interval by Wilson (1927), where the metric is a share of the examples. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  unit: z.string(),
  /** Data split and number of examples, e.g. `test, 10000 images`, of all, or `test, 1000 images drawn by chance, seed 'test-subset'`. */
  split: z.string(),
  /** How it was measured, in one sentence: estimator, samples, binarisation, seed. */
  protocol: z.string(),
});

export const card = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(MODEL_ID_PATTERN),
  version: z.number().int().positive(),
  title: z.string(),
  description: z.string(),
  /** What kind of model it is, for people: `vae`, `gan`, … What it can do is in `capabilities`. */
  family: z.string().regex(MODEL_ID_PATTERN),
  dataset: z.strictObject({
    id: z.string(),
    title: z.string(),
    /** How pixels become training values: `static`, `dynamic` (fresh binarisation at every use) or `grey`. */
    variant: z.enum(['static', 'dynamic', 'grey']),
    /** Terms of use of the data, in words. */
    terms: z.string(),
    ...useSchema,
  }),
  image: z.strictObject({
    width: z.number().int().positive(),
    height: z.number().int().positive(),
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  /** Of a model with a decoder or an encoder: what one gives and the other takes. */
  latent: latentSchema.optional(),
  /** p(x|z), where the model has one: a generator that was taught by a critic has not. */
  likelihood: z.enum(['bernoulli', 'gaussian', 'continuous-bernoulli']).optional(),
  /** Class names of the data set, by index. A model that takes a label as input says so in its decoder's inputs. */
  labels: z.array(z.string()).optional(),
  /** Latent directions that change one attribute of a picture; `vector` [J] is a step of strength 1. */
  directions: z
    .array(z.strictObject({ name: z.string(), meaning: z.string(), vector: z.array(z.number()) }))
    .min(1)
    .optional(),
  /** What `capabilitiesOf` says, in any order. */
  capabilities: z.array(z.enum(CAPABILITIES)),
  /** L is the number of numbers of a latent (`latentSize`), V × K its variables and their classes.
   *  decoder: `z` [batch, L] → `mean` [batch, C, H, W] in 0…1; where the mean does not say all of p(x|z) also
   *  `log_variance` (Gaussian pixels) or `logits` (continuous-Bernoulli ones), of the same shape.
   *  encoder: `x` [batch, C, H, W] in 0…1 → `mean`, `log_variance` [batch, L] of a continuous latent; `logits`
   *  [batch, L] of a Bernoulli one, [batch, V, K] of a categorical one.
   *  Of a conditional model both take `label` [batch, classes] as well, one-hot.
   *  Of a model of several groups of latents, where the posterior of a group depends on what the groups before it
   *  became, the encoder takes `epsilon` [batch, L], standard normal noise: its outputs are those met on the way
   *  z = mean + exp(log_variance / 2) · epsilon, so log q(z|x) = log N(z; mean, exp(log_variance)) holds there;
   *  zeros follow the means.
   *  prior, of a discrete latent: `codes` [batch, L], the variables that are drawn already and zeros for the rest →
   *  `logits` shaped like the encoder's, those of a variable from the variables before it alone.
   *  completer: `x` [batch, C, H, W] with 0 for pixels that are not known, `noise` [batch, N] uniform in (0, 1), of a
   *  model of several masks `mask` [batch, 1, H, W] as well, 1 where a pixel is known → `mean` [batch, C, H, W].
   *  classifier: `x` → `probabilities` [batch, classes], in the order of `labels`. */
  graphs: z.strictObject({
    decoder: graph.optional(),
    encoder: graph.optional(),
    prior: graph.optional(),
    completer: graph.optional(),
    classifier: graph.optional(),
  }),
  metrics: z.array(metric),
  /** What training images score, where their bound follows from the graphs. */
  anomaly: anomalySchema.optional(),
  /** How latents become codes. Once published it stays as it is: the codes of other figures say something else. */
  compression: compressionSchema.optional(),
  /** Where the encoder puts test images: a file of the package. */
  encoded: encodedSchema.optional(),
  /** Of a model with a completer. */
  completion: completionSchema.optional(),
  /** Of a model with a classifier. */
  classification: classificationSchema.optional(),
  training: z.strictObject({
    recipe: z.string(),
    /** The resolved recipe: every setting by name. */
    settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    /** Of a model that was trained here. */
    seed: z.number().int().optional(),
    backend: z.string(),
    /** Of a model that was trained here. */
    epochs: z.number().int().positive().optional(),
    /** Of a model that went on from another run, which began anew: the epochs of all such runs before its own. */
    epochsBefore: z.number().int().positive().optional(),
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
