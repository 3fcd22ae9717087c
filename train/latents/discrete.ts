// The distributions of discrete layers by their kind.
import { bernoulli } from './bernoulli.ts';
import { categorical } from './categorical.ts';
import type { DiscreteDistribution } from './distribution.ts';
import type { DiscreteLayer } from './layer.ts';

export const distributionOf = (layer: DiscreteLayer): DiscreteDistribution =>
  layer.kind === 'bernoulli' ? bernoulli : categorical;
