// Variational auto-encoders over sequences: an image is drawn row after row.
import type { Likelihood } from '../model.ts';
import { createRowsVae } from '../models/rows.ts';
import { builtByDescent, checkBound } from './bound.ts';
import { defineFamily, type StatedRecipe } from './family.ts';
import type { Settings } from './rules.ts';
import { BOUND, OPTIMISATION } from './settings.ts';

const SETTINGS = {
  latent: {
    kind: 'integer',
    min: 1,
    max: 1024,
    help: 'latents of all rows together: a multiple of the height',
  },
  dense: { kind: 'integer', min: 1, max: 8192, help: 'units of the recurrent networks' },
  ...BOUND,
  ...OPTIMISATION,
} as const satisfies Settings;

export type RowsRecipe = StatedRecipe<typeof SETTINGS>;

export const rowsVae = defineFamily({
  name: 'rows-vae',
  settings: SETTINGS,
  check: checkBound,

  build: (recipe, { image, images }) =>
    builtByDescent(recipe, images, (estimator, samples) =>
      createRowsVae({
        image,
        latentDimensions: recipe.latent,
        units: recipe.dense,
        likelihood: recipe.likelihood as Likelihood,
        estimator,
        samples,
      }),
    ),

  describe: ({ latent }) => ({
    kind: 'VAE over rows',
    sentence: `Variational auto-encoder with ${latent} latent dimensions, recurrent: it draws row after row.`,
  }),
});
