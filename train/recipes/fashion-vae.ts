// Clothes: a convolutional VAE on grey Fashion-MNIST. Grey levels stand as the probabilities of the Bernoulli
// likelihood: the expected bound over binarised images. The continuous Bernoulli, a proper density on [0, 1], spends
// 130 nats on the latents instead of 15 or so, and its samples from the prior fall apart.
import type { VaeRecipe } from '../families/vae.ts';

export const fashionVae = {
  family: 'vae',
  dataset: 'fashion-mnist',
  variant: 'grey',
  validation: 2000,
  latent: 20,
  network: 'conv',
  channels: [24, 48],
  dense: 256,
  activation: 'relu',
  klWarmupEpochs: 4,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 24,
  selectSamples: 20,
} satisfies VaeRecipe;
