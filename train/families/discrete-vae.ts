// Variational auto-encoders with discrete latents (Jang et al. 2017), by any estimator of their gradient.
import { toValues, type Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import { imageBatches } from '../data/image-batches.ts';
import { DISCRETE_ESTIMATORS, type DiscreteEstimatorName } from '../estimators/discrete/table.ts';
import { createMultiSampleEvaluator, type MultiSampleEvaluator } from '../evaluate/bounds/multi-sample.ts';
import { meanAndError } from '../evaluate/statistics.ts';
import type { DiscreteLayer } from '../latents/layer.ts';
import { descendDiscrete, initDiscrete } from '../methods/discrete.ts';
import type { DiscreteInference, Likelihood } from '../model.ts';
import type { CodePriorKind } from '../models/code-prior.ts';
import { discreteVaeModel } from '../models/discrete-graphs.ts';
import { createDiscreteVae } from '../models/discrete-vae.ts';
import type { RunOptions } from '../runner/rows.ts';
import { cosine, flooredExponential, linear, warmUp } from '../schedules.ts';
import { defineFamily, type RecipeOf, type StatedRecipe, type Validator } from './family.ts';
import { NETWORK_WORDS, networkOf } from './networks.ts';
import type { Settings } from './rules.ts';
import { BOUND, buildOptimiser, NETWORK, OPTIMISATION } from './settings.ts';

const { klWarmupEpochs, select, selectSamples, evaluateSamples, evaluateImages } = BOUND;

/** Every estimator but those that need a task of several rows for each image. */
const GRADIENTS = Object.keys(DISCRETE_ESTIMATORS).filter((name) => !['enumeration', 'vimco'].includes(name));

const SETTINGS = {
  ...NETWORK,
  codes: {
    kind: 'choice',
    options: ['categorical', 'bernoulli'],
    default: 'categorical',
    help: 'symbols, or bits',
  },
  variables: { kind: 'integer', min: 1, max: 1024, help: 'symbols or bits of a code' },
  symbols: {
    kind: 'integer',
    min: 2,
    max: 256,
    default: 10,
    only: { codes: ['categorical'] },
    help: 'values that each variable has',
  },
  likelihood: {
    kind: 'choice',
    options: ['bernoulli', 'continuous-bernoulli'],
    default: 'bernoulli',
    help: 'distribution of a pixel given the code',
  },
  prior: {
    kind: 'choice',
    options: ['uniform', 'learned', 'autoregressive'] satisfies CodePriorKind[],
    default: 'uniform',
    help: 'of the codes: all alike; a probability of its own for each symbol; or each symbol from those before it',
  },
  priorHidden: {
    kind: 'integer',
    min: 1,
    max: 8192,
    default: 512,
    only: { prior: ['autoregressive'] },
    help: 'units of both hidden layers of that prior',
  },
  gradient: {
    kind: 'choice',
    options: GRADIENTS,
    default: 'gumbel-softmax',
    help: 'how the gradient passes through the codes',
  },
  temperature: { kind: 'number', min: 0.01, max: 100, default: 1, help: 'of relaxed codes, at the start' },
  temperatureRate: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    help: 'it falls as exp(−rate · step), renewed every 500 steps; 0 keeps it',
  },
  finalTemperature: {
    kind: 'number',
    min: 0.01,
    max: 100,
    default: 0.5,
    help: 'below which it does not fall',
  },
  klWarmupEpochs,
  select,
  selectSamples,
  evaluateSamples,
  evaluateImages,
  ...OPTIMISATION,
} as const satisfies Settings;

export type DiscreteVaeRecipe = StatedRecipe<typeof SETTINGS>;
type Recipe = RecipeOf<typeof SETTINGS>;

const layerOf = ({ codes, variables, symbols }: Recipe): DiscreteLayer =>
  codes === 'bernoulli'
    ? { kind: 'bernoulli', variables }
    : { kind: 'categorical', variables, classes: symbols };

/** Mean bound over the validation images, of `selectSamples` discrete samples each. */
function boundValidator(
  model: DiscreteInference,
  recipe: Recipe,
  { validation }: DataSet,
  options: RunOptions,
): Validator {
  const seed = `${recipe.seed}/validation`;
  const values = toValues(validation, recipe.variant as Variant, seed);
  let evaluator: MultiSampleEvaluator | undefined;
  return {
    async measure(weights) {
      evaluator ??= await createMultiSampleEvaluator(model, weights, {
        samples: recipe.selectSamples,
        seed,
        ...options,
      });
      return { bound: meanAndError(await evaluator.evaluate(weights, values)).mean };
    },
    release: async () => evaluator?.release(),
  };
}

export const discreteVae = defineFamily({
  name: 'discrete-vae',
  settings: SETTINGS,

  check({ network, batchNorm, codes, gradient, temperature, temperatureRate, finalTemperature }) {
    if (network === 'conv' && batchNorm)
      throw new Error(
        'batchNorm true mixes the images of a batch, which estimators of gradients cannot have',
      );
    if (gradient === 'arm' && codes !== 'bernoulli')
      throw new Error(`gradient arm needs codes bernoulli, got ${codes}`);
    if (temperatureRate > 0 && finalTemperature > temperature)
      throw new Error(`finalTemperature ${finalTemperature} exceeds temperature ${temperature}`);
  },

  build(recipe, { image, images }) {
    const prior = recipe.prior as CodePriorKind;
    const estimator = DISCRETE_ESTIMATORS[recipe.gradient as DiscreteEstimatorName];
    const vae = createDiscreteVae({
      image,
      layer: layerOf(recipe),
      network: networkOf(recipe),
      likelihood: recipe.likelihood as Exclude<Likelihood, 'gaussian'>,
      prior,
      priorHidden: recipe.priorHidden,
    });
    const { temperature, temperatureRate, finalTemperature } = recipe;
    return {
      model: {
        ...discreteVaeModel(vae, prior),
        init: (stream, pixelMeans) => initDiscrete(vae, estimator, stream, pixelMeans),
      },
      phases: [
        { epochs: recipe.epochs, learner: descendDiscrete(vae, estimator, buildOptimiser(recipe, images)) },
      ],
      schedules: {
        learningRate: cosine(recipe.learningRate, recipe.finalLearningRate),
        klWeight: warmUp(recipe.klWarmupEpochs),
        temperature: flooredExponential(
          temperature,
          temperatureRate,
          Math.min(temperature, finalTemperature),
          500,
        ),
        // Chung et al. 2017 raise the slope by 0.04 an epoch, to 5.
        slope: linear(1, 5, 0, 100),
      },
      batches: (dataset) => imageBatches(dataset, recipe),
      validator: async (dataset, options) => boundValidator(vae, recipe, dataset, options),
      select:
        recipe.select === 'last'
          ? 'last'
          : { by: 'bound', better: 'higher', from: Math.min(recipe.klWarmupEpochs, recipe.epochs) },
      settle: (weights) => weights,
    };
  },

  describe({ codes, variables, symbols, network, prior }) {
    const code = codes === 'bernoulli' ? `${variables} bits` : `${variables} symbols of ${symbols}`;
    return {
      kind: 'discrete VAE',
      sentence: `Variational auto-encoder with codes of ${code}, ${NETWORK_WORDS[network]}, ${prior} prior.`,
    };
  },
});
