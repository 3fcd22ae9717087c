// Handwritten digits by class, sharp: convolutions, and a critic of bounded slope that projects labels.
import type { GanRecipe } from '../families/gan.ts';

export const mnistCgan = {
  family: 'gan',
  dataset: 'mnist',
  variant: 'grey',
  validation: 5000,
  latent: 64,
  classes: 10,
  conditioning: 'projection',
  network: 'conv',
  channels: [64, 32],
  criticChannels: [16, 32, 64],
  criticNorm: 'spectral',
  loss: 'hinge',
  criticSteps: 0,
  learningRate: 4e-4,
  batchSize: 32,
  epochs: 10,
} satisfies GanRecipe;
