// Handwritten digits drawn row by row: a sequence of 28 steps with four latents each.
import type { RowsRecipe } from '../families/rows-vae.ts';

export const mnistRows = {
  family: 'rows-vae',
  dataset: 'mnist',
  variant: 'dynamic',
  validation: 2000,
  latent: 112,
  dense: 200,
  klWarmupEpochs: 3,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 20, // each takes as long as five of a fully connected model
  selectSamples: 5,
} satisfies RowsRecipe;
