// The settings of a recipe: type, range and meaning of each. This table is the one source of defaults, of
// validation, of `--help`, and of the settings on a model card.

import { VARIANTS } from '../data/batches.ts';
import { DATA_SETS } from '../data/registry.ts';
import { ESTIMATORS } from '../estimators.ts';
import { ACTIVATIONS } from '../layers/activations.ts';

type Choice = { kind: 'choice'; options: readonly string[]; help: string };
type Numeric = { kind: 'number' | 'integer'; min: number; max: number; help: string };
type Flag = { kind: 'flag'; help: string };
type List = { kind: 'list'; min: number; max: number; help: string };
type Rule = Choice | Numeric | Flag | List;

const choice = (options: readonly string[], help: string): Choice => ({ kind: 'choice', options, help });
const integer = (min: number, max: number, help: string): Numeric => ({ kind: 'integer', min, max, help });
const number = (min: number, max: number, help: string): Numeric => ({ kind: 'number', min, max, help });

export const OPTIMISERS = ['adam', 'adamw', 'adagrad', 'sgd'] as const;

export const SETTINGS = {
  dataset: choice(DATA_SETS, 'what to learn from'),
  variant: choice(
    VARIANTS,
    'pixels: dynamic = drawn anew at every use, static = drawn once, grey = as they are',
  ),
  mirror: { kind: 'flag', help: 'turn every other training image left to right' },
  validation: integer(1, 50_000, 'images held out of the training files, to choose the best checkpoint by'),
  likelihood: choice(
    ['bernoulli', 'gaussian', 'continuous-bernoulli'],
    'distribution of a pixel given the latents',
  ),
  sharedVariance: { kind: 'flag', help: 'gaussian: one learned variance for all pixels' },
  latent: integer(
    1,
    1024,
    'latent dimensions; 2 can be drawn as a map, 20 to 50 give sharp digits; rows: a multiple of the rows',
  ),
  topLatent: integer(0, 1024, 'latents of a second stochastic layer above the first (0: none); mlp or conv'),
  classes: integer(0, 256, 'labels that the model is conditional on, as many as the data set has (0: none)'),
  network: choice(['mlp', 'conv', 'rows'], 'fully connected, convolutional, or recurrent over the rows'),
  hidden: {
    kind: 'list',
    min: 1,
    max: 8192,
    help: 'mlp: units of each hidden layer of the encoder; the decoder mirrors it',
  },
  channels: {
    kind: 'list',
    min: 1,
    max: 1024,
    help: 'conv: channels of each stage; every stage halves the image',
  },
  dense: integer(
    1,
    8192,
    'conv: units between the convolutions and the latents; rows: units of the recurrent networks',
  ),
  batchNorm: { kind: 'flag', help: 'conv: batch normalisation after each convolution' },
  activation: choice(Object.keys(ACTIVATIONS), 'after every hidden layer'),
  estimator: choice(
    [...Object.keys(ESTIMATORS), 'DReG'],
    'of the bound: A = Eq. 6, B = Eq. 7 of the VAE paper, IW = importance-weighted, DReG = the same, its gradient doubly reparameterised',
  ),
  samples: integer(1, 512, 'posterior samples of each image in one estimate'),
  freeNats: number(0, 100, 'estimator B: nats of KL that each latent has free, against collapse'),
  klWarmupEpochs: integer(0, 10_000, 'epochs over which the weight of the KL term rises from 0 to 1'),
  tightenEpochs: integer(
    0,
    10_000,
    'last epochs, trained on the importance-weighted bound instead (0: none)',
  ),
  tightenSamples: integer(1, 512, 'samples of each image in those epochs'),
  optimiser: choice(OPTIMISERS, 'adam suits most; adagrad is what the VAE paper used'),
  weightDecay: number(0, 10, 'adamw: share of a weight that a step takes away, times the learning rate'),
  momentum: number(0, 0.9999, 'sgd: share of the last step that the next one keeps'),
  map: {
    kind: 'flag',
    help: 'parameters have the prior N(0, I), at the weight of the VAE paper; false is plain maximum likelihood',
  },
  learningRate: number(1e-7, 10, 'at the start'),
  finalLearningRate: number(0, 10, 'at the end; a half cosine leads there'),
  batchSize: integer(1, 10_000, 'images of one step'),
  epochs: integer(1, 100_000, 'passes over the training images'),
  seed: integer(0, Number.MAX_SAFE_INTEGER, 'of everything random: parameters, order, noise, binarisation'),
  selectSamples: integer(
    1,
    500,
    'samples of the validation bound that chooses the best checkpoint (1: the ELBO)',
  ),
  evaluateSamples: integer(1, 100_000, 'samples of the final importance-weighted estimate of log p(x)'),
  evaluateImages: integer(1, 100_000, 'test images of that estimate'),
} satisfies Record<string, Rule>;

export type SettingName = keyof typeof SETTINGS;
type ValueOf<R extends Rule> = R extends Choice
  ? string
  : R extends Flag
    ? boolean
    : R extends List
      ? number[]
      : number;
export type Recipe = { [K in SettingName]: ValueOf<(typeof SETTINGS)[K]> };

const allowed = (rule: Rule): string => {
  switch (rule.kind) {
    case 'choice':
      return rule.options.join(', ');
    case 'flag':
      return 'true, false';
    case 'list':
      return `whole numbers from ${rule.min} to ${rule.max} with commas between them`;
    default:
      return `a ${rule.kind === 'integer' ? 'whole ' : ''}number from ${rule.min} to ${rule.max}`;
  }
};

/** One line for `--list`: `latent  1 … 1024  latent dimensions; …`. */
export const describe = (name: SettingName): string =>
  `${name.padEnd(18)} ${SETTINGS[name].help} (${allowed(SETTINGS[name])})`;

function parse(rule: Rule, text: string): string | number | boolean | number[] | undefined {
  const numeric = (word: string, { min, max }: { min: number; max: number }, whole: boolean) => {
    const value = word.trim() === '' ? Number.NaN : Number(word);
    return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
  };
  switch (rule.kind) {
    case 'choice':
      return rule.options.includes(text) ? text : undefined;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'list': {
      const values = text.split(',').map((word) => numeric(word, rule, true));
      return values.every((v) => v !== undefined) ? values : undefined;
    }
    default:
      return numeric(text, rule, rule.kind === 'integer');
  }
}

/** The recipe with `overrides` (texts, as on the command line) put over its own settings. */
export function resolveRecipe(recipe: Recipe, overrides: Record<string, string>): Recipe {
  const resolved: Recipe = { ...recipe };
  for (const [name, text] of Object.entries(overrides)) {
    if (!(name in SETTINGS))
      throw new Error(`--${name} is not a setting; the settings are ${Object.keys(SETTINGS).join(', ')}`);
    const rule = SETTINGS[name as SettingName];
    const value = parse(rule, text);
    if (value === undefined) throw new Error(`--${name}=${text} is not allowed; give ${allowed(rule)}`);
    Object.assign(resolved, { [name]: value });
  }
  if (resolved.tightenEpochs > resolved.epochs)
    throw new Error(
      `--tightenEpochs=${resolved.tightenEpochs} exceeds the ${resolved.epochs} epochs of the run`,
    );
  if (resolved.sharedVariance && resolved.likelihood !== 'gaussian')
    throw new Error(`sharedVariance needs likelihood gaussian, got ${resolved.likelihood}`);
  if (resolved.network === 'rows' && resolved.topLatent > 0)
    throw new Error(`--topLatent=${resolved.topLatent} is for network mlp or conv, got network rows`);
  const plain = resolved.network !== 'rows' && resolved.topLatent === 0;
  const { classes, freeNats, estimator, sharedVariance } = resolved;
  if (!plain && (classes > 0 || freeNats > 0 || estimator === 'DReG' || sharedVariance))
    throw new Error(
      'classes, freeNats, sharedVariance and estimator DReG need a model of one stochastic layer (network mlp or conv, topLatent 0)',
    );
  return resolved;
}
