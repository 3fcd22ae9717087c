// Chooses checkpoints of a generator by the Fréchet distance of its images to the validation images.
import type { DataSet } from '../data/data-set.ts';
import { featureFolder } from '../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../evaluate/fidelity/feature-space.ts';
import { frechetDistance, momentsOf } from '../evaluate/fidelity/frechet.ts';
import { createImageSampler, type ImageSampler, imagesOf, labelsLike } from '../evaluate/fidelity/samples.ts';
import type { Model } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Validator } from './family.ts';

/** `frechet`: between `count` generated images of the seed `validation`, and all validation images. */
export async function frechetValidator(
  model: Model,
  dataset: DataSet,
  count: number,
  options: RunOptions,
): Promise<Validator> {
  const space = await openFeatureSpace(dataset, featureFolder(), { ...options, log: console.log });
  const real = momentsOf(await space.of(dataset.validation));
  const labels = model.classes ? labelsLike(dataset.validation, dataset.id, count) : undefined;
  let sampler: ImageSampler | undefined;
  return {
    async measure(weights) {
      sampler ??= await createImageSampler(model, weights, options);
      const drawn = await sampler.draw(weights, 'validation', count, labels);
      const features = await space.of(imagesOf(drawn, model));
      return { frechet: frechetDistance(momentsOf(features), real) };
    },
    release: async () => sampler?.release(),
  };
}
