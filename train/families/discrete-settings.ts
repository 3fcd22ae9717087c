// What families with discrete latents have in common: their settings, how a gradient passes, and choosing by the bound.
import { toValues, type Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import { DISCRETE_ESTIMATORS, type DiscreteEstimatorName } from '../estimators/discrete/table.ts';
import type { DiscreteEstimator } from '../estimators/discrete/task.ts';
import { createMultiSampleEvaluator, type MultiSampleEvaluator } from '../evaluate/bounds/multi-sample.ts';
import { meanAndError } from '../evaluate/statistics.ts';
import type { DiscreteLayer } from '../latents/layer.ts';
import type { DiscreteInference } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import { cosine, flooredExponential, linear, type ScheduledValue, warmUp } from '../schedules.ts';
import type { RecipeOf, Selection, Validator } from './family.ts';
import type { Settings } from './rules.ts';
import { BOUND, OPTIMISATION } from './settings.ts';

const { klWarmupEpochs, select, selectSamples, evaluateSamples, evaluateImages } = BOUND;

/** Every estimator but enumeration, which is for codes of a few bits. */
export const GRADIENTS = Object.keys(DISCRETE_ESTIMATORS).filter((name) => name !== 'enumeration');

export const DISCRETE = {
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

export type DiscreteRecipe = RecipeOf<typeof DISCRETE>;

/** @throws Error naming settings that do not go together. */
export function checkDiscrete(recipe: DiscreteRecipe): void {
  const { codes, gradient, temperature, temperatureRate, finalTemperature } = recipe;
  if (gradient === 'arm' && codes !== 'bernoulli')
    throw new Error(`gradient arm needs codes bernoulli, got ${codes}`);
  if (temperatureRate > 0 && finalTemperature > temperature)
    throw new Error(`finalTemperature ${finalTemperature} exceeds temperature ${temperature}`);
}

export const layerOf = ({ codes, variables, symbols }: DiscreteRecipe): DiscreteLayer =>
  codes === 'bernoulli'
    ? { kind: 'bernoulli', variables }
    : { kind: 'categorical', variables, classes: symbols };

/** `20 symbols of 16` */
export const codeWords = ({ codes, variables, symbols }: DiscreteRecipe): string =>
  codes === 'bernoulli' ? `${variables} bits` : `${variables} symbols of ${symbols}`;

export const estimatorOf = ({ gradient }: DiscreteRecipe): DiscreteEstimator =>
  DISCRETE_ESTIMATORS[gradient as DiscreteEstimatorName];

export const schedulesOf = (recipe: DiscreteRecipe): Record<string, ScheduledValue> => {
  const { temperature, temperatureRate, finalTemperature } = recipe;
  return {
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
  };
};

/** While the KL weight rises the bound is not what is trained, so no such epoch can be the best. */
export const selectionOf = ({ select: by, klWarmupEpochs: from, epochs }: DiscreteRecipe): Selection =>
  by === 'last' ? 'last' : { by: 'bound', better: 'higher', from: Math.min(from, epochs) };

/** Mean bound over the validation images, of `selectSamples` discrete samples each. */
export function multiSampleValidator(
  model: DiscreteInference,
  recipe: DiscreteRecipe,
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
