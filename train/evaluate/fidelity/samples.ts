// Generated images, from seeds as the worker draws them; and images as rows of numbers.
import { drawnClass } from '../../../core/sampling/label.ts';
import { latentSize } from '../../../models/latent.ts';
import type { Images } from '../../data/data-set.ts';
import { labelsOf } from '../../data/labels.ts';
import { labelRows } from '../../data/sources.ts';
import type { Model, Weights } from '../../model.ts';
import { type RunOptions, rowsOf } from '../../runner/rows.ts';
import { compileGraph } from '../graph.ts';
import { createLatentSampler, requireLatent } from '../sampler.ts';
import type { Features } from './frechet.ts';

export type ImageSampler = {
  /**
   * Images 0 … count − 1 of a seed, values 0…1 [count, channels · height · width]. A conditional model is given
   * `labels`, or draws them from the seed, all alike.
   */
  draw(weights: Weights, seed: string, count: number, labels?: Uint8Array): Promise<Features>;
  release(): Promise<void>;
};

/** @throws Error when the model has no decoder, or no latents to draw. */
export async function createImageSampler(
  model: Model,
  like: Weights,
  options: RunOptions,
): Promise<ImageSampler> {
  const spec = requireLatent(model);
  const { classes = 0, image } = model;
  if (!model.graphs.decoder) throw new Error('samples: the model has no decoder');
  const latents = await createLatentSampler(model, like, options);
  const decoder = await compileGraph(model.graphs.decoder, like, options);
  const size = image.channels * image.height * image.width;
  return {
    async draw(weights, seed, count, labels) {
      const z = await latents.draw(weights, seed, count);
      const drawn = labels ?? Uint8Array.from({ length: count }, (_, i) => drawnClass(seed, i, classes));
      const data = new Float32Array(count * size);
      const sources = {
        z: rowsOf(z, [latentSize(spec)]),
        ...(classes > 0 ? { label: labelRows(drawn, classes) } : {}),
      };
      await decoder.over(weights, sources, count, (i, { mean }) => data.set(mean!, i * size));
      return { count, size, data };
    },
    async release() {
      await latents.release();
      await decoder.release();
    },
  };
}

/** Labels of `count` images as they are distributed in a set. @throws Error when it has none. */
export const labelsLike = (images: Images, set: string, count: number): Uint8Array => {
  const labels = labelsOf(images, set);
  return Uint8Array.from({ length: count }, (_, i) => labels[i % labels.length]!);
};

// Loops, as `from` with a function makes an array of all values first, which is too long for sets in colour.

/** Values 0…1 as images of 8 bits, rounded as the worker rounds them. */
export function imagesOf({ count, data }: Features, { image }: Pick<Model, 'image'>): Images {
  const clamped = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) clamped[i] = 255 * data[i]!;
  return { ...image, count, pixels: new Uint8Array(clamped.buffer) };
}

/** Images as rows of values 0…1. */
export function valuesOf({ count, pixels }: Images): Features {
  const data = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) data[i] = pixels[i]! / 255;
  return { count, size: pixels.length / count, data };
}
