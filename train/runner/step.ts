// One training step as one pure function, and a trainer that holds its parameters between steps.
import { keep, type Scalar, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, LossResult, NoiseSpec, Schedule, Tensors, Vae } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import type { Backend } from './backends.ts';
import { compile, type Shapes } from './compile.ts';
import { group, prefix } from './names.ts';

/** Everything that a step changes, and that a checkpoint holds. */
export type TrainingState = { params: HostTensors; state: HostTensors; optimiser: HostTensors };

/** One flat record of a training state, for graphs and files. */
export const flatten = <T>(groups: Record<keyof TrainingState, Record<string, T>>): Record<string, T> => ({
  ...prefix('params', groups.params),
  ...prefix('state', groups.state),
  ...prefix('optimiser', groups.optimiser),
});

export const unflatten = (flat: HostTensors): TrainingState => ({
  params: group(flat, 'params'),
  state: group(flat, 'state'),
  optimiser: group(flat, 'optimiser'),
});

/**
 * A method of training: what one minibatch says of every parameter. A VAE trained on its own loss is one; others
 * (wake-sleep, Monte Carlo EM) have gradients that are those of no single loss.
 */
export type Learner = Pick<Vae, 'image' | 'classes' | 'lossNoise'> & {
  gradients(
    params: Tensors,
    state: Tensors,
    x: Tensor,
    noise: Tensors,
    schedule: Schedule,
    labels?: Tensor,
  ): LossResult & { gradients: Tensors };
};

/** What `fn` gives at `params`, with the gradient of its loss in each of them. Metrics and state are no part of it. */
export function differentiate(
  params: Tensors,
  fn: (params: Tensors) => LossResult,
): LossResult & { gradients: Tensors } {
  const names = Object.keys(params);
  let result!: LossResult;
  const loss = (...values: Tensor[]): Scalar => {
    result = fn(Object.fromEntries(names.map((name, i) => [name, values[i]!])));
    for (const t of [...Object.values(result.metrics), ...Object.values(result.state)]) keep(t);
    return result.loss;
  };
  const { value, grads } = valueAndGrads(loss)(Object.values(params));
  return {
    ...result,
    loss: value as Scalar,
    gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
  };
}

/** The learner that descends the loss of a VAE. */
export const descend = (vae: Vae): Learner => ({
  ...vae,
  gradients: (params, state, x, noise, schedule, labels) =>
    differentiate(params, (at) => vae.loss(at, state, x, noise, schedule, labels)),
});

/** (parameters, state, optimiser state, x, noise, schedule) → the same, one step on, and the metrics. */
export function trainingStep(learner: Learner, optimiser: Optimiser): (inputs: Tensors) => Tensors {
  return (inputs) => {
    const params = group(inputs, 'params');
    const { loss, metrics, state, gradients } = learner.gradients(
      params,
      group(inputs, 'state'),
      inputs.x!,
      group(inputs, 'noise'),
      { klWeight: inputs.klWeight as Scalar },
      inputs.labels,
    );
    const slots = group(inputs, 'optimiser');
    const updated = optimiser.update(params, gradients, slots, inputs.learningRate as Scalar);
    const next = flatten({ params: updated.params, state, optimiser: updated.state });
    return { ...prefix('next', next), loss, ...prefix('metric', metrics as Tensors) };
  };
}

const scalar = (value: number): HostTensor => ({ shape: [], data: Float32Array.of(value) });

export type Trainer = {
  /**
   * One step on `x` [batch, channels · height · width]; gives loss and metrics, means over the batch. A conditional
   * model takes one-hot `labels` [batch, classes].
   */
  step(
    x: Float32Array,
    noise: Record<string, Float32Array>,
    schedule: { learningRate: number; klWeight: number },
    labels?: Float32Array,
  ): Promise<Record<string, number>>;
  /** The current parameters; valid until the next step. */
  current(): TrainingState;
  release(): Promise<void>;
};

/** A trainer that goes on from `initial`, whose arrays become its own and change with every step. */
export async function createTrainer(
  learner: Learner,
  optimiser: Optimiser,
  initial: TrainingState,
  options: { batchSize: number; backend: Backend; threads?: number },
): Promise<Trainer> {
  const { batchSize } = options;
  const { channels, height, width } = learner.image;
  const noiseSpecs: Record<string, NoiseSpec> = learner.lossNoise(batchSize);
  const xShape = [batchSize, channels, height, width];
  let now: HostTensors = flatten(initial);
  const shapes: Shapes = {
    ...Object.fromEntries(Object.entries(now).map(([name, { shape }]) => [name, shape])),
    ...Object.fromEntries(Object.entries(noiseSpecs).map(([name, { shape }]) => [`noise/${name}`, shape])),
    x: xShape,
    learningRate: [],
    klWeight: [],
    ...(learner.classes === undefined ? {} : { labels: [batchSize, learner.classes] }),
  };
  const compiled = await compile(shapes, trainingStep(learner, optimiser), options);
  // Optimiser slots are updated in place. For the rest two sets of buffers take turns, because a weight is still
  // read by the backward pass when its next value is there. So a step neither copies nor allocates parameters, and
  // touches as little memory as it can.
  const isSlot = (name: string) => name.startsWith('optimiser/') && now[name]!.shape.length > 0;
  let spare: HostTensors = Object.fromEntries(
    Object.entries(now).map(([name, tensor]) => [
      name,
      isSlot(name) ? tensor : { shape: tensor.shape, data: new Float32Array(tensor.data.length) },
    ]),
  );

  return {
    async step(x, noise, { learningRate, klWeight }, labels) {
      const feeds: HostTensors = {
        ...now,
        ...Object.fromEntries(
          Object.entries(noiseSpecs).map(([name, { shape }]) => [
            `noise/${name}`,
            { shape, data: noise[name]! },
          ]),
        ),
        x: { shape: xShape, data: x },
        learningRate: scalar(learningRate),
        klWeight: scalar(klWeight),
        ...(labels ? { labels: { shape: [batchSize, learner.classes!], data: labels } } : {}),
      };
      const into = Object.fromEntries(Object.entries(spare).map(([name, t]) => [`next/${name}`, t]));
      const results = await compiled.run(feeds, into);
      spare = now;
      now = group(results, 'next');
      return {
        loss: results.loss!.data[0]!,
        ...Object.fromEntries(
          Object.entries(group(results, 'metric')).map(([name, t]) => [name, t.data[0]!]),
        ),
      };
    },
    current: () => unflatten(now),
    release: compiled.release,
  };
}
