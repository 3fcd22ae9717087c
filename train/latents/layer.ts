// Layers of independent discrete variables.
import type { Tensor } from '@tensorflow/tfjs-core';

/** `variables` independent variables of 2 or of `classes` values each. */
export type DiscreteLayer =
  | { kind: 'bernoulli'; variables: number }
  | { kind: 'categorical'; variables: number; classes: number };

/** The shape of a layer without its rows. */
export const shapeOf = (layer: DiscreteLayer): number[] =>
  layer.kind === 'bernoulli' ? [layer.variables] : [layer.variables, layer.classes];

/** Values of every layer, or means or relaxed samples in their place, and the logits they were drawn from. */
export type Drawn = { values: Tensor[]; logits: Tensor[] };
