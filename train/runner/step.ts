// One training step as one pure function, and a trainer that holds its parameters between steps (contracts 1 and 2).
import type { Scalar } from '@tensorflow/tfjs-core';
import { type Averages, initAverages, nextAverages } from '../averages.ts';
import type { Gradients } from '../differentiate.ts';
import type { FeedSpec, Feeds, HostTensors, Schedule, Tensors, Weights } from '../model.ts';
import type { Optimiser } from '../optimisers.ts';
import type { Backend } from './backends.ts';
import { compile, type Shapes } from './compile.ts';
import { group, prefix, shapesOf, within } from './names.ts';

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

/** One move of some of the parameters. */
export type Update = {
  /** Prefix of the parameters that move: '' for all, `critic` for those of `critic/…`. */
  of: string;
  /** Updates of the same parameters share its slots, and so must have the same optimiser. */
  optimiser: Optimiser;
  /** Name of the scheduled scalar that is its learning rate. */
  learningRate: string;
  /** Gradients in (at least) the parameters that move, at those that the update before left. */
  gradients(params: Tensors, state: Tensors, feeds: Tensors, schedule: Schedule): Gradients;
};

/**
 * A way of learning: what one step is fed, and its updates in turn. One update of all parameters is a simultaneous
 * step; k updates of a critic and then one of the generator are Algorithm 1 of Goodfellow et al. 2014.
 */
export type Learner = {
  feeds(batch: number): Record<string, FeedSpec>;
  /** Names of the scheduled scalars; each is a rank-0 input of the step. */
  scalars: readonly string[];
  updates: readonly Update[];
  averages?: Averages;
};

/** A training state before its first step. */
export function beginTraining(
  { updates, averages }: Pick<Learner, 'updates' | 'averages'>,
  { params, state }: Weights,
): TrainingState {
  const slots = updates.map(({ of, optimiser }) => {
    const init = optimiser.init(within(params, of));
    return of === '' ? init : prefix(of, init);
  });
  return {
    params,
    state: { ...state, ...(averages ? initAverages({ params, state }, averages) : {}) },
    optimiser: Object.assign({}, ...slots),
  };
}

/** (parameters, state, optimiser slots, feeds, schedule) → the same, one step on, with losses and metrics. */
export function trainingStep({ updates, averages }: Learner): (inputs: Tensors) => Tensors {
  return (inputs) => {
    const feeds = group(inputs, 'feed');
    const schedule = group(inputs, 'schedule') as Schedule;
    let params = group(inputs, 'params');
    let state = group(inputs, 'state');
    let optimiser = group(inputs, 'optimiser');
    const metrics: Tensors = {};
    for (const { of, optimiser: rule, learningRate, gradients } of updates) {
      const found = gradients(params, state, feeds, schedule);
      const slots = of === '' ? optimiser : group(optimiser, of);
      const moved = rule.update(
        within(params, of),
        found.gradients,
        slots,
        schedule[learningRate] as Scalar,
        schedule,
      );
      params = { ...params, ...moved.params };
      optimiser = { ...optimiser, ...(of === '' ? moved.state : prefix(of, moved.state)) };
      state = { ...state, ...found.state };
      const said = { loss: found.loss, ...found.metrics };
      Object.assign(metrics, of === '' ? said : prefix(of, said));
    }
    if (averages) state = { ...state, ...nextAverages(params, state, averages) };
    return { ...prefix('next', flatten({ params, state, optimiser })), ...prefix('metric', metrics) };
  };
}

const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });

export type Trainer = {
  /**
   * One step; gives losses and metrics, means over the batch. Feeds are row-major, as `Learner.feeds` says.
   * @throws Error naming the feed or the scalar that is missing or has another length.
   */
  step(feeds: Feeds, schedule: Record<string, number>): Promise<Record<string, number>>;
  /** The current parameters; valid until the next step. */
  current(): TrainingState;
  release(): Promise<void>;
};

/** A trainer that goes on from `initial`, whose arrays become its own and change with every step. */
export async function createTrainer(
  learner: Learner,
  initial: TrainingState,
  options: { batchSize: number; backend: Backend; threads?: number },
): Promise<Trainer> {
  const specs = Object.entries(learner.feeds(options.batchSize)).map(([name, { shape }]) => ({
    name,
    shape,
    length: shape.reduce((product, d) => product * d, 1),
  }));
  let now: HostTensors = flatten(initial);
  const shapes: Shapes = {
    ...shapesOf(now),
    ...Object.fromEntries(specs.map(({ name, shape }) => [`feed/${name}`, shape])),
    ...Object.fromEntries(learner.scalars.map((name) => [`schedule/${name}`, []])),
  };
  const compiled = await compile(shapes, trainingStep(learner), options);
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
    async step(feeds, schedule) {
      const inputs: HostTensors = { ...now };
      for (const { name, shape, length } of specs) {
        const data = feeds[name];
        if (data?.length !== length)
          throw new Error(`step: feed '${name}' must have ${length} numbers, got ${data?.length ?? 'none'}`);
        inputs[`feed/${name}`] = { shape, data };
      }
      for (const name of learner.scalars) {
        const value = schedule[name];
        if (value === undefined) throw new Error(`step: the schedule has no value of '${name}'`);
        inputs[`schedule/${name}`] = scalar(value);
      }
      const into = Object.fromEntries(Object.entries(spare).map(([name, t]) => [`next/${name}`, t]));
      const results = await compiled.run(inputs, into);
      spare = now;
      now = group(results, 'next');
      return Object.fromEntries(
        Object.entries(group(results, 'metric')).map(([name, t]) => [name, t.data[0]!]),
      );
    },
    current: () => unflatten(now),
    release: compiled.release,
  };
}
