// The digits of Goodfellow et al. 2014, by the networks and settings of the authors' code.
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
  optimiser: 'sgd',
  momentum: 0.5,
  finalMomentum: 0.7,
  momentumEpochs: 250,
  learningRate: 0.1,
  decay: 'exponential',
  averageSteps: 2000, // of ours: the paper keeps the weights themselves
  batchSize: 100,
  epochs: 250,
} satisfies GanRecipe;
