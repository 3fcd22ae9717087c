// Handwritten digits in codes of twenty symbols, with a learned prior over the codes.
import type { DiscreteVaeRecipe } from '../families/discrete-vae.ts';

export const mnistDvae = {
  family: 'discrete-vae',
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  validation: 2000,
  network: 'mlp',
  hidden: [384, 384],
  activation: 'leaky-relu',
  variables: 20, // few enough to look at one by one
  symbols: 16, // 55 nats a code at most; digits take about half of that
  prior: 'autoregressive', // what the symbols have to do with one another is most of what a digit is
  priorHidden: 384,
  gradient: 'gumbel-softmax',
  temperatureRate: 1e-3, // about 700 steps to the final temperature
  klWarmupEpochs: 1, // lets symbols become useful before the prior prunes them
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 10,
  selectSamples: 10,
  evaluateSamples: 1000,
} satisfies DiscreteVaeRecipe;
