// The report of a run: what its best checkpoint scores on the test set, each figure with its protocol.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from './files.ts';

export type Figure = {
  name: string;
  value: number;
  standardError?: number;
  unit: string;
  split: string;
  protocol: string;
};

export type Report = {
  /** Weights that were evaluated: as trained, or rounded to float16 as the export stores them. */
  weights: 'float32' | 'float16';
  epoch: number;
  figures: Figure[];
};

const path = (folder: string): string => join(folder, 'report.json');

export const readReport = (folder: string): Report | undefined =>
  existsSync(path(folder)) ? (JSON.parse(readFileSync(path(folder), 'utf8')) as Report) : undefined;

export const writeReport = (folder: string, report: Report): void => writeJson(path(folder), report);

export const figureLine = ({ name, value, standardError, unit, split }: Figure): string =>
  `  ${name.padEnd(16)} ${value.toFixed(2)}${standardError === undefined ? '' : ` ± ${standardError.toFixed(2)}`} ${unit} (${split})`;
