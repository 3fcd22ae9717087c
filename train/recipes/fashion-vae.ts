// Clothes: a convolutional VAE on grey Fashion-MNIST. Grey levels are not coin flips, so their distribution is
// the continuous Bernoulli, which is a proper density on [0, 1].
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const fashionVae: Recipe = {
  ...mnistVae,
  dataset: 'fashion-mnist',
  variant: 'grey',
  likelihood: 'continuous-bernoulli',
  latent: 24,
  network: 'conv',
  channels: [16, 32],
  dense: 256,
  activation: 'relu',
  klWarmupEpochs: 2,
  tightenEpochs: 0,
  batchSize: 100,
  epochs: 8,
};
