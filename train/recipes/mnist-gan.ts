// The digits of Goodfellow et al. 2014, by the networks of the authors' code and its simultaneous step. Their runs take
// some hundred epochs of momentum; in so few Adam gets further, and an average of the generator is kept.
import type { GanRecipe } from '../families/gan.ts';

export const mnistGan = {
  family: 'gan',
  dataset: 'mnist',
  variant: 'grey',
  validation: 10_000, // as in the paper
  latent: 100,
  prior: 'uniform',
  network: 'mlp',
  hidden: [1200, 1200],
  criticHidden: [240, 240],
  pieces: 5,
  dropout: true,
  loss: 'non-saturating',
  criticSteps: 0, // both at once, as in the authors' code
  learningRate: 2e-4,
  batchSize: 100,
  epochs: 12,
} satisfies GanRecipe;
