// Chooses checkpoints of a generator by the Fréchet distance of its images to the validation images.
import type { DataSet } from '../data/data-set.ts';
import { featureFolder } from '../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../evaluate/fidelity/feature-space.ts';
import { frechetDistance, momentsOf, spreadOf } from '../evaluate/fidelity/frechet.ts';
import { createImageSampler, type ImageSampler, imagesOf, labelsLike } from '../evaluate/fidelity/samples.ts';
import type { Model } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Validator } from './family.ts';

/** Spread, as a share of that of real images, below which generated images are all but one. */
const COLLAPSED = 0.1;

/** What is wrong with a generator of these figures; nothing where nothing is. */
export const collapse = ({ spread }: Record<string, number>): string | undefined =>
  spread !== undefined && spread < COLLAPSED
    ? `generated images spread ${spread.toFixed(3)} times as far as real ones: collapsed, or not learned yet`
    : undefined;

/**
 * `frechet`: between `count` generated images of the seed `validation`, and all validation images; `spread`: how far the
 * generated ones lie about their mean in the same features, as a share of what the validation images do.
 */
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
      const found = momentsOf(await space.of(imagesOf(drawn, model)));
      return { frechet: frechetDistance(found, real), spread: spreadOf(found) / spreadOf(real) };
    },
    release: async () => sampler?.release(),
  };
}
