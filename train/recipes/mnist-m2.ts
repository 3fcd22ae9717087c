// Digits and their classes from a hundred labels: M2 of Kingma et al. 2014, trained as Jang et al. 2017 propose. Trials of
// a few epochs chose its settings by the labels of validation images; it has not been trained to its end.
import type { SemiSupervisedRecipe } from '../families/semi-supervised.ts';

export const mnistM2 = {
  family: 'semi-supervised',
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  validation: 2000,
  hidden: [200],
  classifier: 'conv',
  channels: [8, 16],
  dense: 64,
  activation: 'relu',
  latent: 50, // with fewer the class says how a digit is written
  labelled: 100, // ten of each digit
  labelledBatch: 20,
  labelledWeight: 0.002, // images with and without label count alike
  gradient: 'gumbel-softmax',
  temperatureRate: 3e-5,
  alpha: 10, // with 0.1 the entropy wins and q(y|x) stays level
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 8,
  evaluateSamples: 1000,
} satisfies SemiSupervisedRecipe;
