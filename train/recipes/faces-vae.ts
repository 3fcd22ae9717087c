// Faces with expressions: a convolutional VAE on FER2013. One variance for all pixels, which is learned, weighs every
// pixel alike; one for each would give the least weight to mouths and eyes, where pictures differ most.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const facesVae: Recipe = {
  ...mnistVae,
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
  klWarmupEpochs: 2,
  tightenEpochs: 0,
  learningRate: 2e-3, // which batch normalisation allows
  batchSize: 64,
  epochs: 28,
  selectSamples: 1, // the ELBO: more would cost as much as the training
  evaluateImages: 200,
};
