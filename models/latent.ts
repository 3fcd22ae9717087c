// The kinds of latents, and how many numbers say a code.
import type { z } from 'zod';
import type { bernoulli, categorical, gaussian, latentSchema, uniform } from './latent-schema.ts';

export type LatentSpec = z.infer<typeof latentSchema>;
export type GaussianSpec = z.infer<typeof gaussian>;
export type UniformSpec = z.infer<typeof uniform>;
export type BernoulliSpec = z.infer<typeof bernoulli>;
export type CategoricalSpec = z.infer<typeof categorical>;
export type ContinuousSpec = GaussianSpec | UniformSpec;
export type DiscreteSpec = BernoulliSpec | CategoricalSpec;

export const isContinuous = (spec: LatentSpec): spec is ContinuousSpec =>
  spec.prior === 'gaussian' || spec.prior === 'uniform';

export const isDiscrete = (spec: LatentSpec): spec is DiscreteSpec => !isContinuous(spec);

/** Whether latents are the points of a plane. */
export const isPlane = (spec: LatentSpec): spec is ContinuousSpec =>
  isContinuous(spec) && spec.dimensions === 2;

/** Numbers of one code as graph input. */
export const latentSize = (spec: LatentSpec): number =>
  spec.prior === 'categorical' ? spec.variables * spec.classes : spec.dimensions;
