// Handwritten digits through two stochastic layers and convolutions: the upper one decides what, the lower one how.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const mnistHvae: Recipe = {
  ...mnistVae,
  network: 'conv',
  channels: [32, 64],
  dense: 256,
  latent: 40,
  topLatent: 20,
  activation: 'leaky-relu',
  klWarmupEpochs: 20, // the upper layer needs longer than a single one to become useful
  tightenEpochs: 12,
  batchSize: 100,
  epochs: 80,
};
