// Models with discrete latents that are small enough to enumerate, and gradients of them through the compiled runner.
import * as tf from '@tensorflow/tfjs-core';
import { createStream } from '../../../core/sampling/stream.ts';
import { differentiate } from '../../../train/differentiate.ts';
import type { DiscreteEstimator, StochasticTask } from '../../../train/estimators/discrete/task.ts';
import { distributionOf } from '../../../train/latents/discrete.ts';
import { type DiscreteLayer, shapeOf } from '../../../train/latents/layer.ts';
import type { HostTensors, Tensors } from '../../../train/model.ts';
import type { Backend } from '../../../train/runner/backends.ts';
import { compile } from '../../../train/runner/compile.ts';
import { group, prefix } from '../../../train/runner/names.ts';
import { drawNoise } from '../../../train/runner/noise.ts';

/** Costs by how many derivatives in the values they have. */
export const SHAPES = {
  linear: (x: tf.Tensor) => x,
  quadratic: (x: tf.Tensor) => tf.square(tf.sub(x, 0.3)),
  curved: (x: tf.Tensor) => tf.exp(tf.mul(x, 1.2)),
};
export type Toy = { layers: DiscreteLayer[]; shape: keyof typeof SHAPES };

const size = (layer: DiscreteLayer) => shapeOf(layer).reduce((n, d) => n * d, 1);
const flat = (x: tf.Tensor) => tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;

/** Every layer depends on the one before it, the cost on the last layer and, through its KL, on all logits. */
export const toyTask = ({ layers, shape }: Toy, rows: number): StochasticTask => ({
  layers,
  context: tf.ones([rows, 2]),
  logits(params, i, before) {
    const own = tf.add(tf.zeros([rows, ...shapeOf(layers[i]!)]), params[`logits-${i}`]!);
    if (i === 0) return own;
    return tf.add(
      own,
      tf.reshape(tf.matMul(flat(before[i - 1]!), params[`kernel-${i}`] as tf.Tensor2D), own.shape),
    );
  },
  cost: (params, values, logits) =>
    tf.add(
      tf.sum(SHAPES[shape](tf.matMul(flat(values.at(-1)!), params.out as tf.Tensor2D)), 1),
      layers
        .map((layer, i) => distributionOf(layer).kl(logits[i]!, tf.zeros(shapeOf(layer))))
        .reduce((a, b) => tf.add(a, b)),
    ),
});

export function toyParams({ layers }: Toy): HostTensors {
  const stream = createStream('toy');
  const draw = (...shape: number[]) => {
    const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
    stream.fillNormal(data);
    return { shape, data: data.map((x) => x * 0.8) };
  };
  const entries = layers.flatMap((layer, i) => [
    [`logits-${i}`, draw(...shapeOf(layer))] as const,
    ...(i > 0 ? [[`kernel-${i}`, draw(size(layers[i - 1]!), size(layer))] as const] : []),
  ]);
  return { ...Object.fromEntries(entries), out: draw(size(layers.at(-1)!), 2) };
}

export type Gradients = { gradients: HostTensors; state: HostTensors; loss: number };
export type Draw = (seed: string, state?: HostTensors) => Promise<Gradients>;

/** Gradients of `batch` examples at once, mean over them. */
export async function toyGradients(
  toy: Toy,
  estimator: DiscreteEstimator,
  batch: number,
  {
    backend = 'cpu' as Backend,
    schedule = {} as Record<string, number>,
    task = toyTask,
    params: names = undefined as string[] | undefined,
  } = {},
): Promise<{ draw: Draw; params: HostTensors }> {
  const rows = batch * estimator.samples(toy.layers);
  const own = estimator.init(toy.layers, 2, createStream('own'));
  const all = { ...toyParams(toy), ...own.params };
  const params = Object.fromEntries(Object.entries(all).filter(([name]) => names?.includes(name) ?? true));
  const noise = estimator.noise(toy.layers, rows);
  const shapes = (host: Record<string, { shape: number[] }>) =>
    Object.fromEntries(Object.entries(host).map(([name, { shape }]) => [name, shape]));
  const compiled = await compile(
    {
      ...shapes(prefix('params', params)),
      ...shapes(prefix('state', own.state)),
      ...shapes(prefix('noise', noise)),
    },
    (inputs): Tensors => {
      const scalars = Object.fromEntries(Object.entries(schedule).map(([name, v]) => [name, tf.scalar(v)]));
      const { loss, gradients, state } = differentiate(group(inputs, 'params'), (at) =>
        estimator.surrogate(task(toy, rows), at, group(inputs, 'state'), group(inputs, 'noise'), scalars),
      );
      return { loss, ...prefix('gradient', gradients), ...prefix('next', state) };
    },
    { backend, threads: 1 },
  );
  return {
    params,
    async draw(seed, state = own.state) {
      const drawn = drawNoise(noise, createStream(seed));
      const feeds = Object.fromEntries(
        Object.entries(noise).map(([name, { shape }]) => [name, { shape, data: drawn[name]! }]),
      );
      const results = await compiled.run({
        ...prefix('params', params),
        ...prefix('state', state),
        ...prefix('noise', feeds),
      });
      return {
        gradients: group(results, 'gradient'),
        state: group(results, 'next'),
        loss: results.loss!.data[0]!,
      };
    },
  };
}

/** All gradients of the model in one array; those of an estimator's own parameters are left out. */
export const ofModel = (gradients: HostTensors): number[] =>
  Object.entries(gradients)
    .filter(([name]) => !name.startsWith('estimator/'))
    .flatMap(([, { data }]) => [...data]);
