// Handwritten digits: a fully connected VAE on dynamically binarised MNIST.
import type { VaeRecipe } from '../families/vae.ts';

export const mnistVae = {
  family: 'vae',
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  validation: 2000,
  network: 'mlp',
  hidden: [500, 500],
  activation: 'leaky-relu',
  latent: 50, // about half end up active; the rest cost nothing
  klWarmupEpochs: 10, // lets latents become useful before the prior prunes them
  tightenEpochs: 20, // a bound from several samples lets the posterior be less simple: about one nat
  tightenSamples: 5,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 200,
  epochs: 160,
  selectSamples: 20,
} satisfies VaeRecipe;
