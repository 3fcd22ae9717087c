// Handwritten digits through two stochastic layers and convolutions: the upper one decides what, the lower one how.
import type { HierarchicalRecipe } from '../families/hierarchical-vae.ts';

export const mnistHvae = {
  family: 'hierarchical-vae',
  dataset: 'mnist',
  variant: 'dynamic',
  validation: 2000,
  network: 'conv',
  channels: [32, 64],
  dense: 256,
  activation: 'leaky-relu',
  latent: 40,
  topLatent: 20,
  klWarmupEpochs: 20, // the upper layer needs longer than a single one to become useful
  tightenEpochs: 12,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 80,
  selectSamples: 20,
} satisfies HierarchicalRecipe;
