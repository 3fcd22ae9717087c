// Layers of discrete variables and latents on a model card are the same thing in two notations.
import type { DiscreteSpec } from '../../models/latent.ts';
import type { DiscreteLayer } from './layer.ts';

export const layerOf = (spec: DiscreteSpec): DiscreteLayer =>
  spec.prior === 'bernoulli'
    ? { kind: 'bernoulli', variables: spec.dimensions }
    : { kind: 'categorical', variables: spec.variables, classes: spec.classes };

export const specOf = (layer: DiscreteLayer): DiscreteSpec =>
  layer.kind === 'bernoulli'
    ? { prior: 'bernoulli', dimensions: layer.variables }
    : { prior: 'categorical', variables: layer.variables, classes: layer.classes };
