// One man's face: a Gaussian VAE on Frey Face, as in the VAE paper. 1500 frames are few, so the model is small and
// the best checkpoint, judged on frames of another moment, comes early.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const freyVae: Recipe = {
  ...mnistVae,
  dataset: 'frey-face',
  variant: 'grey',
  validation: 105, // seven blocks of frames
  likelihood: 'gaussian',
  latent: 16,
  hidden: [100], // half of the paper's, and so half the size
  learningRate: 1e-3,
  klWarmupEpochs: 20,
  tightenEpochs: 0,
  map: true, // with so few images the prior of the parameters matters
  finalLearningRate: 1e-4,
  batchSize: 100,
  epochs: 400,
  evaluateImages: 360,
};
