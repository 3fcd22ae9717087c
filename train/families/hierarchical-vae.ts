// Variational auto-encoders of two stochastic layers (Kingma & Welling 2013, Section 7).
import type { Likelihood } from '../model.ts';
import { createHierarchicalVae } from '../models/hierarchical.ts';
import { builtByDescent, checkBound } from './bound.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import { NETWORK_WORDS, networkOf } from './networks.ts';
import type { Settings } from './rules.ts';
import { BOUND, NETWORK, OPTIMISATION } from './settings.ts';

const SETTINGS = {
  ...NETWORK,
  latent: { kind: 'integer', min: 1, max: 1024, help: 'latents of the layer next to the pixels' },
  topLatent: { kind: 'integer', min: 1, max: 1024, help: 'latents of the layer above it' },
  ...BOUND,
  ...OPTIMISATION,
} as const satisfies Settings;

export type HierarchicalRecipe = StatedRecipe<typeof SETTINGS>;

export const hierarchicalVae = defineFamily({
  name: 'hierarchical-vae',
  settings: SETTINGS,
  check: checkBound,

  build: (recipe, { image, images }) =>
    builtByDescent(recipe, images, (estimator, samples) =>
      createHierarchicalVae({
        image,
        network: networkOf(recipe),
        latentDimensions: recipe.latent,
        topLatentDimensions: recipe.topLatent,
        likelihood: recipe.likelihood as Likelihood,
        estimator,
        samples,
      }),
    ),

  describe: ({ latent, topLatent, network }) => ({
    kind: 'two-layer VAE',
    sentence: `Variational auto-encoder with ${topLatent} latent dimensions above ${latent}, ${NETWORK_WORDS[network]}.`,
  }),
});
