// Digits that the project draws itself: nothing to download.
import type { VaeRecipe } from '../families/vae.ts';

export const glyphsVae = {
  family: 'vae',
  dataset: 'glyphs',
  variant: 'grey', // soft edges are part of the drawing
  validation: 2000,
  likelihood: 'bernoulli', // of grey targets: not a likelihood, but sharp pictures
  latent: 16,
  network: 'mlp',
  hidden: [400],
  activation: 'leaky-relu',
  klWarmupEpochs: 2,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 30,
  selectSamples: 20,
} satisfies VaeRecipe;
