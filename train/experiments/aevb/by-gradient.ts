// AEVB, wake-sleep and full variational Bayes as ways of training: minibatches drawn with replacement, one gradient
// step by Adagrad each, MAP as in the paper.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Weights } from '../../model.ts';
import type { Initialisation } from '../../models/aevb.ts';
import { adagrad, type Optimiser, withNormalPrior } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { beginTraining, type Learner } from '../../runner/step.ts';
import { BATCH_SIZE, type Method } from './curve.ts';

/** Grey pixels in 0…1, [count · size]; batches are gathered from it. */
export type Values = { values: Float32Array; count: number; size: number };

/** Adagrad on sums over the batch, as the authors' code has it: on means its ε is smaller by M². */
export const paperOptimiser = (map: boolean, count: number): Optimiser => {
  const plain = adagrad({ epsilon: 1e-8 / BATCH_SIZE ** 2 });
  return map ? withNormalPrior(plain, 1 / count) : plain;
};

export function byGradient(options: {
  /** The way of learning, given its optimiser. */
  learn(optimiser: Optimiser): Learner;
  init(initialisation: Initialisation): Weights;
  train: Values;
  seed: string;
  /** Whether parameters have the prior N(0, I), with the weight M/N of the paper. */
  map: boolean;
  score(weights: Weights): Promise<number>;
}): Method {
  const { train, seed, score } = options;
  const learner = options.learn(paperOptimiser(options.map, train.count));
  return {
    learner,
    begin: (initialisation) => beginTraining(learner, options.init(initialisation)),
    // A batch and noise, which depend on seed and step alone.
    feeds(step) {
      const stream = createStream(seed, 'step', step);
      const x = new Float32Array(BATCH_SIZE * train.size);
      for (let b = 0; b < BATCH_SIZE; b++) {
        const from = Math.floor(stream.uniform() * train.count) * train.size;
        x.set(train.values.subarray(from, from + train.size), b * train.size);
      }
      return { x, ...drawNoise(learner.feeds(BATCH_SIZE), stream) };
    },
    score,
  };
}
