// The plain way of learning: every parameter descends the gradient of one loss.
import { differentiate } from '../differentiate.ts';
import type { FeedSpec, Tensors, Vae } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import type { Learner } from '../runner/step.ts';

/** What a VAE is trained on: images, and their labels where it is conditional. */
export function imageFeeds({ image, classes }: Pick<Vae, 'image' | 'classes'>, batch: number) {
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

/** Descends the loss of a VAE. */
export const descend = (vae: Vae, optimiser: Optimiser): Learner =>
  oneUpdate(
    (batch) => ({ ...imageFeeds(vae, batch), ...vae.lossNoise(batch) }),
    optimiser,
    (params, state, feeds: Tensors, schedule) =>
      differentiate(params, (at) => vae.loss(at, state, feeds.x!, feeds, schedule, feeds.labels)),
  );
