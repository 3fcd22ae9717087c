// Trains a classifier on labelled images, and keeps the epoch that is right most often on validation images.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Share } from '../../../figures/share.ts';
import { createBatches } from '../../data/batches.ts';
import type { Images } from '../../data/data-set.ts';
import { createLabelBatches } from '../../data/labels.ts';
import { fitRounds } from '../../fit.ts';
import type { HostTensors, Tensors, Weights } from '../../model.ts';
import type { Classifier } from '../../models/classifier.ts';
import { adam } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import type { RunOptions } from '../../runner/rows.ts';
import { beginTraining } from '../../runner/step.ts';
import { cosine } from '../../schedules.ts';
import { forImages } from '../for-images.ts';

/** Index of the largest. */
export const likeliest = (values: Float32Array): number => values.indexOf(Math.max(...values));

/** The likeliest class of each image, [count]. */
export async function likeliestClasses(
  classifier: Classifier,
  weights: Weights,
  images: Images,
  options: RunOptions,
): Promise<Uint8Array> {
  const found = new Uint8Array(images.count);
  await forImages(
    { model: {}, ...weights },
    images,
    (params, state, { x }: Tensors) => ({ p: classifier.probabilities(params, state, x!) }),
    (i, { p }) => {
      found[i] = likeliest(p!);
    },
    options,
  );
  return found;
}

/** Share of `images` whose label is the likeliest. */
export async function accuracy(
  classifier: Classifier,
  weights: Weights,
  images: Images,
  options: RunOptions,
): Promise<Share> {
  const found = await likeliestClasses(classifier, weights, images, options);
  return { count: found.filter((label, i) => label === images.labels![i]).length, of: images.count };
}

const copy = (tensors: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );

export async function trainClassifier(
  classifier: Classifier,
  train: Images,
  validation: Images,
  settings: {
    epochs: number;
    batchSize: number;
    learningRate: number;
    weightDecay: number;
    mirror: boolean;
    seed: string;
  },
  options: RunOptions & { log(line: string): void },
): Promise<Weights & { epoch: number; share: number }> {
  const { epochs, batchSize, learningRate, weightDecay, mirror, seed } = settings;
  const learner = classifier.learner(adam({ weightDecay }));
  const initial = classifier.init(createStream(seed, 'init'));
  const batches = createBatches(train, { batchSize, variant: 'grey', seed, mirror });
  const labels = createLabelBatches(train.labels!, { batchSize, classes: classifier.classes, seed });
  const steps = Math.floor(train.count / batchSize);
  const rate = cosine(learningRate, 0);
  let best = { ...initial, epoch: 0, share: 0 };
  await fitRounds(
    {
      learner: () => learner,
      batchSize,
      rounds: epochs,
      *feeds(epoch) {
        const noise = createStream(seed, 'noise', epoch);
        const labelsOf = labels(epoch);
        for (const x of batches(epoch))
          yield { x, labels: labelsOf.next().value!, ...drawNoise(learner.feeds(batchSize), noise) };
      },
      schedule: ({ round, within, step }) => ({
        learningRate: rate({ epoch: round + within / steps, epochs, step }),
      }),
      async onRound({ round: epoch, weights }) {
        const { params, state } = weights;
        const right = await accuracy(classifier, { params, state }, validation, options);
        const share = right.count / right.of;
        options.log(`classifier, epoch ${epoch}: ${(100 * share).toFixed(1)} % of validation images right`);
        if (share > best.share) best = { params: copy(params), state: copy(state), epoch, share };
        return false;
      },
    },
    { round: 0, step: 0, weights: beginTraining(learner, initial) },
    options,
  );
  return best;
}
