// One man's face: a Gaussian VAE on Frey Face, as in the VAE paper. 1500 frames are few, so the model is small and
// the best checkpoint, judged on frames of another moment, comes early.
import type { VaeRecipe } from '../families/vae.ts';

export const freyVae = {
  family: 'vae',
  dataset: 'frey-face',
  variant: 'grey',
  validation: 105, // seven blocks of frames
  likelihood: 'gaussian',
  latent: 16,
  network: 'mlp',
  hidden: [100], // half of the paper's, and so half the size
  activation: 'leaky-relu',
  klWarmupEpochs: 20,
  map: true, // with so few images the prior of the parameters matters
  learningRate: 1e-3,
  finalLearningRate: 1e-4,
  batchSize: 100,
  epochs: 400,
  selectSamples: 20,
  evaluateImages: 360,
} satisfies VaeRecipe;
