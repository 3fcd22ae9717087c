// Handwritten digits with learned inference: an encoder taught by the critic of pairs, so that digits can be drawn again,
// edited and called unusual. The networks of mnist-cgan, without labels.
import type { GanRecipe } from '../families/gan.ts';

export const mnistBigan = {
  family: 'gan',
  dataset: 'mnist',
  variant: 'grey',
  validation: 5000,
  latent: 32,
  encoder: true,
  cycle: 10, // codes are to keep which digit it is
  network: 'conv',
  channels: [64, 32],
  criticChannels: [16, 32, 64],
  criticNorm: 'spectral',
  loss: 'non-saturating', // latents are unbounded, and hinge would pull codes ever further out
  criticSteps: 0,
  learningRate: 4e-4,
  batchSize: 32,
  epochs: 5,
} satisfies GanRecipe;
