// A figure of a model, with what one must know to believe it.

export type Figure = {
  name: string;
  value: number;
  standardError?: number;
  /** 95 % interval, of a share. */
  interval?: [low: number, high: number];
  unit: string;
  /** Data split and number of examples. */
  split: string;
  /** How it was measured, in one sentence: estimator, samples, binarisation, seed. */
  protocol: string;
};

export function figureLine({ name, value, standardError, interval, unit, split }: Figure): string {
  const error = standardError === undefined ? '' : ` ± ${standardError.toFixed(2)}`;
  const ends = interval ? ` (${interval.map((end) => end.toFixed(2)).join(' to ')})` : '';
  return `  ${name.padEnd(16)} ${value.toFixed(2)}${error}${ends} ${unit} (${split})`;
}
