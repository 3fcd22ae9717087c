// Faces and people in colour, from emoji: avatars by category. The set is small, so the critic sees it changed.
import type { GanRecipe } from '../families/gan.ts';

export const emojiCgan = {
  family: 'gan',
  dataset: 'emoji-people',
  variant: 'grey',
  mirror: true,
  balance: true,
  validation: 1000,
  latent: 64,
  classes: 2,
  conditioning: 'projection',
  network: 'conv',
  channels: [128, 64, 32],
  criticChannels: [32, 64, 128],
  criticNorm: 'spectral',
  augment: 'colour',
  loss: 'hinge',
  criticSteps: 0,
  learningRate: 4e-4,
  batchSize: 32,
  epochs: 130,
  selectImages: 1000, // every epoch is short
} satisfies GanRecipe;
