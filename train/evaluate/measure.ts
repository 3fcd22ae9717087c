// What a measure is: figures of the test set, for models that have what it needs.
import type { DataSet } from '../data/data-set.ts';
import type { Figure } from './figure.ts';
import type { EvaluateOptions, Subject } from './subject.ts';

export type Measure = {
  needs(subject: Subject): boolean;
  /** In the order of the card. */
  figures(subject: Subject, dataset: DataSet, options: EvaluateOptions): Promise<Figure[]>;
};
