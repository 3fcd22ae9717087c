// How often a classifier is right, and how far its confidence is from that.
import { percent } from '../../figures/share.ts';
import type { Images } from '../data/data-set.ts';
import type { Model, Weights } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import { classProbabilities } from './class-probabilities.ts';
import { likeliest } from './classify/train-classifier.ts';
import type { Measure } from './subject.ts';
import { tempered } from './temperature-scaling.ts';

/** Bins of confidence, equally wide. */
const BINS = 15;

export type Classification = {
  right: number;
  of: number;
  /** Expected calibration error (Guo et al. 2017, Eq. 3), 0…1. */
  calibrationError: number;
};

/** `probabilities` [images, classes]. */
export function classificationOf(probabilities: Float32Array, labels: Uint8Array): Classification {
  const of = labels.length;
  const classes = probabilities.length / of;
  const excess = new Float64Array(BINS);
  let right = 0;
  for (let i = 0; i < of; i++) {
    const row = probabilities.subarray(i * classes, (i + 1) * classes);
    const found = likeliest(row);
    const isRight = Number(found === labels[i]);
    right += isRight;
    excess[Math.min(BINS - 1, Math.floor(row[found]! * BINS))]! += isRight - row[found]!;
  }
  return { right, of, calibrationError: excess.reduce((total, one) => total + Math.abs(one), 0) / of };
}

/** Of grey images, as people send them. */
export const classify = async (
  model: Model,
  weights: Weights,
  images: Images,
  options: RunOptions,
): Promise<Classification> =>
  classificationOf(await classProbabilities(model, weights, images, options), images.labels!);

export const classificationMeasure: Measure = {
  needs: ({ model }) => model.graphs.classifier !== undefined,

  async figures({ model, params, state }, { test }, { backend, threads }) {
    const run = { backend, ...(threads ? { threads } : {}) };
    const probabilities = await classProbabilities(model, { params, state }, test, run);
    const { right, of, calibrationError } = classificationOf(probabilities, test.labels!);
    const split = `test, ${of} images`;
    const protocol = `grey images; expected calibration error over ${BINS} bins of confidence, equally wide (Guo et al. 2017, Eq. 3)`;
    const unit = '% between confidence and accuracy';
    const { scaling } = model;
    const unscaled = scaling && tempered(probabilities, probabilities.length / of, 1 / scaling.temperature);
    return [
      {
        name: 'accuracy',
        ...percent({ count: right, of }),
        unit: '% of images are of the class that the classifier finds likeliest',
        split,
        protocol: 'grey images; argmax of q(y|x)',
      },
      {
        name: 'calibration-error',
        value: 100 * calibrationError,
        unit,
        split,
        protocol: scaling
          ? `${protocol}, of logits over ${scaling.temperature.toPrecision(4)}, the temperature at which the labels of ${scaling.split} are likeliest (Section 4.2)`
          : protocol,
      },
      ...(unscaled
        ? [
            {
              name: 'calibration-error-unscaled',
              value: 100 * classificationOf(unscaled, test.labels!).calibrationError,
              unit,
              split,
              protocol: `${protocol}, before the logits are scaled`,
            },
          ]
        : []),
    ];
  },
};
