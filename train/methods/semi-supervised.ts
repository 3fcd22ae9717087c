// Training M2 on labelled and unlabelled images (Kingma et al. 2014, Eqs. 6 to 9; Jang et al. 2017, Section 4.3).
import {
  add,
  exp,
  mean,
  mul,
  neg,
  oneHot,
  range,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';
import { differentiate } from '../differentiate.ts';
import { straightThrough } from '../estimators/discrete/task.ts';
import { categorical } from '../latents/categorical.ts';
import { relax } from '../latents/gumbel-softmax.ts';
import type { FeedSpec, Schedule, Tensors } from '../model.ts';
import type { SemiSupervised } from '../models/semi-supervised.ts';
import type { Optimiser } from '../optimisers.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';
import { imbalance, pseudoLabelLoss } from './agreement.ts';

type Unlabelled = {
  /** Rows of −L for each image: all classes, or one sample. */
  rows(classes: number): number;
  noise(batch: number, classes: number): Record<string, FeedSpec>;
  scheduled: readonly string[];
  /** Σ q(y|x) (−L(x, y)) or its estimate, [batch]; `epsilon` has rows · batch rows. */
  expected(
    model: SemiSupervised,
    params: Tensors,
    x: Tensor,
    logQ: Tensor,
    feeds: Tensors,
    schedule: Schedule,
  ): Tensor;
};

/** One row of `classes` rows for every class, each for all images of a batch. */
function everyClass(classes: number, batch: number): Tensor {
  const rows = reshape(oneHot(range(0, classes, 1, 'int32'), classes, 1, 0, 'float32'), [
    classes,
    1,
    classes,
  ]);
  return reshape(tile(rows, [1, batch, 1]), [classes * batch, classes]);
}

const sampled = (straight: boolean): Unlabelled => ({
  rows: () => 1,
  noise: (batch, classes) => ({ uniform: { shape: [batch, classes], distribution: 'uniform' } }),
  scheduled: ['temperature'],
  expected(model, params, x, logQ, { uniform, epsilon }, { temperature }) {
    const perturbed = categorical.perturb(logQ, uniform!);
    const soft = relax(categorical, perturbed, temperature!);
    const y = straight ? straightThrough(categorical.hard(perturbed), soft) : soft;
    return model.bound(params, x, y, epsilon!);
  },
});

/** How the class of an unlabelled image is summed over or drawn. */
export const CLASS_GRADIENTS = {
  marginalised: {
    rows: (classes) => classes,
    noise: () => ({}),
    scheduled: [],
    expected(model, params, x, logQ, { epsilon }) {
      const { classes } = model;
      const batch = x.shape[0]!;
      const of = model.bound(params, x, everyClass(classes, batch), epsilon!);
      return sum(mul(exp(logQ), transpose(reshape(of, [classes, batch]))), 1);
    },
  },
  'gumbel-softmax': sampled(false),
  'st-gumbel-softmax': sampled(true),
} satisfies Record<string, Unlabelled>;

export type ClassGradient = keyof typeof CLASS_GRADIENTS;

/**
 * −U(x) = Σ q(y|x) (−L(x, y)) + H(q(y|x)) of each image, [batch], nats (Jang et al. 2017, Eq. 10): the sum as `gradient`
 * has it, the entropy in closed form. `feeds` and `schedule` are those that it names.
 */
export function unlabelledBound(
  gradient: ClassGradient,
  model: SemiSupervised,
  params: Tensors,
  x: Tensor,
  logQ: Tensor,
  feeds: Tensors,
  schedule: Schedule,
): Tensor {
  const by: Unlabelled = CLASS_GRADIENTS[gradient];
  const entropy = neg(sum(mul(exp(logQ), logQ), 1));
  return add(add(by.expected(model, params, x, logQ, feeds, schedule), entropy), -Math.log(model.classes));
}

export type SemiSupervisedOptions = {
  gradient: ClassGradient;
  labelledBatch: number;
  /** Weight of E_lab[log q(y|x)]. */
  alpha: number;
  /** Weight of E_lab[−L(x, y)]: 1 in Jang et al. 2017; the share of labelled images where sums are meant. */
  labelledWeight: number;
  /** Weight of the agreement of q(y|x) at images without label with itself where they are warped; 0: none. */
  agreement: number;
  /** Probability above which q(y|x) tells a class in that, ½ to 1. */
  confidence: number;
};

/**
 * Maximises w E_lab[−L(x, y)] + E_unl[−U(x)] + α E_lab[log q(y|x)] (Jang et al. 2017, Eq. 11); means over minibatches. With
 * `agreement`, less that many times the loss of pseudo-labels and the imbalance of q(y|x) over the batch, at images `moved`. The
 * entropy in −U(x) = Σ q(y|x) (−L(x, y)) + H(q(y|x)) is in closed form. Feeds `labelled` and `labels` are the images
 * whose class is known, `labelledBatch` of them.
 */
export function learnSemiSupervised(
  model: SemiSupervised,
  { gradient, labelledBatch, alpha, labelledWeight, agreement, confidence }: SemiSupervisedOptions,
  optimiser: Optimiser,
): Learner {
  const { image, classes, latentDimensions } = model;
  const { channels, height, width } = image;
  const by: Unlabelled = CLASS_GRADIENTS[gradient];
  return oneUpdate(
    (batch) => ({
      ...imageFeeds({ image }, batch),
      labelled: { shape: [labelledBatch, channels, height, width], distribution: 'data' },
      labels: { shape: [labelledBatch, classes], distribution: 'data' },
      epsilon: { shape: [by.rows(classes) * batch, latentDimensions], distribution: 'normal' },
      'labelled-epsilon': { shape: [labelledBatch, latentDimensions], distribution: 'normal' },
      ...by.noise(batch, classes),
      ...(agreement > 0
        ? { moved: { shape: [batch, channels, height, width], distribution: 'data' as const } }
        : {}),
    }),
    optimiser,
    (params, _, feeds, schedule) => {
      const { x, labelled, labels, moved } = feeds;
      return differentiate(params, (at) => {
        const logPrior = -Math.log(classes);
        const logQ = model.logClasses(at, x!);
        const unlabelled = mean(unlabelledBound(gradient, model, at, x!, logQ, feeds, schedule));
        const known = add(mean(model.bound(at, labelled!, labels!, feeds['labelled-epsilon']!)), logPrior);
        const right = mean(sum(mul(model.logClasses(at, labelled!), labels!), 1));
        const gain = add(add(mul(known, labelledWeight), unlabelled), mul(right, alpha));
        const metrics = {
          unlabelled: unlabelled as Scalar,
          labelled: known as Scalar,
          right: right as Scalar,
        };
        if (!moved) return { loss: neg(gain) as Scalar, metrics, state: {} };
        const logWarped = model.logClasses(at, moved);
        const disagreement = pseudoLabelLoss(exp(logQ), logWarped, confidence);
        const cost = add(disagreement, imbalance(exp(logWarped)));
        return {
          loss: sub(mul(cost, agreement), gain) as Scalar,
          metrics: { ...metrics, disagreement },
          state: {},
        };
      });
    },
    ['learningRate', ...by.scheduled],
  );
}
