// Digits that the project draws itself, by class and sharp, in about three minutes on two cores and with nothing to
// download: half the channels of mnist-cgan, which is enough for strokes.
import type { GanRecipe } from '../families/gan.ts';
import { mnistCgan } from './mnist-cgan.ts';

export const glyphsCgan = {
  ...mnistCgan,
  dataset: 'glyphs',
  validation: 2000,
  channels: [32, 16],
  criticChannels: [16, 32],
  epochs: 12,
  selectImages: 2000,
} satisfies GanRecipe;
