// Own pictures in colour, from the folder pictures/ or whichever --dataset=folder:PATH names. As in faces-vae, one learned
// variance weighs all pixels alike. A few hundred pictures are few: give more epochs, and look at what is validated.
import type { VaeRecipe } from '../families/vae.ts';

export const pictures = {
  family: 'vae',
  dataset: 'folder:pictures',
  size: 32,
  colour: 'colour',
  variant: 'grey', // values as they are
  validation: 2000,
  likelihood: 'gaussian',
  sharedVariance: true,
  latent: 64,
  network: 'conv',
  channels: [24, 48, 96],
  dense: 256,
  batchNorm: true,
  activation: 'leaky-relu',
  klWarmupEpochs: 5,
  learningRate: 2e-3, // which batch normalisation allows
  finalLearningRate: 1e-5,
  batchSize: 16, // so that a hundred pictures are some steps
  epochs: 60,
  evaluateImages: 1000,
} satisfies VaeRecipe;
