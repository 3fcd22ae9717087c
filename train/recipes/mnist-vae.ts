// Handwritten digits: a fully connected VAE on dynamically binarised MNIST.
import type { Recipe } from './settings.ts';

export const mnistVae: Recipe = {
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  mirror: false, // a mirrored digit is none
  validation: 2000,
  likelihood: 'bernoulli', // the pixels are 0 or 1
  sharedVariance: false, // gaussian alone
  latent: 50, // about half end up active; the rest cost nothing
  topLatent: 0, // one stochastic layer
  classes: 0, // no labels
  network: 'mlp',
  hidden: [500, 500],
  channels: [32, 64], // conv alone
  dense: 256, // conv and rows alone
  batchNorm: false, // conv alone
  activation: 'leaky-relu',
  estimator: 'B', // the KL term in closed form: less noise than A
  samples: 1,
  freeNats: 0, // the warm-up is enough
  klWarmupEpochs: 10, // lets latents become useful before the prior prunes them
  tightenEpochs: 20, // a bound from several samples lets the posterior be less simple: about one nat
  tightenSamples: 5,
  optimiser: 'adam',
  weightDecay: 0.01, // adamw alone
  momentum: 0.9, // sgd alone
  map: false, // with 58,000 images the prior of the parameters hardly matters
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 200,
  epochs: 160,
  seed: 1,
  selectSamples: 20,
  evaluateSamples: 500,
  evaluateImages: 1000,
};
