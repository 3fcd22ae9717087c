// How near generated images come to the real ones of a data set, and whether they are copies.
import type { Share } from '../../../figures/share.ts';
import type { DataSet } from '../../data/data-set.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { FEATURE_WORDS } from './feature-classifier.ts';
import type { FeatureSpace } from './feature-space.ts';
import { type Features, frechetDistance, momentsOf } from './frechet.ts';
import { COMPARED, first, type Nearest, openNearest } from './nearest-training.ts';
import { precisionAndRecall } from './precision-recall.ts';
import { imagesOf } from './samples.ts';

/** Generated images, where a whole set is judged. */
export const SAMPLES = 10_000;
/** Seed of these. */
export const SEED = 'fidelity';

/** For people: how each figure is measured, by its name, of as many generated and test images. */
export const judgeProtocols = (generated: number, test: number) => {
  const alike = Math.min(generated, test);
  const firstOf = (count: number) =>
    `${count < test ? 'the first ' : ''}${Math.min(count, test)} test images`;
  return {
    frechet:
      `Fréchet distance (Heusel et al. 2017, Eq. 6) between generated and all test images, of 8 bits, in ${FEATURE_WORDS}; ` +
      'not an Inception distance',
    precision: `share of ${alike} generated images within the manifold of ${alike < test ? firstOf(alike) : 'as many test images'}, third nearest neighbour, same features (Kynkäänniemi et al. 2019)`,
    recall: `share of ${firstOf(alike)} within the manifold of as many generated ones, likewise`,
    'near-copies by pixels': `share of ${Math.min(COMPARED, generated)} generated images that are nearer to a training image than 99 % of ${firstOf(COMPARED)} are`,
    'near-copies by features': 'the same by features',
  };
};

export type Judged = {
  frechet: number;
  shares: Record<'precision' | 'recall' | 'near-copies by pixels' | 'near-copies by features', Share>;
  /** Of the first generated images, by pixels and by features. */
  nearest: [pixels: Nearest, features: Nearest];
};

export type Real = { frechet: number; words: string };

/** The nearer one of the real images that are not for testing. */
export const nearerOf = (training: Real, validation: Real | undefined): Real =>
  validation && validation.frechet < training.frechet ? validation : training;

export type Judge = {
  space: FeatureSpace;
  /**
   * The Fréchet distance of all training images, or of all validation images where these are nearer: the classifier, which
   * learned the former, knows those of a small set by heart.
   */
  real(): Promise<Real>;
  /** Of images 0…1, [count, pixels]. */
  judge(images: Features): Promise<Judged>;
};

/** @throws Error when the set has no labels: the features are those of a classifier. */
export async function openJudge(
  dataset: DataSet,
  options: RunOptions & { log?(line: string): void },
): Promise<Judge> {
  const { train, validation, test } = dataset;
  const { space, features, byPixels, byFeatures } = await openNearest(dataset, options);
  const moments = momentsOf(features.test);
  const realOf = (split: string, of: Features): Real => ({
    frechet: frechetDistance(momentsOf(of), moments),
    words: `${of.count} ${split} images`,
  });
  return {
    space,
    real: async () =>
      nearerOf(
        realOf('training', features.train),
        validation.count > 1 ? realOf('validation', await space.of(validation)) : undefined,
      ),
    async judge(images) {
      const found = await space.of(imagesOf(images, { image: train }));
      const count = Math.min(found.count, test.count);
      const { precision, recall } = await precisionAndRecall(
        first(features.test, count),
        first(found, count),
        options,
      );
      const nearest: Judged['nearest'] = [await byPixels(images), await byFeatures(found)];
      return {
        frechet: frechetDistance(momentsOf(found), moments),
        shares: {
          precision,
          recall,
          'near-copies by pixels': nearest[0].copies,
          'near-copies by features': nearest[1].copies,
        },
        nearest,
      };
    },
  };
}
