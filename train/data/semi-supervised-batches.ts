// The minibatches of a set of which few labels are known: images without labels, and beside them labelled ones.
import { createStream } from '../../core/sampling/stream.ts';
import type { Feeds } from '../model.ts';
import { createBatches, type Variant } from './batches.ts';
import type { Images } from './data-set.ts';
import { createLabelBatches } from './labels.ts';
import { warp } from './warp.ts';

/**
 * Feeds `x`, `labelled` and `labels`; the labelled images come round as often as the epoch needs. With `warped` they are
 * warped, and `moved` are those of `x`, warped.
 */
export function semiSupervisedBatches(
  unlabelled: Images,
  labelled: Images,
  {
    batchSize,
    labelledBatch,
    classes,
    variant,
    seed,
    warped = false,
  }: {
    batchSize: number;
    labelledBatch: number;
    classes: number;
    variant: Variant;
    seed: string;
    warped?: boolean;
  },
): { steps: number; of(epoch: number): Iterable<Feeds> } {
  const steps = Math.floor(unlabelled.count / batchSize);
  const own = { batchSize: labelledBatch, variant, seed: `${seed}/labelled` };
  const [batchesOf, knownOf] = [
    createBatches(unlabelled, { batchSize, variant, seed }),
    createBatches(labelled, own),
  ];
  const labelsOf = createLabelBatches(labelled.labels!, { ...own, classes });
  function* rounds(epoch: number): Generator<{ labelled: Float32Array; labels: Float32Array }, never> {
    for (let round = epoch * steps; ; round++) {
      const labels = labelsOf(round);
      for (const known of knownOf(round)) yield { labelled: known, labels: labels.next().value! };
    }
  }
  return {
    steps,
    *of(epoch): Generator<Feeds> {
      const few = rounds(epoch);
      const stream = createStream(seed, 'warp', epoch);
      for (const x of batchesOf(epoch)) {
        const { labelled: shown, labels } = few.next().value;
        const known = { labelled: warped ? warp(shown, unlabelled, stream) : shown, labels };
        yield warped ? { x, moved: warp(x, unlabelled, stream), ...known } : { x, ...known };
      }
    },
  };
}
