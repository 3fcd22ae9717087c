// Clothes in codes of thirty-two symbols, with a learned prior over the codes. Grey levels stand as the probabilities of
// the Bernoulli likelihood, as in fashion-vae.
import type { DiscreteVaeRecipe } from '../families/discrete-vae.ts';

export const fashionDvae = {
  family: 'discrete-vae',
  dataset: 'fashion-mnist',
  variant: 'grey',
  validation: 2000,
  network: 'mlp',
  hidden: [512, 512],
  activation: 'leaky-relu',
  variables: 32,
  symbols: 16,
  prior: 'autoregressive', // what the symbols have to do with one another is most of what a digit is
  priorHidden: 512,
  gradient: 'gumbel-softmax',
  temperatureRate: 1e-4, // about 7000 steps to the final temperature
  klWarmupEpochs: 10, // lets symbols become useful before the prior prunes them
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 100,
  selectSamples: 10,
  evaluateSamples: 1000,
} satisfies DiscreteVaeRecipe;
