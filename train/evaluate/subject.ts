// A trained model that is to be measured, what its figures depend on besides, and what a measure is.
import type { Variant } from '../data/batches.ts';
import type { DataSet } from '../data/data-set.ts';
import type { Model, Weights } from '../model.ts';
import type { RunOptions } from '../runner/rows.ts';
import type { Figure } from './figure.ts';
import type { Weighed } from './for-images.ts';

export type Subject = Weights & {
  model: Model;
  /** Seed of the run and variant of its data: test images are binarised, and noise is drawn, by them. */
  settings: { seed: number; variant: Variant };
  /** Those of its family, besides `MEASURES`. */
  measures: readonly Measure[];
};

/** Figures of the test set, for models that have what it needs; in the order of a card. */
export type Measure = {
  needs(subject: Subject): boolean;
  figures(subject: Subject, dataset: DataSet, options: EvaluateOptions): Promise<Figure[]>;
};

export type EvaluateOptions = RunOptions & {
  /** Samples of an estimate: of the posterior for each image, or generated ones. */
  samples: number;
  /** Test images of it, drawn by chance; all where there are no more. */
  images: number;
  /** Estimates of log p(x) of the first of these images from an earlier call, which are not computed again. */
  known?: number[];
  /** Called as estimates come in, with all of them so far. */
  onProgress?(estimates: number[]): void;
};

/** The subject as a density of Gaussian latents; nothing where it is none. */
export const densityOf = ({ model, params, state }: Subject): Weighed | undefined =>
  model.density && { model: model.density, params, state };
