// Clothes: a convolutional VAE on grey Fashion-MNIST. Grey levels stand as the probabilities of the Bernoulli
// likelihood: the expected bound over binarised images. The continuous Bernoulli, a proper density on [0, 1], spends
// 130 nats on the latents instead of 15 or so, and its samples from the prior fall apart.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const fashionVae: Recipe = {
  ...mnistVae,
  dataset: 'fashion-mnist',
  variant: 'grey',
  latent: 20,
  network: 'conv',
  channels: [24, 48],
  dense: 256,
  activation: 'relu',
  klWarmupEpochs: 4,
  tightenEpochs: 0,
  batchSize: 100,
  epochs: 24,
};
