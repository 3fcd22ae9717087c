// Structured predictors: the lower half of a picture from its upper half, through layers of discrete units.
import { imageBatches } from '../data/image-batches.ts';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { descendDiscrete, initDiscrete } from '../methods/discrete.ts';
import { createBeliefNetwork } from '../models/belief-network.ts';
import { createConditionalCodes } from '../models/conditional-codes.ts';
import {
  checkDiscrete,
  codeWords,
  DISCRETE,
  estimatorOf,
  layerOf,
  multiSampleValidator,
  schedulesOf,
  selectionOf,
} from './discrete-settings.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import type { Settings } from './rules.ts';
import { buildOptimiser } from './settings.ts';

const SETTINGS = {
  ...DISCRETE,
  layers: {
    kind: 'integer',
    min: 1,
    max: 8,
    default: 2,
    help: 'stochastic layers, each drawn from the last',
  },
  hidden: {
    kind: 'list',
    min: 1,
    max: 8192,
    help: 'units of deterministic layers before every stochastic one and before the pixels',
  },
  activation: { kind: 'choice', options: Object.keys(ACTIVATIONS), default: 'relu', help: 'of these' },
  recognition: {
    kind: 'flag',
    default: false,
    help: 'codes are learned from a posterior that sees both halves (Sohn et al. 2015), by the bound that this gives',
  },
} as const satisfies Settings;

export type PredictorRecipe = StatedRecipe<typeof SETTINGS>;

export const predictor = defineFamily({
  name: 'predictor',
  settings: SETTINGS,

  check(recipe) {
    checkDiscrete(recipe);
    if (recipe.recognition && recipe.gradient === 'vimco')
      throw new Error('gradient vimco draws from the prior of the codes, got recognition true');
    if (!recipe.recognition && recipe.klWarmupEpochs > 0)
      throw new Error(
        `klWarmupEpochs ${recipe.klWarmupEpochs} needs recognition true: without it nothing has a KL term`,
      );
  },

  build(recipe, { image, images }) {
    const estimator = estimatorOf(recipe);
    const create = recipe.recognition ? createConditionalCodes : createBeliefNetwork;
    const network = create({
      image,
      layers: Array.from({ length: recipe.layers }, () => layerOf(recipe)),
      hidden: recipe.hidden,
      activation: recipe.activation as Activation,
    });
    return {
      model: {
        image,
        graphs: { completer: network.completer },
        masks: ['upper'],
        init: (stream, pixelMeans) => initDiscrete(network, estimator, stream, pixelMeans),
      },
      phases: [
        {
          epochs: recipe.epochs,
          learner: descendDiscrete(network, estimator, buildOptimiser(recipe, images)),
        },
      ],
      schedules: schedulesOf(recipe),
      batches: (dataset) => imageBatches(dataset, recipe),
      validator: async (dataset, options) => multiSampleValidator(network, recipe, dataset, options),
      select: selectionOf(recipe),
      settle: (weights) => weights,
    };
  },

  describe: (recipe) => ({
    kind: 'structured predictor',
    sentence: `Completes a picture from its upper half, through ${recipe.layers} layers of ${codeWords(recipe)}${recipe.recognition ? ', learned from both halves' : ''}.`,
  }),
});
