// Run as `steps.ts <backend>`: three training steps of a small convolutional VAE; prints the parameters as JSON.
import { createStream } from '../../core/sampling/stream.ts';
import { descend } from '../../train/methods/descend.ts';
import { createVae } from '../../train/models/vae.ts';
import { sgd } from '../../train/optimisers.ts';
import type { Backend } from '../../train/runner/backends.ts';
import { beginTraining, createTrainer } from '../../train/runner/step.ts';

const BATCH_SIZE = 4;
const vae = createVae({
  image: { width: 8, height: 8, channels: 1 },
  latentDimensions: 3,
  network: { kind: 'conv', channels: [4, 6], dense: 10, activation: 'relu', batchNorm: true },
  likelihood: 'bernoulli',
  estimator: 'B',
  samples: 1,
});
const learner = descend(vae, sgd()); // Adam would blow up the rounding of gradients that are zero
const stream = createStream('steps');
const initial = vae.init(stream, new Float32Array(64).fill(0.4));
const trainer = await createTrainer(learner, beginTraining(learner, initial), {
  batchSize: BATCH_SIZE,
  backend: process.argv[2] as Backend,
});
for (let step = 0; step < 3; step++) {
  const x = Float32Array.from({ length: BATCH_SIZE * 64 }, () => Number(stream.uniform() < 0.4));
  const epsilon = new Float32Array(BATCH_SIZE * 3);
  stream.fillNormal(epsilon);
  await trainer.step({ x, epsilon }, { learningRate: 1e-3, klWeight: 1 });
}
const now = Object.entries(trainer.current().params);
console.log(JSON.stringify(now.map(([name, { data }]) => [name, ...data])));
await trainer.release();
