// Digits finished from their upper half: two layers of symbols between the halves, with deterministic ones between them.
import type { PredictorRecipe } from '../families/predictor.ts';

export const mnistHalves = {
  family: 'predictor',
  dataset: 'mnist',
  variant: 'dynamic',
  validation: 2000,
  hidden: [256],
  variables: 20,
  symbols: 10,
  gradient: 'vimco', // follows the bound of five samples; with one the symbols have nothing to say: its best answer is the mean
  learningRate: 1e-3,
  finalLearningRate: 1e-5,
  batchSize: 100,
  epochs: 60,
  selectSamples: 10,
  evaluateSamples: 1000,
} satisfies PredictorRecipe;
