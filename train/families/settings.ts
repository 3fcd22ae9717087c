// Settings that families share. A family's own table adds to these; the tables are the one source of defaults, of
// validation, of `--list`, and of the settings on a model card.
import { VARIANTS } from '../data/batches.ts';
import { FOLDER } from '../data/folder/folder.ts';
import { CROPS } from '../data/folder/read-picture.ts';
import { DATA_SETS } from '../data/registry.ts';
import { ESTIMATORS } from '../estimators/bounds.ts';
import { ACTIVATIONS } from '../layers/activations.ts';
import { adagrad, adam, type Optimiser, sgd, withNormalPrior } from '../optimisers.ts';
import type { Settings, Values } from './rules.ts';

const OPTIMISERS = {
  adam: () => adam(),
  adamw: ({ weightDecay }) => adam({ weightDecay }),
  adagrad: () => adagrad(),
  sgd: ({ momentum }) => sgd({ momentum }),
} satisfies Record<string, (chosen: { weightDecay: number; momentum: number }) => Optimiser>;

const OWN_PICTURES = { dataset: [`${FOLDER}*`] };

/** What `from` says of a run that begins anew. */
export const NOTHING = 'nothing';

/** Of every recipe. */
export const COMMON = {
  dataset: {
    kind: 'choice',
    options: DATA_SETS,
    stem: { begin: FOLDER, rest: 'PATH' },
    help: 'what to learn from; folder:PATH are own pictures (PNG, JPEG, WebP), with the names of sub-folders as labels',
  },
  size: {
    kind: 'integer',
    min: 8,
    max: 256,
    default: 32,
    only: OWN_PICTURES,
    help: 'width and height that own pictures are brought to; conv networks halve it once a stage',
  },
  colour: {
    kind: 'choice',
    options: ['grey', 'colour'],
    default: 'colour',
    only: OWN_PICTURES,
    help: 'whether own pictures keep their colours',
  },
  crop: {
    kind: 'choice',
    options: CROPS,
    default: 'middle',
    only: OWN_PICTURES,
    help: 'how own pictures become square: middle = cut to their middle, stretch = distorted',
  },
  variant: {
    kind: 'choice',
    options: VARIANTS,
    help: 'pixels: dynamic = drawn anew at every use, static = drawn once, grey = as they are',
  },
  mirror: { kind: 'flag', default: false, help: 'turn every other training image left to right' },
  validation: {
    kind: 'integer',
    min: 1,
    max: 50_000,
    help: 'images held out of the training files, to choose the best checkpoint by',
  },
  batchSize: { kind: 'integer', min: 1, max: 10_000, help: 'images of one step' },
  epochs: { kind: 'integer', min: 1, max: 100_000, help: 'passes over the training images' },
  patience: {
    kind: 'integer',
    min: 0,
    max: 100_000,
    default: 0,
    help: 'epochs in a row without a better validation figure after which training ends early (0: never)',
  },
  from: {
    kind: 'choice',
    options: [NOTHING],
    stem: { begin: '', rest: 'NAME of a run under runs/, or ID@VERSION of a package' },
    default: NOTHING,
    help: 'a model of the same networks, or with a generator of wider hidden layers, whose weights training begins with; optimiser and schedules begin anew',
  },
  seed: {
    kind: 'integer',
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    default: 1,
    help: 'of everything random: parameters, order, noise, binarisation',
  },
} as const satisfies Settings;

/** Of families whose parameters all follow one optimiser. */
export const OPTIMISATION = {
  optimiser: {
    kind: 'choice',
    options: Object.keys(OPTIMISERS),
    default: 'adam',
    help: 'adam suits most; adagrad is what the VAE paper used',
  },
  weightDecay: {
    kind: 'number',
    min: 0,
    max: 10,
    default: 0.01,
    only: { optimiser: ['adamw'] },
    help: 'share of a weight that a step takes away, times the learning rate',
  },
  momentum: {
    kind: 'number',
    min: 0,
    max: 0.9999,
    default: 0.9,
    only: { optimiser: ['sgd'] },
    help: 'share of the last step that the next one keeps',
  },
  map: {
    kind: 'flag',
    default: false,
    help: 'parameters have the prior N(0, I), at the weight of the VAE paper; false is plain maximum likelihood',
  },
  learningRate: { kind: 'number', min: 1e-7, max: 10, help: 'at the start' },
  finalLearningRate: { kind: 'number', min: 0, max: 10, help: 'at the end; a half cosine leads there' },
} as const satisfies Settings;

/** `images` is the number N of training images: the prior of the parameters counts once for all of them. */
export function buildOptimiser(recipe: Values<typeof OPTIMISATION>, images: number): Optimiser {
  const plain = OPTIMISERS[recipe.optimiser as keyof typeof OPTIMISERS](recipe);
  return recipe.map ? withNormalPrior(plain, 1 / images) : plain;
}

/** Of families that ascend a bound on log p(x) with Gaussian latents. */
export const BOUND = {
  likelihood: {
    kind: 'choice',
    options: ['bernoulli', 'gaussian', 'continuous-bernoulli'],
    default: 'bernoulli',
    help: 'distribution of a pixel given the latents',
  },
  estimator: {
    kind: 'choice',
    options: Object.keys(ESTIMATORS),
    default: 'B',
    help: 'of the bound: A = Eq. 6, B = Eq. 7 of the VAE paper, IW = importance-weighted',
  },
  samples: {
    kind: 'integer',
    min: 1,
    max: 512,
    default: 1,
    help: 'posterior samples of each image in one estimate',
  },
  klWarmupEpochs: {
    kind: 'integer',
    min: 0,
    max: 10_000,
    default: 0,
    scales: true,
    help: 'epochs over which the weight of the KL term rises from 0 to 1',
  },
  tightenEpochs: {
    kind: 'integer',
    min: 0,
    max: 10_000,
    default: 0,
    scales: true,
    help: 'last epochs, trained on the importance-weighted bound instead (0: none)',
  },
  tightenSamples: {
    kind: 'integer',
    min: 1,
    max: 512,
    default: 5,
    help: 'samples of each image in those epochs',
  },
  select: {
    kind: 'choice',
    options: ['bound', 'last'],
    default: 'bound',
    help: 'the checkpoint that is kept: the one with the best validation bound, or the last',
  },
  selectSamples: {
    kind: 'integer',
    min: 1,
    max: 500,
    default: 1,
    help: 'samples of that bound (1: the ELBO)',
  },
  evaluateSamples: {
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: 500,
    help: 'samples of the final importance-weighted estimate of log p(x)',
  },
  evaluateImages: {
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: 1000,
    help: 'test images of that estimate',
  },
} as const satisfies Settings;

/** Of families with a fully connected or a convolutional network. */
export const NETWORK = {
  network: { kind: 'choice', options: ['mlp', 'conv'], help: 'fully connected or convolutional' },
  hidden: {
    kind: 'list',
    min: 1,
    max: 8192,
    only: { network: ['mlp'] },
    help: 'units of each hidden layer of the encoder; the decoder mirrors it',
  },
  channels: {
    kind: 'list',
    min: 1,
    max: 1024,
    only: { network: ['conv'] },
    help: 'channels of each stage; every stage halves the image',
  },
  dense: {
    kind: 'integer',
    min: 1,
    max: 8192,
    only: { network: ['conv'] },
    help: 'units between the convolutions and the latents',
  },
  batchNorm: {
    kind: 'flag',
    default: false,
    only: { network: ['conv'] },
    help: 'batch normalisation after each convolution',
  },
  activation: { kind: 'choice', options: Object.keys(ACTIVATIONS), help: 'after every hidden layer' },
} as const satisfies Settings;
