// What a cell of the estimators measured, by name.
import type { Cell } from '../experiment.ts';

export type Found = {
  steps: number;
  temperature: number;
  bias: number;
  floor: number;
  deviation: number;
  cosine: number;
};

/** Stage by stage of training, and of each by temperature. */
export const foundOf = ({ curve }: Cell): Found[] =>
  curve!.rows.map((row) => Object.fromEntries(curve!.columns.map((name, i) => [name, row[i]])) as Found);
