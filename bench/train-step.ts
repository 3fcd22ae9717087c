// One training step of a VAE 784-500-20 (batch 100, Adam): the compiled runner against TensorFlow.js, which runs the
// very same step function kernel by kernel and keeps its parameters in tensors between steps.
import { dispose, engine, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { createStream } from '../core/sampling/stream.ts';
import type { PlainRow } from '../figures/table.ts';
import { descend } from '../train/methods/descend.ts';
import type { Feeds, HostTensors, Tensors } from '../train/model.ts';
import { createVae } from '../train/models/vae.ts';
import { adam } from '../train/optimisers.ts';
import { drawNoise } from '../train/runner/noise.ts';
import {
  beginTraining,
  createTrainer,
  flatten,
  type TrainingState,
  trainingStep,
  unflatten,
} from '../train/runner/step.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

const SEED = 'bench';
const BATCH_SIZE = 100;
const SCHEDULE = { learningRate: 1e-3, klWeight: 1 };
const PARITY_STEPS = 5;
const ROUNDS = 15;
/** Steps of each round. TensorFlow.js on the CPU takes about a second for one, so it runs in every third round. */
const STEPS = { compiled: 20, 'compiled, 1 thread': 10, wasm: 4, cpu: 1 };

type Runner = {
  name: keyof typeof STEPS;
  step(feeds: Feeds): Promise<number>;
  state(): Promise<TrainingState>;
};

const vae = createVae({
  image: { width: 28, height: 28, channels: 1 },
  latentDimensions: 20,
  network: { kind: 'mlp', hidden: [500], activation: 'tanh' },
  likelihood: 'bernoulli',
  estimator: 'B',
  samples: 1,
});
const learner = descend(vae, adam());

function initialState(): TrainingState {
  return beginTraining(learner, vae.init(createStream(SEED, 'parameters'), new Float32Array(784).fill(0.13)));
}

function batch(step: number): Feeds {
  const stream = createStream(SEED, 'batch', step);
  const x = Float32Array.from({ length: BATCH_SIZE * 784 }, () => Number(stream.uniform() < 0.13));
  return { x, ...drawNoise(learner.feeds(BATCH_SIZE), stream) };
}

async function compiledRunner(threads?: number): Promise<Runner> {
  const trainer = await createTrainer(learner, initialState(), {
    batchSize: BATCH_SIZE,
    backend: 'cpu',
    ...(threads === undefined ? {} : { threads }),
  });
  return {
    name: threads === 1 ? 'compiled, 1 thread' : 'compiled',
    step: async (feeds) => (await trainer.step(feeds, SCHEDULE)).loss!,
    state: async () => trainer.current(),
  };
}

function eagerRunner(backend: 'wasm' | 'cpu'): Runner {
  const step = trainingStep(learner);
  const specs = learner.feeds(BATCH_SIZE);
  let now: Tensors | undefined;
  const start = (): Tensors =>
    Object.fromEntries(
      Object.entries<HostTensors[string]>(flatten(initialState())).map(([name, { shape, data }]) => [
        name,
        tensor(data, shape),
      ]),
    );
  return {
    name: backend,
    async step(feeds) {
      if (engine().backendName !== backend) await setBackend(backend);
      const before = now ?? start();
      const results: Tensors = tidy(() =>
        step({
          ...before,
          ...Object.fromEntries(
            Object.entries(specs).map(([name, { shape }]) => [`feed/${name}`, tensor(feeds[name]!, shape)]),
          ),
          'schedule/learningRate': tensor(SCHEDULE.learningRate),
          'schedule/klWeight': tensor(SCHEDULE.klWeight),
        }),
      );
      const [loss] = await results['metric/loss']!.data<'float32'>();
      const isNext = ([name]: [string, Tensor]) => name.startsWith('next/');
      now = Object.fromEntries(
        Object.entries(results)
          .filter(isNext)
          .map(([name, next]) => [name.slice('next/'.length), next]),
      );
      dispose(before);
      dispose(Object.fromEntries(Object.entries(results).filter((entry) => !isNext(entry))));
      return loss!;
    },
    async state() {
      const host = await Promise.all(
        Object.entries(now!).map(async ([name, value]) => [
          name,
          { shape: value.shape, data: Float32Array.from(await value.data()) },
        ]),
      );
      return unflatten(Object.fromEntries(host));
    },
  };
}

/** Largest absolute difference between the parameters of two states. */
function largestDifference(a: TrainingState, b: TrainingState): number {
  let largest = 0;
  for (const [name, { data }] of Object.entries(a.params)) {
    const other = b.params[name]!.data;
    for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]! - other[i]!));
  }
  return largest;
}

async function time(runner: Runner, batches: Feeds[]): Promise<number> {
  const steps = STEPS[runner.name];
  const start = performance.now();
  for (let i = 0; i < steps; i++) await runner.step(batches[i % batches.length]!);
  return (performance.now() - start) / steps;
}

export async function trainStep(): Promise<Report> {
  const batches = Array.from({ length: PARITY_STEPS }, (_, step) => batch(step));
  const runners = [await compiledRunner(), await compiledRunner(1), eagerRunner('wasm'), eagerRunner('cpu')];

  // These steps are the warm-up, and all runners take the same ones: their results must agree.
  const losses: number[] = [];
  const states: TrainingState[] = [];
  for (const runner of runners) {
    let loss = Number.NaN;
    for (const one of batches) loss = await runner.step(one);
    losses.push(loss);
    states.push(await runner.state());
  }
  const differences = states.map((state) => largestDifference(states[0]!, state));

  const times = runners.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, runner] of runners.entries()) {
      if (runner.name !== 'cpu' || round % 3 === 0) times[i]!.push(await time(runner, batches));
    }
  }

  const medians = times.map(median);
  const best = times.map((rounds) => Math.min(...rounds));
  const rows: PlainRow[] = runners.map(({ name }, i) => ({
    runner: name.startsWith('compiled') ? `dreamlet, ${name}` : `TensorFlow.js ${name}`,
    'ms per step': medians[i]!,
    'times dreamlet': medians[i]! / medians[0]!,
    'ms, best round': best[i]!,
    'times dreamlet, best': best[i]! / best[0]!,
    [`loss after ${PARITY_STEPS} steps`]: losses[i]!,
    'largest parameter difference': differences[i]!.toExponential(1),
  }));
  return {
    title: 'Training step: VAE 784-500-20, batch 100, Adam, one forward and backward pass and update',
    protocol: `Medians of ${ROUNDS} interleaved rounds (cpu: ${ROUNDS / 3}) of ${Object.values(STEPS).join(', ')} steps, after ${PARITY_STEPS} steps of warm-up that all take alike. TensorFlow.js has one thread in Node.`,
    seed: SEED,
    packages: ['@tensorflow/tfjs-core', 'onnxruntime-node'],
    rows,
  };
}
