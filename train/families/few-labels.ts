// What families that learn from few labels have in common: settings and rules, batches, and how often they are right.
import type { Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import { balancedSubset, labelsOf } from '../data/labels.ts';
import { semiSupervisedBatches } from '../data/semi-supervised-batches.ts';
import { classify } from '../evaluate/classification-measure.ts';
import type { Model } from '../model.ts';
import type { Built } from './family.ts';
import type { Settings } from './rules.ts';

export const FEW_LABELS = {
  labelled: {
    kind: 'integer',
    min: 2,
    max: 1_000_000,
    help: 'training images whose class is told, as many of each',
  },
  labelledBatch: {
    kind: 'integer',
    min: 1,
    max: 10_000,
    default: 100,
    help: 'labelled images of a step, beside batchSize without label',
  },
} as const satisfies Settings;

/** @throws Error when a step would want more labelled images than there are. */
export function checkFewLabels({
  labelled,
  labelledBatch,
}: {
  labelled: number;
  labelledBatch: number;
}): void {
  if (labelledBatch > labelled)
    throw new Error(`labelledBatch ${labelledBatch} exceeds the ${labelled} labelled images`);
}

/** @throws Error when `classes` cannot have equally many of them. */
export function checkShares(labelled: number, classes: number): void {
  if (labelled < classes || labelled % Math.max(classes, 1) !== 0)
    throw new Error(`labelled ${labelled} must be a multiple of the ${classes} classes of the data set`);
}

type FewLabels = {
  labelled: number;
  labelledBatch: number;
  batchSize: number;
  variant: string;
  seed: number;
};

/** Batches of `batchSize` images and `labelledBatch` whose class is told; `seed` says which, `warped` feeds them so. */
export function batchesOf(
  { labelled, labelledBatch, batchSize, variant, seed }: FewLabels,
  classes: number,
  warped = false,
) {
  return ({ id, train }: DataSet) => {
    labelsOf(train, id);
    return semiSupervisedBatches(train, balancedSubset(train, labelled, classes, `${seed}/labelled`), {
      batchSize,
      labelledBatch,
      classes,
      variant: variant as Variant,
      seed: String(seed),
      warped,
    });
  };
}

/** The share of validation images whose class the model tells. */
export const accuracyOf =
  (model: Model): Built['validator'] =>
  async ({ validation }, options) => ({
    async measure(weights) {
      const { right, of } = await classify(model, weights, validation, options);
      return { accuracy: right / of };
    },
    release: async () => {},
  });
