// Digits and their classes from a hundred labels: M2 whose q(y|x) is convolutional, and says the same of a digit that is turned,
// stretched or moved a little, which weighs a hundred times the bound.
import type { SemiSupervisedRecipe } from '../families/semi-supervised.ts';
import { mnistM2 } from './mnist-m2.ts';

export const mnistM2Warped = {
  ...mnistM2,
  variant: 'grey', // what people send; its bounds are none of binary data
  channels: [16, 32],
  dense: 128,
  labelledBatch: 50,
  alpha: 100,
  agreement: 100,
  learningRate: 2e-3,
  epochs: 12,
  evaluateSamples: 200,
} satisfies SemiSupervisedRecipe;
