// From a recipe to the model and the optimiser it describes.
import type { Estimator } from '../estimators.ts';
import type { Activation } from '../layers/activations.ts';
import { doublyReparameterised } from '../methods/doubly-reparameterised.ts';
import type { ImageShape, Likelihood, Vae } from '../model.ts';
import { createHierarchicalVae } from '../models/hierarchical.ts';
import { createRowsVae } from '../models/rows.ts';
import { createVae, type VaeConfig } from '../models/vae.ts';
import { adagrad, adam, type Optimiser, sgd, withNormalPrior } from '../optimisers.ts';
import { descend, type Learner } from '../runner/step.ts';
import type { OPTIMISERS, Recipe } from './settings.ts';

/** The model; `tight` is the same one trained on the importance-weighted bound of the last epochs. */
export function buildModel(recipe: Recipe, image: ImageShape, tight = false): Vae {
  const activation = recipe.activation as Activation;
  const common = {
    image,
    latentDimensions: recipe.latent,
    likelihood: recipe.likelihood as Likelihood,
    estimator: tight || recipe.estimator === 'DReG' ? ('IW' as const) : (recipe.estimator as Estimator),
    samples: tight ? recipe.tightenSamples : recipe.samples,
  };
  if (recipe.network === 'rows') return createRowsVae({ ...common, units: recipe.dense });
  const network: VaeConfig['network'] =
    recipe.network === 'mlp'
      ? { kind: 'mlp', hidden: recipe.hidden, activation }
      : {
          kind: 'conv',
          channels: recipe.channels,
          dense: recipe.dense,
          activation,
          batchNorm: recipe.batchNorm,
        };
  // Recipes of older runs lack the settings that came later.
  if (recipe.topLatent > 0)
    return createHierarchicalVae({ ...common, network, topLatentDimensions: recipe.topLatent });
  return createVae({
    ...common,
    network,
    sharedVariance: recipe.sharedVariance ?? false,
    freeNats: tight ? 0 : (recipe.freeNats ?? 0),
    ...(recipe.classes > 0 ? { classes: recipe.classes } : {}),
  });
}

/** How the model is trained. */
export const buildLearner = (recipe: Recipe, vae: Vae, tight: boolean): Learner =>
  recipe.estimator === 'DReG'
    ? doublyReparameterised(vae, tight ? recipe.tightenSamples : recipe.samples)
    : descend(vae);

const OPTIMISER = {
  adam: () => adam(),
  adamw: ({ weightDecay }) => adam({ weightDecay }),
  adagrad: () => adagrad(),
  sgd: ({ momentum }) => sgd({ momentum }),
} satisfies Record<(typeof OPTIMISERS)[number], (recipe: Recipe) => Optimiser>;

/** `images` is the number N of training images: the prior of the parameters counts once for all of them. */
export function buildOptimiser(recipe: Recipe, images: number): Optimiser {
  const plain = OPTIMISER[recipe.optimiser as keyof typeof OPTIMISER](recipe);
  return recipe.map ? withNormalPrior(plain, 1 / images) : plain;
}
