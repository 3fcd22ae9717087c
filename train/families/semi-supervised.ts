// Semi-supervised VAEs: M2 of Kingma et al. 2014, the class summed over or drawn by Gumbel-Softmax (Jang et al. 2017).

import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { CLASS_GRADIENTS, type ClassGradient, learnSemiSupervised } from '../methods/semi-supervised.ts';
import { createSemiSupervised } from '../models/semi-supervised.ts';
import { cosine, flooredExponential } from '../schedules.ts';
import { DISCRETE } from './discrete-settings.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import { accuracyOf, batchesOf, checkFewLabels, checkShares, FEW_LABELS } from './few-labels.ts';
import type { Settings } from './rules.ts';
import { BOUND, buildOptimiser, OPTIMISATION } from './settings.ts';

const { evaluateSamples, evaluateImages } = BOUND;
const { temperature, temperatureRate, finalTemperature } = DISCRETE;

const SETTINGS = {
  hidden: { kind: 'list', min: 1, max: 8192, help: 'units of each hidden layer of all three networks' },
  activation: { kind: 'choice', options: Object.keys(ACTIVATIONS), default: 'relu', help: 'of these' },
  latent: { kind: 'integer', min: 1, max: 1024, help: 'latent dimensions beside the class' },
  ...FEW_LABELS,
  alpha: {
    kind: 'number',
    min: 0,
    max: 1e5,
    default: 1,
    help: 'weight of log q(y|x) of labelled images',
  },
  gradient: {
    kind: 'choice',
    options: Object.keys(CLASS_GRADIENTS),
    default: 'gumbel-softmax',
    help: 'how the class of an image without label is summed over or drawn',
  },
  temperature,
  temperatureRate,
  finalTemperature,
  select: {
    kind: 'choice',
    options: ['last', 'accuracy'],
    default: 'last',
    help: 'the checkpoint that is kept: the last, or, which tells it the labels of the validation images, the best',
  },
  evaluateSamples,
  evaluateImages,
  ...OPTIMISATION,
} as const satisfies Settings;

export type SemiSupervisedRecipe = StatedRecipe<typeof SETTINGS>;

export const semiSupervised = defineFamily({
  name: 'semi-supervised',
  settings: SETTINGS,

  check({ labelled, labelledBatch, temperature, temperatureRate, finalTemperature }) {
    checkFewLabels({ labelled, labelledBatch });
    if (temperatureRate > 0 && finalTemperature > temperature)
      throw new Error(`finalTemperature ${finalTemperature} exceeds temperature ${temperature}`);
  },

  build(recipe, { image, images, classes }) {
    const { labelled, labelledBatch, temperature } = recipe;
    checkShares(labelled, classes);
    const network = {
      kind: 'mlp' as const,
      hidden: recipe.hidden,
      activation: recipe.activation as Activation,
    };
    const m2 = createSemiSupervised({ image, classes, latentDimensions: recipe.latent, network });
    const gradient = recipe.gradient as ClassGradient;
    const learner = learnSemiSupervised(
      m2,
      { gradient, labelledBatch, alpha: recipe.alpha },
      buildOptimiser(recipe, images),
    );
    return {
      model: { ...m2.model, labelledImages: labelled, init: m2.init },
      phases: [{ epochs: recipe.epochs, learner }],
      schedules: {
        learningRate: cosine(recipe.learningRate, recipe.finalLearningRate),
        ...(gradient === 'marginalised'
          ? {}
          : {
              temperature: flooredExponential(
                temperature,
                recipe.temperatureRate,
                Math.min(temperature, recipe.finalTemperature),
                2000,
              ),
            }),
      },
      batches: batchesOf(recipe, classes),
      validator: accuracyOf(m2.model),
      select: recipe.select === 'last' ? 'last' : { by: 'accuracy', better: 'higher', from: 1 },
      settle: (weights) => weights,
    };
  },

  describe: ({ latent, labelled }) => ({
    kind: 'semi-supervised VAE',
    sentence: `Semi-supervised variational auto-encoder with a class and ${latent} latent dimensions, which was told the class of ${labelled} images.`,
  }),
});
