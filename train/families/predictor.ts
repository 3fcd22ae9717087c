// Structured predictors: the lower half of a picture from its upper half, through layers of discrete units.
import { imageBatches } from '../data/image-batches.ts';
import { ACTIVATIONS, type Activation } from '../layers/activations.ts';
import { descendDiscrete, initDiscrete } from '../methods/discrete.ts';
import { createBeliefNetwork } from '../models/belief-network.ts';
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
} as const satisfies Settings;

export type PredictorRecipe = StatedRecipe<typeof SETTINGS>;

export const predictor = defineFamily({
  name: 'predictor',
  settings: SETTINGS,
  check: checkDiscrete,

  build(recipe, { image, images }) {
    const estimator = estimatorOf(recipe);
    const network = createBeliefNetwork({
      image,
      layers: Array.from({ length: recipe.layers }, () => layerOf(recipe)),
      hidden: recipe.hidden,
      activation: recipe.activation as Activation,
    });
    return {
      model: {
        image,
        graphs: network.graphs,
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
    sentence: `Completes a picture from its upper half, through ${recipe.layers} layers of ${codeWords(recipe)}.`,
  }),
});
