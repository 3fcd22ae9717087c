// A small convolutional classifier, to judge pictures by: each stage halves height and width.
import {
  exp,
  logSumExp,
  mean,
  mul,
  reshape,
  type Scalar,
  step,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { Stream } from '../../core/sampling/stream.ts';
import { differentiate } from '../differentiate.ts';
import { ACTIVATIONS } from '../layers/activations.ts';
import { batchNormInference, batchNormTraining, initBatchNorm } from '../layers/batch-norm.ts';
import { conv, initConv } from '../layers/convolution.ts';
import { dense, initDense } from '../layers/dense.ts';
import type { ImageShape, Tensors, Weights } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import { imageFeeds, oneUpdate } from '../runner/one-update.ts';
import type { Learner } from '../runner/step.ts';

export type ClassifierConfig = {
  image: ImageShape;
  classes: number;
  /** Channels of each stage, from the image inwards. */
  channels: readonly number[];
  /** Units of the hidden layer, each of which sits a training step out with probability `dropout`. */
  dense: number;
  dropout: number;
};

export type Classifier = {
  image: ImageShape;
  classes: number;
  init(stream: Stream): Weights;
  /** Descends the cross entropy; its metric `certainty` is the mean probability of the right class. */
  learner(optimiser: Optimiser): Learner;
  /** The hidden layer after its activation, [batch, dense], inference mode. */
  features(params: Tensors, state: Tensors, x: Tensor): Tensor;
  /** [batch, classes], inference mode. */
  probabilities(params: Tensors, state: Tensors, x: Tensor): Tensor;
};

const KERNEL_SIZE = 4;
const activate = ACTIVATIONS['leaky-relu'];

export function createClassifier(config: ClassifierConfig): Classifier {
  const { image, classes, channels, dense: units, dropout } = config;
  const factor = 2 ** channels.length;
  const flat = channels.at(-1)! * Math.ceil(image.height / factor) * Math.ceil(image.width / factor);

  /** `keep` [batch, units], 0 or 1 / (1 − dropout), in training alone. */
  const hiddenOf = (params: Tensors, state: Tensors, x: Tensor, keep?: Tensor) => {
    let y = x;
    const next: Tensors = {};
    channels.forEach((_, i) => {
      const z = conv(params, `conv-${i}`, y, 2);
      if (!keep) y = activate(batchNormInference(params, state, `norm-${i}`, z));
      else {
        const normal = batchNormTraining(params, state, `norm-${i}`, z);
        Object.assign(next, normal.state);
        y = activate(normal.y);
      }
    });
    const hidden = activate(dense(params, 'hidden', reshape(y, [x.shape[0]!, flat])));
    return { hidden: keep ? mul(hidden, keep) : hidden, state: next };
  };
  /** log p(label | x), [batch, classes]. */
  const logProbabilities = (params: Tensors, hidden: Tensor): Tensor => {
    const logits = dense(params, 'logits', hidden);
    return sub(logits, logSumExp(logits, 1, true));
  };

  return {
    image,
    classes,
    init(stream) {
      const norms = channels.map((count, i) => initBatchNorm(`norm-${i}`, count));
      return {
        params: Object.assign(
          {},
          ...channels.map((count, i) =>
            initConv(stream, `conv-${i}`, channels[i - 1] ?? image.channels, count, KERNEL_SIZE),
          ),
          ...norms.map(({ params }) => params),
          initDense(stream, 'hidden', flat, units),
          initDense(stream, 'logits', units, classes),
        ),
        state: Object.assign({}, ...norms.map(({ state }) => state)),
      };
    },
    learner: (optimiser) =>
      oneUpdate(
        (batch) => ({
          ...imageFeeds({ image, classes }, batch),
          drop: { shape: [batch, units], distribution: 'uniform' },
        }),
        optimiser,
        (params, state, feeds) =>
          differentiate(params, (at) => {
            const keep = mul(step(sub(feeds.drop!, dropout)), 1 / (1 - dropout));
            const { hidden, state: next } = hiddenOf(at, state, feeds.x!, keep);
            const right = sum(mul(logProbabilities(at, hidden), feeds.labels!), 1);
            return {
              loss: mul(mean(right), -1) as Scalar,
              metrics: { certainty: mean(exp(right)) as Scalar },
              state: { ...state, ...next },
            };
          }),
        ['learningRate'],
      ),
    features: (params, state, x) => hiddenOf(params, state, x).hidden,
    probabilities: (params, state, x) => exp(logProbabilities(params, hiddenOf(params, state, x).hidden)),
  };
}
