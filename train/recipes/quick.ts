// What `npm run train` does when it is told nothing: a good small VAE in about two minutes on two cores.
import type { VaeRecipe } from '../families/vae.ts';
import { mnistVae } from './mnist-vae.ts';

export const quick = {
  ...mnistVae,
  latent: 20,
  hidden: [400],
  klWarmupEpochs: 2,
  tightenEpochs: 0,
  batchSize: 100,
  epochs: 15,
  selectSamples: 1,
  evaluateSamples: 100,
} satisfies VaeRecipe;
