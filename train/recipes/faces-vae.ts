// Faces with expressions: a convolutional VAE on FER2013. One variance for all pixels, which is learned, weighs every
// pixel alike; one for each would give the least weight to mouths and eyes, where pictures differ most.
import type { VaeRecipe } from '../families/vae.ts';

export const facesVae = {
  family: 'vae',
  dataset: 'fer',
  variant: 'grey',
  mirror: true,
  validation: 3486, // FER's own validation images
  likelihood: 'gaussian',
  sharedVariance: true,
  latent: 128,
  network: 'conv',
  channels: [24, 48, 96, 128],
  dense: 256,
  batchNorm: true,
  activation: 'leaky-relu',
  klWarmupEpochs: 2,
  learningRate: 2e-3, // which batch normalisation allows
  finalLearningRate: 1e-5,
  batchSize: 64,
  epochs: 28,
  evaluateImages: 200,
} satisfies VaeRecipe;
