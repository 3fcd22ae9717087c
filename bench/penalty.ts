// What a gradient penalty costs: a WGAN-GP step of a critic (Gulrajani et al. 2017, λ = 10, batch 64, Adam) against the
// same step without the penalty, both compiled.
import { add, leakyRelu, mean, mul, reshape, type Scalar, sub, type Tensor } from '@tensorflow/tfjs-core';
import { createStream } from '../core/sampling/stream.ts';
import { differentiate } from '../train/differentiate.ts';
import { conv, initConv } from '../train/layers/convolution.ts';
import { dense, initDense } from '../train/layers/dense.ts';
import { gradientPenalty } from '../train/layers/input-gradient.ts';
import type { HostTensors, Tensors } from '../train/model.ts';
import { adam } from '../train/optimisers.ts';
import { compile, type Shapes } from '../train/runner/compile.ts';
import { group, prefix } from '../train/runner/names.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

const SEED = 'bench';
const BATCH_SIZE = 64;
const LAMBDA = 10;
const ROUNDS = 9;
const STEPS = 4;
const X_SHAPE = [BATCH_SIZE, 1, 28, 28];

type Step = () => Promise<void>;
type Critic = { init(): HostTensors; score(params: Tensors, x: Tensor): Tensor };
const activate = (x: Tensor): Tensor => leakyRelu(x, 0.2);
const stream = createStream(SEED, 'parameters');
const flat = (x: Tensor): Tensor => reshape(x, [x.shape[0]!, -1]);

const critics: Record<string, Critic> = {
  'dense 784–512–256–1': {
    init: () => ({
      ...initDense(stream, '0', 784, 512),
      ...initDense(stream, '1', 512, 256),
      ...initDense(stream, '2', 256, 1),
    }),
    score: (p, x) => dense(p, '2', activate(dense(p, '1', activate(dense(p, '0', flat(x)))))),
  },
  'convolutional 28×28, 5×5 kernels, 32–64 channels': {
    init: () => ({
      ...initConv(stream, '0', 1, 32, 5),
      ...initConv(stream, '1', 32, 64, 5),
      ...initDense(stream, '2', 3136, 1),
    }),
    score: (p, x) => dense(p, '2', flat(activate(conv(p, '1', activate(conv(p, '0', x, 2)), 2)))),
  },
};

const optimiser = adam({ beta1: 0, beta2: 0.9 });

async function stepOf({ init, score }: Critic, penalised: boolean): Promise<Step> {
  const params = init();
  const state = {
    ...prefix('params', params),
    ...prefix('optimiser', optimiser.init(params)),
  } as HostTensors;
  const image = () => {
    const data = new Float32Array(BATCH_SIZE * 784);
    stream.fillUniform(data);
    return { shape: X_SHAPE, data };
  };
  const scalar = { shape: [], data: Float32Array.of(1e-4) };
  const feeds: HostTensors = {
    ...state,
    real: image(),
    fake: image(),
    between: image(),
    learningRate: scalar,
  };
  const shapes: Shapes = Object.fromEntries(Object.entries(feeds).map(([name, { shape }]) => [name, shape]));
  const step = (inputs: Tensors): Tensors => {
    const { loss, gradients } = differentiate(group(inputs, 'params'), (p) => {
      const critic = (x: Tensor) => score(p, x);
      const distance = sub(mean(critic(inputs.fake!)), mean(critic(inputs.real!)));
      const whole = penalised
        ? add(distance, mul(gradientPenalty(critic, inputs.between!), LAMBDA))
        : distance;
      return { loss: whole as Scalar, metrics: {}, state: {} };
    });
    const rate = inputs.learningRate as Scalar;
    const next = optimiser.update(group(inputs, 'params'), gradients, group(inputs, 'optimiser'), rate, {});
    return { loss, ...prefix('next', { ...next.params, ...next.state }) };
  };
  const compiled = await compile(shapes, step, { backend: 'cpu', threads: 1 });
  return async () => {
    await compiled.run(feeds);
  };
}

const time = async (step: Step): Promise<number> => {
  const start = performance.now();
  for (let i = 0; i < STEPS; i++) await step();
  return (performance.now() - start) / STEPS;
};

export async function penalty(): Promise<Report> {
  const rows = [];
  for (const [name, critic] of Object.entries(critics)) {
    const steps = [await stepOf(critic, false), await stepOf(critic, true)];
    const times = steps.map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round++)
      for (const [i, step] of steps.entries()) times[i]!.push(await time(step));
    // The first round warms up.
    const [plain, penalised] = times.map((rounds) => rounds.slice(1)) as [number[], number[]];
    const ratios = penalised.map((t, i) => t / plain[i]!);
    rows.push({
      critic: name,
      'ms per plain step': median(plain),
      'ms with the penalty': median(penalised),
      ratio: median(ratios),
      'ratio, least and most': `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`,
    });
  }
  return {
    title: 'A critic step with and without a gradient penalty, batch 64, Adam, one thread',
    protocol: `Medians of ${ROUNDS} interleaved rounds of ${STEPS} steps after one of warm-up; the ratio is taken round by round. A plain step goes through two batches, the penalty through a third, differentiated twice.`,
    seed: SEED,
    packages: ['@tensorflow/tfjs-core', 'onnxruntime-node'],
    rows,
  };
}
