// Labels as models take them: one-hot rows; and images of which some labels are known.
import { type Order, shuffled } from './batches.ts';
import { type Images, selectImages } from './data-set.ts';

/** Rows [count, classes] of `labels` from `start` on; rows beyond the last label are class 0. */
export function oneHot(labels: Uint8Array, start: number, count: number, classes: number): Float32Array {
  const rows = new Float32Array(count * classes);
  for (let i = 0; i < count; i++) {
    const label = labels[start + i] ?? 0;
    if (label >= classes) throw new Error(`labels: label ${label} is not one of ${classes} classes`);
    rows[i * classes + label] = 1;
  }
  return rows;
}

/** @throws Error when the set has no labels. */
export function labelsOf(images: Images, set: string): Uint8Array {
  if (!images.labels) throw new Error(`${set} has no labels; a conditional model needs some`);
  return images.labels;
}

/** The labels of the minibatches that `createBatches` makes of the same set, batch size, seed and order. */
export function createLabelBatches(
  labels: Uint8Array,
  options: { batchSize: number; classes: number; seed: string; order?: Order },
): (epoch: number) => Generator<Float32Array> {
  const { batchSize, classes, seed } = options;
  const orderOf = options.order ?? ((epoch) => shuffled(labels.length, seed, epoch));
  return function* (epoch) {
    const order = orderOf(epoch);
    for (let start = 0; start + batchSize <= labels.length; start += batchSize) {
      const batch = Uint8Array.from(order.subarray(start, start + batchSize), (i) => labels[i]!);
      yield oneHot(batch, 0, batchSize, classes);
    }
  };
}

/**
 * `count` images of a set, as many of each class, chosen by `seed`.
 * @throws Error when `count` is no multiple of the classes, or a class has too few images.
 */
export function balancedSubset(images: Images, count: number, classes: number, seed: string): Images {
  const each = count / classes;
  if (!Number.isInteger(each) || each < 1)
    throw new Error(
      `labels: ${count} labelled images are not the same number for each of ${classes} classes`,
    );
  const left = new Array<number>(classes).fill(each);
  const chosen = new Set<number>();
  for (const i of shuffled(images.count, seed, 0)) {
    const label = images.labels![i]!;
    if (left[label]! === 0) continue;
    left[label]!--;
    chosen.add(i);
  }
  const short = left.findIndex((missing) => missing > 0);
  if (short >= 0) throw new Error(`labels: class ${short} has ${left[short]} images fewer than ${each}`);
  return selectImages(images, (i) => chosen.has(i));
}
