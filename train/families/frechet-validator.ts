// Chooses checkpoints of a generator by the Fréchet distance of its images to the validation images, and sees collapse.
import type { DataSet } from '../data/data-set.ts';
import { featureFolder } from '../evaluate/fidelity/feature-folder.ts';
import { openFeatureSpace } from '../evaluate/fidelity/feature-space.ts';
import { type Features, frechetDistance, momentsOf, spreadOf } from '../evaluate/fidelity/frechet.ts';
import { first } from '../evaluate/fidelity/nearest-training.ts';
import { precisionAndRecall } from '../evaluate/fidelity/precision-recall.ts';
import { createImageSampler, type ImageSampler, imagesOf, labelsLike } from '../evaluate/fidelity/samples.ts';
import type { Model } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Validator } from './family.ts';

/** Images of each side that recall is measured on: the work grows with the square of it. */
const RECALLED = 1000;

/**
 * Compares generated images with `real` ones by their features. `frechet`: between all of them; `spread`: how far the
 * generated ones lie about their mean, as a share of what the real ones do; `recall`: the share, 0…1, of the first 1000
 * real images within the manifold of as many generated ones.
 */
export function comparison(real: Features, options: RunOptions) {
  const moments = momentsOf(real);
  return async (generated: Features) => {
    const found = momentsOf(generated);
    const count = Math.min(RECALLED, real.count, generated.count);
    const { recall } = await precisionAndRecall(first(real, count), first(generated, count), options);
    return {
      frechet: frechetDistance(found, moments),
      spread: spreadOf(found) / spreadOf(moments),
      recall: recall.count / recall.of,
    };
  };
}

/** The `comparison` of `count` generated images, of the seed `validation`, with all validation images. */
export async function frechetValidator(
  model: Model,
  dataset: DataSet,
  count: number,
  options: RunOptions,
): Promise<Validator> {
  const space = await openFeatureSpace(dataset, featureFolder(), { ...options, log: console.log });
  const compare = comparison(await space.of(dataset.validation), options);
  const labels = model.classes ? labelsLike(dataset.validation, dataset.id, count) : undefined;
  let sampler: ImageSampler | undefined;
  return {
    async measure(weights) {
      sampler ??= await createImageSampler(model, weights, options);
      const drawn = await sampler.draw(weights, 'validation', count, labels);
      return compare(await space.of(imagesOf(drawn, model)));
    },
    release: async () => sampler?.release(),
  };
}
