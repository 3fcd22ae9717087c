// Two latent dimensions: worse pictures, but the whole model fits on a map.
import type { VaeRecipe } from '../families/vae.ts';
import { mnistVae } from './mnist-vae.ts';

export const mnistVae2d = {
  ...mnistVae,
  latent: 2,
  klWarmupEpochs: 0, // with two dimensions none is superfluous
  tightenEpochs: 0, // keeps the posterior simple, and the map smooth
  batchSize: 100,
  epochs: 30,
} satisfies VaeRecipe;
