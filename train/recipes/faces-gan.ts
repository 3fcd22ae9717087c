// Faces, sharper than a VAE draws them: the data of faces-vae.
import type { GanRecipe } from '../families/gan.ts';

export const facesGan = {
  family: 'gan',
  dataset: 'fer',
  variant: 'grey',
  mirror: true,
  validation: 3486, // FER's own validation images
  latent: 100,
  network: 'conv',
  channels: [96, 48, 24],
  criticChannels: [24, 48, 96],
  criticNorm: 'spectral',
  loss: 'hinge',
  criticSteps: 0,
  learningRate: 4e-4,
  batchSize: 32,
  epochs: 30,
  selectImages: 3000,
} satisfies GanRecipe;
