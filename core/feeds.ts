// What the graphs of a model are fed, by its card.
import type { Able } from '../models/able.ts';
import { type ModelCard, takes } from '../models/card.ts';
import { latentSize } from '../models/latent.ts';
import type { Tensor } from './tensor.ts';

/** Vectors of one length as [vectors, length]. */
export function rowsOf(vectors: readonly Float32Array[]): Tensor {
  const length = vectors[0]!.length;
  const data = new Float32Array(vectors.length * length);
  vectors.forEach((vector, i) => {
    data.set(vector, i * length);
  });
  return { shape: [vectors.length, length], data };
}

/** Latents, one for each image, and the weights [classes] of each where the model takes a label. */
export const decoderFeeds = (
  latents: readonly Float32Array[],
  labels: readonly Float32Array[] | undefined,
): Record<string, Tensor> => ({ z: rowsOf(latents), ...(labels ? { label: rowsOf(labels) } : {}) });

/** Codes as graph input, of which some variables may be zeros still. */
export const priorFeeds = (codes: readonly Float32Array[]): Record<string, Tensor> => ({
  codes: rowsOf(codes),
});

/** One image [channels · height · width] in 0…1. */
export const imageFeeds = (
  { channels, height, width }: ModelCard['image'],
  x: Float32Array,
): Record<string, Tensor> => ({ x: { shape: [1, channels, height, width], data: x } });

/** One image; an encoder that takes noise gets none, and so follows the means. */
export const encoderFeeds = (
  { image, latent, graphs: { encoder } }: Able<'encode'>,
  x: Float32Array,
  label: Float32Array | undefined,
): Record<string, Tensor> => ({
  ...imageFeeds(image, x),
  ...(label ? { label: rowsOf([label]) } : {}),
  ...(takes(encoder, 'epsilon') ? { epsilon: rowsOf([new Float32Array(latentSize(latent))]) } : {}),
});
