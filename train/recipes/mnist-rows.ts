// Handwritten digits drawn row by row: a sequence of 28 steps with four latents each.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const mnistRows: Recipe = {
  ...mnistVae,
  network: 'rows',
  latent: 112,
  dense: 200,
  klWarmupEpochs: 3,
  tightenEpochs: 0,
  batchSize: 100,
  epochs: 20, // each takes as long as five of a fully connected model
  selectSamples: 5,
};
