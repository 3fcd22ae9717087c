// Handwritten digits by class: the label goes to encoder and decoder, so the latents keep style alone.
import { mnistVae } from './mnist-vae.ts';
import type { Recipe } from './settings.ts';

export const mnistCvae: Recipe = {
  ...mnistVae,
  classes: 10,
  latent: 30, // the label saves a few
};
