// The minibatches of a set of which few labels are known: images without labels, and beside them labelled ones.
import type { Feeds } from '../model.ts';
import { createBatches, type Variant } from './batches.ts';
import type { Images } from './data-set.ts';
import { createLabelBatches } from './labels.ts';

/** Feeds `x`, `labelled` and `labels`; the labelled images come round as often as the epoch needs. */
export function semiSupervisedBatches(
  unlabelled: Images,
  labelled: Images,
  {
    batchSize,
    labelledBatch,
    classes,
    variant,
    seed,
  }: { batchSize: number; labelledBatch: number; classes: number; variant: Variant; seed: string },
): { steps: number; of(epoch: number): Iterable<Feeds> } {
  const steps = Math.floor(unlabelled.count / batchSize);
  const own = { batchSize: labelledBatch, variant, seed: `${seed}/labelled` };
  const [batchesOf, knownOf] = [
    createBatches(unlabelled, { batchSize, variant, seed }),
    createBatches(labelled, own),
  ];
  const labelsOf = createLabelBatches(labelled.labels!, { ...own, classes });
  function* rounds(epoch: number): Generator<Feeds> {
    for (let round = epoch * steps; ; round++) {
      const labels = labelsOf(round);
      for (const known of knownOf(round)) yield { labelled: known, labels: labels.next().value! };
    }
  }
  return {
    steps,
    *of(epoch) {
      const known = rounds(epoch);
      for (const x of batchesOf(epoch)) yield { x, ...(known.next().value as Feeds) };
    },
  };
}
