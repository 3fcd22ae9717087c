// Labels of a conditional model's images: drawn from the seed, and as the weights that its graphs take.
import { createStream } from './stream.ts';

/** Class of image `index` of a seed, uniform over 0 … classes − 1; a stream of its own, so no other draw shifts. */
export const drawnClass = (seed: string, index: number, classes: number): number =>
  Math.floor(createStream(seed, 'label', index).uniform() * classes);

/** The one-hot row [classes] of a class. */
export const oneHotRow = (index: number, classes: number): Float32Array =>
  Float32Array.from({ length: classes }, (_, i) => Number(i === index));
