// Layers of independent discrete variables, by their logits: what samplers and gradient estimators ask of them.
import { bernoulli } from './bernoulli.ts';
import { categorical } from './categorical.ts';
import type { DiscreteDistribution } from './distribution.ts';

/** `variables` independent variables of 2 or of `classes` values each. */
export type DiscreteLayer =
  | { kind: 'bernoulli'; variables: number }
  | { kind: 'categorical'; variables: number; classes: number };

export const distributionOf = (layer: DiscreteLayer): DiscreteDistribution =>
  layer.kind === 'bernoulli' ? bernoulli : categorical;

/** The shape of a layer without its rows. */
export const shapeOf = (layer: DiscreteLayer): number[] =>
  layer.kind === 'bernoulli' ? [layer.variables] : [layer.variables, layer.classes];
