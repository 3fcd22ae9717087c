// Two latent dimensions: worse pictures, but the whole model fits on a map.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const mnistVae2d: Recipe = {
  ...mnistVae,
  latent: 2,
  klWarmupEpochs: 0, // with two dimensions none is superfluous
  tightenEpochs: 0, // keeps the posterior simple, and the map smooth
  batchSize: 100,
  epochs: 30,
};
