// Digits and their classes from a hundred labels: a critic that classifies, and a generator that matches its features
// (Salimans et al. 2016). They went on for 300 epochs, with batch normalisation in the generator.
import type { SemiSupervisedGanRecipe } from '../families/semi-supervised-gan.ts';

export const mnistSgan = {
  family: 'semi-supervised-gan',
  dataset: 'mnist',
  variant: 'grey',
  validation: 2000,
  latent: 100,
  prior: 'uniform',
  hidden: [500, 500],
  criticHidden: [1000, 500, 250, 250, 250],
  labelled: 100, // ten of each digit
  learningRate: 1e-3,
  averageSteps: 1000,
  batchSize: 100,
  epochs: 30,
} satisfies SemiSupervisedGanRecipe;
