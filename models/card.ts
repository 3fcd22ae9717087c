// A model card as a type, and what follows from it. Its schema is in `card-schema.ts`, apart: who serves a card that was
// checked when it was published need not load what checks it.
import type { z } from 'zod';
import type { card, graph, metric, tensor } from './card-fields.ts';
import { type DiscreteSpec, type GaussianSpec, isDiscrete } from './latent.ts';

export type ModelCard = z.infer<typeof card>;
export type GraphCard = z.infer<typeof graph>;
export type TensorCard = z.infer<typeof tensor>;
export type MetricCard = z.infer<typeof metric>;
export type GraphName = keyof ModelCard['graphs'];

/** Whether a graph has an input of that name. */
export const takes = (of: GraphCard | undefined, input: string): boolean =>
  of?.inputs.some(({ name }) => name === input) ?? false;

/** N of the input `noise` [batch, N]. */
export const noiseSize = ({ inputs }: GraphCard): number =>
  Number(inputs.find(({ name }) => name === 'noise')?.shape[1] ?? 0);

/** What a bound needs: both graphs, Gaussian latents, and pixels with a density. */
type GaussianVae = {
  latent: GaussianSpec;
  likelihood: NonNullable<ModelCard['likelihood']>;
  graphs: { decoder: GraphCard; encoder: GraphCard };
};
export type GaussianVaeCard = ModelCard & GaussianVae;

export const isGaussianVae = (one: ModelCard): one is GaussianVaeCard =>
  one.latent?.prior === 'gaussian' &&
  one.likelihood !== undefined &&
  one.graphs.decoder !== undefined &&
  one.graphs.encoder !== undefined;

/** Class names of a conditional model, by index: those of its data set; nothing for every other model. */
export const classesOf = ({ graphs, labels }: ModelCard): readonly string[] | undefined =>
  takes(graphs.decoder, 'label') ? labels : undefined;

/** What a bound over discrete latents needs; a graph `prior` may be there or not. */
type DiscreteVae = Omit<GaussianVae, 'latent'> & { latent: DiscreteSpec };
export type DiscreteVaeCard = ModelCard & DiscreteVae;

export const isDiscreteVae = (one: ModelCard): one is DiscreteVaeCard =>
  one.latent !== undefined &&
  isDiscrete(one.latent) &&
  one.likelihood !== undefined &&
  one.graphs.decoder !== undefined &&
  one.graphs.encoder !== undefined;
