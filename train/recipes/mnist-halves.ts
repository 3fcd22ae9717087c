// Digits finished from their upper half: two layers of symbols say how the lower half may go on.
import type { PredictorRecipe } from '../families/predictor.ts';

export const mnistHalves = {
  family: 'predictor',
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  validation: 2000,
  hidden: [320],
  activation: 'leaky-relu',
  layers: 2, // the second sees what the first has drawn, so that its symbols need not be independent
  variables: 16,
  symbols: 10,
  recognition: true, // without it one sample in training makes the mean the best answer
  gradient: 'gumbel-softmax',
  temperatureRate: 1e-3, // about 700 steps to the final temperature
  klWarmupEpochs: 1,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 10,
  selectSamples: 10,
  evaluateSamples: 1000,
} satisfies PredictorRecipe;
