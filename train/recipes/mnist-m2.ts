// Digits and their classes from a hundred labels: M2 of Kingma et al. 2014, trained as Jang et al. 2017 propose.
import type { SemiSupervisedRecipe } from '../families/semi-supervised.ts';

export const mnistM2 = {
  family: 'semi-supervised',
  dataset: 'mnist',
  variant: 'dynamic', // a fresh binarisation each epoch is the strongest regulariser there is for free
  validation: 2000,
  hidden: [320],
  activation: 'relu',
  latent: 50,
  labelled: 100, // ten of each digit
  gradient: 'gumbel-softmax',
  temperatureRate: 3e-5,
  alpha: 10,
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 8,
  evaluateSamples: 1000,
} satisfies SemiSupervisedRecipe;
