// Variational auto-encoders with discrete latents (Jang et al. 2017), by any estimator of their gradient.
import { imageBatches } from '../data/image-batches.ts';
import { descendDiscrete, initDiscrete } from '../methods/discrete.ts';
import type { Likelihood } from '../model.ts';
import type { CodePriorKind } from '../models/code-prior.ts';
import { discreteVaeModel } from '../models/discrete-graphs.ts';
import { createDiscreteVae } from '../models/discrete-vae.ts';
import {
  checkDiscrete,
  codeWords,
  DISCRETE,
  estimatorOf,
  GRADIENTS,
  layerOf,
  multiSampleValidator,
  schedulesOf,
  selectionOf,
} from './discrete-settings.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import { NETWORK_WORDS, networkOf } from './networks.ts';
import type { Settings } from './rules.ts';
import { buildOptimiser, NETWORK } from './settings.ts';

const SETTINGS = {
  ...NETWORK,
  ...DISCRETE,
  // VIMCO follows the bound of several samples, for which a cost may have no KL term in closed form.
  gradient: { ...DISCRETE.gradient, options: GRADIENTS.filter((name) => name !== 'vimco') },
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
} as const satisfies Settings;

export type DiscreteVaeRecipe = StatedRecipe<typeof SETTINGS>;

export const discreteVae = defineFamily({
  name: 'discrete-vae',
  settings: SETTINGS,

  check(recipe) {
    checkDiscrete(recipe);
    if (recipe.network === 'conv' && recipe.batchNorm)
      throw new Error(
        'batchNorm true mixes the images of a batch, which estimators of gradients cannot have',
      );
  },

  build(recipe, { image, images }) {
    const prior = recipe.prior as CodePriorKind;
    const estimator = estimatorOf(recipe);
    const vae = createDiscreteVae({
      image,
      layer: layerOf(recipe),
      network: networkOf(recipe),
      likelihood: recipe.likelihood as Exclude<Likelihood, 'gaussian'>,
      prior,
      priorHidden: recipe.priorHidden,
    });
    return {
      model: {
        ...discreteVaeModel(vae, prior),
        init: (stream, pixelMeans) => initDiscrete(vae, estimator, stream, pixelMeans),
      },
      phases: [
        { epochs: recipe.epochs, learner: descendDiscrete(vae, estimator, buildOptimiser(recipe, images)) },
      ],
      schedules: schedulesOf(recipe),
      batches: (dataset) => imageBatches(dataset, recipe),
      validator: async (dataset, options) => multiSampleValidator(vae, recipe, dataset, options),
      select: selectionOf(recipe),
      settle: (weights) => weights,
    };
  },

  describe: (recipe) => ({
    kind: 'discrete VAE',
    sentence: `Variational auto-encoder with codes of ${codeWords(recipe)}, ${NETWORK_WORDS[recipe.network]}, ${recipe.prior} prior.`,
  }),
});
