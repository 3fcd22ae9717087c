// Handwritten digits by class: the label goes to encoder and decoder, so the latents keep style alone.
import type { VaeRecipe } from '../families/vae.ts';
import { mnistVae } from './mnist-vae.ts';

export const mnistCvae = {
  ...mnistVae,
  classes: 10,
  latent: 30, // the label saves a few
} satisfies VaeRecipe;
