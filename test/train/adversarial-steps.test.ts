// The step of two networks, compiled and eager: twenty of them come to the same weights.
import '@tensorflow/tfjs-backend-cpu';
import { expect, test } from 'vitest';
import { createStream } from '../../core/sampling/stream.ts';
import { convCritic, maxoutCritic } from '../../train/adversarial/critic.ts';
import { mlpGenerator } from '../../train/adversarial/generator.ts';
import { type Adversaries, adversarialLearner } from '../../train/adversarial/learner.ts';
import { ADVERSARIAL_LOSSES } from '../../train/adversarial/losses.ts';
import { NORMALISATIONS } from '../../train/adversarial/normalisation.ts';
import { PENALTIES } from '../../train/adversarial/penalties.ts';
import { sgd } from '../../train/optimisers.ts';
import type { Backend } from '../../train/runner/backends.ts';
import { drawNoise } from '../../train/runner/noise.ts';
import { beginTraining, createTrainer } from '../../train/runner/step.ts';
import { BATCH, image, small, weightsOf } from './adversaries.ts';

const STEPS = 20;
const momentum = { generator: sgd({ momentum: 0.5 }), critic: sgd({ momentum: 0.5 }) };
const plain: Partial<Adversaries> = {
  classes: undefined as never,
  generator: mlpGenerator({ image, latent: 3, hidden: [6, 5] }),
  optimisers: momentum,
};

const GAMES: [string, Partial<Adversaries>][] = [
  [
    'hinge loss, critic of convolutions with spectral norm',
    {
      ...plain,
      loss: ADVERSARIAL_LOSSES.hinge,
      critic: convCritic({ image, channels: [3, 2] }),
      normalisation: NORMALISATIONS.spectral,
    },
  ],
  [
    'R1, critic of maxout units with dropout, averages of the generator',
    {
      ...plain,
      critic: maxoutCritic({ image, hidden: [4, 3], pieces: 2, dropout: true }),
      penalty: { ...PENALTIES.r1, weight: 5 },
      averages: { of: 'generator', decay: 0.9 },
    },
  ],
];

/** Weights after twenty steps on `backend`, and how far they went. */
async function play(of: Adversaries, backend: Backend) {
  const learner = adversarialLearner(of, ['learningRate', 'criticLearningRate']);
  const stream = createStream('steps');
  const begun = beginTraining(learner, weightsOf(of, stream));
  const start = structuredClone(begun);
  const trainer = await createTrainer(learner, begun, { batchSize: BATCH, backend });
  const specs = learner.feeds(BATCH);
  for (let step = 0; step < STEPS; step++) {
    const x = new Float32Array(specs.x!.shape.reduce((n, d) => n * d, 1));
    stream.fillUniform(x);
    await trainer.step({ x, ...drawNoise(specs, stream) }, { learningRate: 0.05, criticLearningRate: 0.05 });
  }
  const { params, state } = structuredClone(trainer.current());
  await trainer.release();
  return { now: { ...params, ...state }, start: { ...start.params, ...start.state } };
}

test.each(GAMES)('%s', async (_, changes) => {
  const of = small(changes);
  const [compiled, eager] = [await play(of, 'cpu'), await play(of, 'tfjs-cpu')];
  expect(Object.keys(compiled.now).toSorted()).toEqual(Object.keys(eager.now).toSorted());
  for (const [name, { data }] of Object.entries(compiled.now)) {
    const furthest = (other: Float32Array) =>
      data.reduce((most, value, i) => Math.max(most, Math.abs(value - other[i]!)), 0);
    expect(furthest(eager.now[name]!.data), name).toBeLessThan(1e-5);
    expect(furthest(compiled.start[name]!.data), `${name} moves`).toBeGreaterThan(1e-4);
  }
});
