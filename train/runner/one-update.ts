// Learners whose parameters all move at once.
import type { FeedSpec, ImageShape } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import type { Learner } from './step.ts';

/** Images, and their one-hot labels for a model that takes such. */
export function imageFeeds({ image, classes }: { image: ImageShape; classes?: number }, batch: number) {
  const { channels, height, width } = image;
  const feeds: Record<string, FeedSpec> = {
    x: { shape: [batch, channels, height, width], distribution: 'data' },
  };
  if (classes !== undefined) feeds.labels = { shape: [batch, classes], distribution: 'data' };
  return feeds;
}

/** One update of all parameters at once, whose learning rate is the scheduled scalar `learningRate`. */
export const oneUpdate = (
  feeds: Learner['feeds'],
  optimiser: Optimiser,
  gradients: Learner['updates'][number]['gradients'],
  scalars: readonly string[] = ['learningRate', 'klWeight'],
): Learner => ({
  feeds,
  scalars,
  updates: [{ of: '', optimiser, learningRate: 'learningRate', gradients }],
});
