// Digits that the project draws itself: nothing to download.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const glyphsVae: Recipe = {
  ...mnistVae,
  dataset: 'glyphs',
  variant: 'grey', // soft edges are part of the drawing
  likelihood: 'bernoulli', // of grey targets: not a likelihood, but sharp pictures
  latent: 16,
  hidden: [400],
  klWarmupEpochs: 2,
  tightenEpochs: 0,
  batchSize: 100,
  epochs: 30,
};
