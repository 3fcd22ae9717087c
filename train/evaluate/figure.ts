// A figure of a model, with what one must know to believe it.

export type Figure = {
  name: string;
  value: number;
  standardError?: number;
  unit: string;
  /** Data split and number of examples. */
  split: string;
  /** How it was measured, in one sentence: estimator, samples, binarisation, seed. */
  protocol: string;
};

export const figureLine = ({ name, value, standardError, unit, split }: Figure): string =>
  `  ${name.padEnd(16)} ${value.toFixed(2)}${standardError === undefined ? '' : ` ± ${standardError.toFixed(2)}`} ${unit} (${split})`;
