// From a recipe to the model and the optimiser it describes.
import type { ImageShape, Vae } from '../model.ts';
import { createVae, type VaeConfig } from '../models/vae.ts';
import { adagrad, adam, type Optimiser, sgd } from '../optimisers.ts';
import type { OPTIMISERS, Recipe } from './settings.ts';

/** The model; `tight` is the same one trained on the importance-weighted bound of the last epochs. */
export function buildModel(recipe: Recipe, image: ImageShape, tight = false): Vae {
  const activation = recipe.activation as VaeConfig['network']['activation'];
  return createVae({
    image,
    latentDimensions: recipe.latent,
    likelihood: recipe.likelihood as VaeConfig['likelihood'],
    estimator: tight ? 'IW' : (recipe.estimator as VaeConfig['estimator']),
    samples: tight ? recipe.tightenSamples : recipe.samples,
    network:
      recipe.network === 'mlp'
        ? { kind: 'mlp', hidden: recipe.hidden, activation }
        : {
            kind: 'conv',
            channels: recipe.channels,
            dense: recipe.dense,
            activation,
            batchNorm: recipe.batchNorm,
          },
  });
}

const OPTIMISER = {
  adam: () => adam(),
  adamw: ({ weightDecay }) => adam({ weightDecay }),
  adagrad: () => adagrad(),
  sgd: ({ momentum }) => sgd({ momentum }),
} satisfies Record<(typeof OPTIMISERS)[number], (recipe: Recipe) => Optimiser>;

export const buildOptimiser = (recipe: Recipe): Optimiser =>
  OPTIMISER[recipe.optimiser as keyof typeof OPTIMISER](recipe);
