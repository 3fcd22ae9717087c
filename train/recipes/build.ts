// From a recipe to the model and the optimiser it describes.
import { doublyReparameterised } from '../methods/doubly-reparameterised.ts';
import type { ImageShape, Vae } from '../model.ts';
import { createVae, type VaeConfig } from '../models/vae.ts';
import { adagrad, adam, type Optimiser, sgd } from '../optimisers.ts';
import { descend, type Learner } from '../runner/step.ts';
import type { Recipe } from './settings.ts';

/** The model; `tight` is the same one trained on the importance-weighted bound of the last epochs. */
export function buildModel(recipe: Recipe, image: ImageShape, tight = false): Vae {
  const activation = recipe.activation as VaeConfig['network']['activation'];
  return createVae({
    image,
    latentDimensions: recipe.latent,
    likelihood: recipe.likelihood as VaeConfig['likelihood'],
    estimator: tight || recipe.estimator === 'DReG' ? 'IW' : (recipe.estimator as VaeConfig['estimator']),
    samples: tight ? recipe.tightenSamples : recipe.samples,
    freeNats: tight ? 0 : recipe.freeNats,
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

/** How the model is trained. */
export const buildLearner = (recipe: Recipe, vae: Vae, tight: boolean): Learner =>
  recipe.estimator === 'DReG'
    ? doublyReparameterised(vae, tight ? recipe.tightenSamples : recipe.samples)
    : descend(vae);

export function buildOptimiser({ optimiser }: Recipe): Optimiser {
  if (optimiser === 'adagrad') return adagrad();
  return optimiser === 'sgd' ? sgd() : adam();
}
