// Trains a classifier on labelled images, and keeps the epoch that is right most often on validation images.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Share } from '../../../figures/share.ts';
import { createBatches } from '../../data/batches.ts';
import type { Images } from '../../data/data-set.ts';
import { createLabelBatches } from '../../data/labels.ts';
import { forImages } from '../../evaluate/for-images.ts';
import type { HostTensors, Tensors } from '../../model.ts';
import type { Classifier } from '../../models/classifier.ts';
import { adam } from '../../optimisers.ts';
import type { Backend } from '../../runner/backends.ts';
import { drawNoise } from '../../runner/noise.ts';
import { createTrainer } from '../../runner/step.ts';

export type Weights = { params: HostTensors; state: HostTensors };
type Options = { backend: Backend; threads: number };

/** Index of the largest. */
export const likeliest = (values: Float32Array): number => values.indexOf(Math.max(...values));

/** Share of `images` whose label is the likeliest. */
export async function accuracy(
  classifier: Classifier,
  weights: Weights,
  images: Images,
  options: Options,
): Promise<Share> {
  let count = 0;
  const { image } = classifier;
  await forImages(
    { model: { image }, ...weights },
    images,
    (params, state, { x }: Tensors) => ({ p: classifier.probabilities(params, state, x!) }),
    (i, { p }) => {
      count += Number(likeliest(p!) === images.labels![i]);
    },
    options,
  );
  return { count, of: images.count };
}

const copy = (tensors: HostTensors): HostTensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  );

export async function trainClassifier(
  classifier: Classifier,
  train: Images,
  validation: Images,
  settings: { epochs: number; batchSize: number; learningRate: number; weightDecay: number; seed: string },
  options: Options & { log(line: string): void },
): Promise<Weights & { epoch: number; share: number }> {
  const { epochs, batchSize, learningRate, weightDecay, seed } = settings;
  const optimiser = adam({ weightDecay });
  const first = classifier.init(createStream(seed, 'init'));
  const initial = { ...first, optimiser: optimiser.init(first.params) };
  const trainer = await createTrainer(classifier, optimiser, initial, { batchSize, ...options });
  const batches = createBatches(train, { batchSize, variant: 'grey', seed, mirror: true });
  const labels = createLabelBatches(train.labels!, { batchSize, classes: classifier.classes!, seed });
  const steps = epochs * Math.floor(train.count / batchSize);
  const noiseSpecs = classifier.lossNoise(batchSize);
  let step = 0;
  let best = { ...first, epoch: 0, share: 0 };
  for (let epoch = 0; epoch < epochs; epoch++) {
    const noise = createStream(seed, 'noise', epoch);
    const labelsOf = labels(epoch);
    for (const x of batches(epoch)) {
      const rate = 0.5 * learningRate * (1 + Math.cos((Math.PI * step++) / steps));
      const schedule = { learningRate: rate, klWeight: 1 };
      await trainer.step(x, drawNoise(noiseSpecs, noise), schedule, labelsOf.next().value!);
    }
    const { params, state } = trainer.current();
    const right = await accuracy(classifier, { params, state }, validation, options);
    const share = right.count / right.of;
    options.log(`classifier, epoch ${epoch + 1}: ${(100 * share).toFixed(1)} % of validation images right`);
    if (share > best.share) best = { params: copy(params), state: copy(state), epoch: epoch + 1, share };
  }
  await trainer.release();
  return best;
}
