// The space of the Fréchet distance: features of a classifier that learned on the training images of the same set, so
// that it can be had without anyone's weights. These are not Inception distances, and compare within one set alone.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Share } from '../../../figures/share.ts';
import type { DataSet, Images } from '../../data/data-set.ts';
import { labelsOf } from '../../data/labels.ts';
import type { Weights } from '../../model.ts';
import { createClassifier } from '../../models/classifier.ts';
import { readCheckpoint, writeCheckpoint } from '../../runner/checkpoint.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { accuracy, likeliestClasses, trainClassifier } from '../classify/train-classifier.ts';
import { forImages } from '../for-images.ts';
import { CLASSIFIER, FEWEST, MOST_EPOCHS, TRAINING } from './feature-classifier.ts';
import type { Features } from './frechet.ts';

export type FeatureSpace = {
  /** Features [count, 128] of images of 8 bits. */
  of(images: Images): Promise<Features>;
  /** Share of `images` whose label the classifier tells. */
  accuracy(images: Images): Promise<Share>;
  /** The label that it takes each for, [count]. */
  classes(images: Images): Promise<Uint8Array>;
};

/**
 * The space of a data set, or of the set that it is a part of. Its classifier is trained when there is none in `folder` yet, which takes some minutes.
 * @throws Error when the set has no labels.
 */
export async function openFeatureSpace(
  dataset: DataSet,
  folder: string,
  options: RunOptions & { log?(line: string): void },
): Promise<FeatureSpace> {
  const { id, train, validation, labelNames, fingerprint = id } = dataset.whole ?? dataset;
  labelsOf(train, id);
  const { width, height, channels } = train;
  const classes = labelNames!.length;
  const classifier = createClassifier({ image: { width, height, channels }, classes, ...CLASSIFIER });
  const steps = Math.floor(train.count / TRAINING.batchSize);
  const epochs = Math.max(FEWEST.epochs, Math.min(MOST_EPOCHS, Math.ceil(FEWEST.steps / steps)));
  const settings = { ...TRAINING, epochs };
  const asked = createHash('sha256')
    .update(JSON.stringify({ ...CLASSIFIER, ...settings }))
    .digest('hex');
  // Another split is another classifier, so that none learned from images that it will judge by; and so is one that was
  // taught otherwise, whose distances are others.
  const path = join(folder, `${fingerprint}-${train.count}-${asked.slice(0, 8)}.safetensors`);
  if (!existsSync(path)) {
    const log = options.log ?? (() => {});
    log(`classifier of ${id}: it learns what distances between images are measured in`);
    const trained = await trainClassifier(classifier, train, validation, settings, { ...options, log });
    const { params, state, epoch, share } = trained;
    writeCheckpoint(path, { params, state, optimiser: {} }, { epoch, step: 0, best: share });
  }
  const { params, state } = readCheckpoint(path).weights;
  const weights: Weights = { params, state };
  return {
    async of(images) {
      const size = CLASSIFIER.dense;
      const data = new Float32Array(images.count * size);
      await forImages(
        { model: {}, ...weights },
        images,
        (p, s, { x }) => ({ features: classifier.features(p, s, x!) }),
        (i, { features }) => data.set(features!, i * size),
        options,
      );
      return { count: images.count, size, data };
    },
    accuracy: (images) => accuracy(classifier, weights, images, options),
    classes: (images) => likeliestClasses(classifier, weights, images, options),
  };
}
