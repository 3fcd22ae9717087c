// AEVB, wake-sleep and full variational Bayes as ways of training: minibatches drawn with replacement, one gradient
// step by Adagrad each, MAP as in the paper.
import { createStream } from '../../../core/sampling/stream.ts';
import type { Weights } from '../../evaluate/bounds/elbo.ts';
import type { HostTensors } from '../../model.ts';
import type { Initialisation } from '../../models/aevb.ts';
import { adagrad, type Optimiser, withNormalPrior } from '../../optimisers.ts';
import { drawNoise } from '../../runner/noise.ts';
import { createTrainer, flatten, type Learner, unflatten } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';
import { BATCH_SIZE, Diverged, GATHERING_STEPS, type Method } from './curve.ts';

/** Grey pixels in 0…1, [count · size]; batches are gathered from it. */
export type Values = { values: Float32Array; count: number; size: number };

/** Adagrad on sums over the batch, as the authors' code has it: on means its ε is smaller by M². */
export const paperOptimiser = (map: boolean, count: number): Optimiser => {
  const plain = adagrad({ epsilon: 1e-8 / BATCH_SIZE ** 2 });
  return map ? withNormalPrior(plain, 1 / count) : plain;
};

export function byGradient(
  options: {
    learner: Learner;
    init(initialisation: Initialisation): Weights;
    train: Values;
    seed: string;
    /** Whether parameters have the prior N(0, I), with the weight M/N of the paper. */
    map: boolean;
    score(weights: Weights): Promise<number>;
  },
  context: Context,
): Method {
  const { learner, train, seed, score } = options;
  const optimiser = paperOptimiser(options.map, train.count);

  /** A batch and noise, which depend on seed and step alone. */
  function feeds(step: number) {
    const stream = createStream(seed, 'step', step);
    const x = new Float32Array(BATCH_SIZE * train.size);
    for (let b = 0; b < BATCH_SIZE; b++) {
      const from = Math.floor(stream.uniform() * train.count) * train.size;
      x.set(train.values.subarray(from, from + train.size), b * train.size);
    }
    return { x, noise: drawNoise(learner.lossNoise(BATCH_SIZE), stream) };
  }

  return {
    begin(initialisation) {
      const { params, state } = options.init(initialisation);
      return flatten({ params, state, optimiser: optimiser.init(params) });
    },
    async advance(flat, from, to, stepSize) {
      const initial: HostTensors = structuredClone(flat);
      const trainer = await createTrainer(learner, optimiser, unflatten(initial), {
        batchSize: BATCH_SIZE,
        ...context,
      });
      try {
        for (let step = from; step < to; step++) {
          const { x, noise } = feeds(step);
          const learningRate = step < GATHERING_STEPS ? 0 : stepSize;
          const { loss } = await trainer.step(x, noise, { learningRate, klWeight: 1 });
          if (!Number.isFinite(loss)) throw new Diverged(`loss is ${loss} at step ${step}`);
        }
        return flatten(trainer.current());
      } finally {
        await trainer.release();
      }
    },
    score,
  };
}
