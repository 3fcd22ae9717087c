// The pictures of many latents.
import { toImage } from '../../core/image/compose.ts';
import type { Image } from '../../core/image/image.ts';
import { labelRows } from '../data/sources.ts';
import { overRows, rowsOf } from '../runner/rows.ts';
import type { Options, Weighed } from './for-images.ts';

/** Calls `each` with the pixel means 0…1 of every one of `latents` [n · J]; a conditional model takes `labels` [n]. */
export const decodeLatents = (
  { model, params, state }: Weighed,
  latents: Float32Array,
  labels: Uint8Array | undefined,
  each: (index: number, means: Float32Array) => void,
  options: Options,
): Promise<void> =>
  overRows(
    { params, state },
    {
      z: rowsOf(latents, [model.latentDimensions]),
      ...(model.classes ? { labels: labelRows(labels!, model.classes) } : {}),
    },
    latents.length / model.latentDimensions,
    (p, s, inputs) => ({ mean: model.decode(p, s, inputs.z!, inputs.labels) }),
    (index, { mean }) => each(index, mean!),
    options,
  );

/** The same as images of 8 bits. */
export async function picturesOf(
  subject: Weighed,
  latents: Float32Array,
  labels: Uint8Array | undefined,
  options: Options,
): Promise<Image[]> {
  const { width, height, channels } = subject.model.image;
  const images: Image[] = [];
  const keep = (_: number, means: Float32Array) => {
    images.push(toImage(means, width, height, channels));
  };
  await decodeLatents(subject, latents, labels, keep, options);
  return images;
}
