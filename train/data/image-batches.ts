// The minibatches of a set of images as the feeds of a step: `x`, and `labels` for a model that takes them.
import type { Feeds } from '../model.ts';
import { balancedOrder, createBatches, type Variant } from './batches.ts';
import type { DataSet } from './data-set.ts';
import { createLabelBatches, labelsOf } from './labels.ts';

export type BatchSettings = {
  batchSize: number;
  variant: string;
  seed: number;
  mirror: boolean;
  balance?: boolean;
};

/**
 * Training images in minibatches, shuffled anew for each epoch; with `classes` their one-hot labels beside them, with
 * `balance` as many images of each label as of any other.
 * @throws Error when there are fewer images than one batch has, or no labels where some are asked for.
 */
export function imageBatches(
  { id, train }: Pick<DataSet, 'id' | 'train'>,
  recipe: BatchSettings,
  classes?: number,
): { steps: number; of(epoch: number): Iterable<Feeds> } {
  const { batchSize, mirror } = recipe;
  const [seed, variant] = [String(recipe.seed), recipe.variant as Variant];
  const order = recipe.balance ? { order: balancedOrder(labelsOf(train, id), seed) } : {};
  const batchesOf = createBatches(train, { batchSize, variant, seed, mirror, ...order });
  const labelsOfEpoch = classes
    ? createLabelBatches(labelsOf(train, id), { batchSize, classes, seed, ...order })
    : undefined;
  return {
    steps: Math.floor(train.count / batchSize),
    *of(epoch) {
      const labels = labelsOfEpoch?.(epoch);
      for (const x of batchesOf(epoch)) {
        const feeds: Feeds = { x };
        if (labels) feeds.labels = labels.next().value;
        yield feeds;
      }
    },
  };
}
