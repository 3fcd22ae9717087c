// The exact expected cost over every configuration of the layers: the reference of all estimators, and, with one
// categorical variable, marginalisation (Kingma et al. 2014).
import { add, exp, mean, mul, reshape, type Scalar, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { type DiscreteLayer, shapeOf } from '../../latents/layer.ts';
import { type DiscreteEstimator, layerLogMass, rollOut } from './task.ts';

/** Values that a variable takes, as rows of its one-hot or 0/1 form. */
const classesOf = (layer: DiscreteLayer): number => (layer.kind === 'bernoulli' ? 2 : layer.classes);

const configurations = (layers: readonly DiscreteLayer[]): number =>
  layers.reduce((product, layer) => product * classesOf(layer) ** layer.variables, 1);

/** Configuration number `index` of all layers: the class of every variable, the last one changing fastest. */
function classesAt(layers: readonly DiscreteLayer[], index: number): number[][] {
  let rest = index;
  const reversed = layers.toReversed().map((layer) => {
    const k = classesOf(layer);
    const classes = Array.from({ length: layer.variables }, () => {
      const one = rest % k;
      rest = Math.floor(rest / k);
      return one;
    });
    return classes.reverse();
  });
  return reversed.reverse();
}

/** Every layer's values in every configuration, each repeated for `batch` examples, [configurations · batch, …shape]. */
export function allValues(layers: readonly DiscreteLayer[], batch: number): Tensor[] {
  const count = configurations(layers);
  const all = Array.from({ length: count }, (_, index) => classesAt(layers, index));
  return layers.map((layer, i) => {
    const rows = all.flatMap((classes) => {
      const one = classes[i]!.flatMap((c) =>
        layer.kind === 'bernoulli' ? [c] : Array.from({ length: layer.classes }, (_, k) => Number(k === c)),
      );
      return Array.from({ length: batch }, () => one).flat();
    });
    return tensor(rows, [count * batch, ...shapeOf(layer)]);
  });
}

/** Takes a task of classes^variables rows for each example, so it is for small layers. It draws nothing. */
export const enumeration: DiscreteEstimator = {
  scheduled: [],
  samples: configurations,
  noise: () => ({}),
  init: () => ({ params: {}, state: {} }),
  surrogate(task, params) {
    const count = configurations(task.layers);
    const values = allValues(task.layers, task.context.shape[0]! / count);
    const drawn = rollOut(task, params, (_, __, i) => values[i]!);
    const logMass = task.layers
      .map((_, i) => layerLogMass(task, drawn, i))
      .reduce((total, one) => add(total, one));
    const weighted = mul(exp(logMass), task.cost(params, drawn.values, drawn.logits));
    return {
      loss: mean(sum(reshape(weighted, [count, -1]), 0)) as Scalar,
      metrics: {},
      state: {},
    };
  },
};
