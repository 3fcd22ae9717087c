// A small VAE trained by the exact gradient of its expected cost, so that its way is no estimator's own.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createStream } from '../../../core/sampling/stream.ts';
import { createBatches } from '../../data/batches.ts';
import { type DataSet, pixelMeans } from '../../data/data-set.ts';
import { enumeration } from '../../estimators/discrete/enumeration.ts';
import { fitRounds } from '../../fit.ts';
import { readSafetensors, writeSafetensors } from '../../io/safetensors.ts';
import { descendDiscrete, initDiscrete } from '../../methods/discrete.ts';
import type { HostTensors } from '../../model.ts';
import type { DiscreteModel } from '../../models/discrete.ts';
import { adam } from '../../optimisers.ts';
import { beginTraining } from '../../runner/step.ts';
import type { Context } from '../experiment.ts';

/** Steps after which the weights are kept. */
export const STAGES = [0, 100, 500];
const BATCH_SIZE = 5;
const LEARNING_RATE = 3e-3;
export const TRAINING = `trained on the exact expected cost by Adam, step ${LEARNING_RATE}, batch ${BATCH_SIZE}, for ${STAGES.at(-1)} steps`;

/** Parameters at each of the stages, trained once for all cells of an experiment. */
export async function trainExactly(
  name: string,
  model: DiscreteModel,
  dataset: DataSet,
  seed: string,
  context: Context,
): Promise<HostTensors[]> {
  const files = STAGES.map((step) => join(dirname(context.folder), `exact-${name}-${step}.safetensors`));
  if (!files.every((file) => existsSync(file))) {
    const weights = initDiscrete(model, enumeration, createStream(seed, 'init'), pixelMeans(dataset.train));
    const learner = descendDiscrete(model, enumeration, adam());
    const batchesOf = createBatches(dataset.train, { batchSize: BATCH_SIZE, variant: 'static', seed });
    writeSafetensors(files[0]!, weights.params, {});
    await fitRounds(
      {
        learner: () => learner,
        batchSize: BATCH_SIZE,
        rounds: STAGES.length - 1,
        *feeds(round) {
          // Every stretch has an epoch of its own.
          const steps = STAGES[round + 1]! - STAGES[round]!;
          let taken = 0;
          for (let epoch = 0; ; epoch++)
            for (const x of batchesOf(round * 1000 + epoch)) {
              if (taken++ === steps) return;
              yield { x };
            }
        },
        schedule: () => ({ learningRate: LEARNING_RATE, klWeight: 1 }),
        async onRound({ round, step, means, weights: now }) {
          writeSafetensors(files[round]!, now.params, {});
          context.log(`${name}, exact gradient: ${step} steps, cost ${means.loss!.toFixed(2)}`);
          return false;
        },
      },
      { round: 0, step: 0, weights: beginTraining(learner, weights) },
      context,
    );
  }
  return files.map((file) => readSafetensors(file).tensors);
}
