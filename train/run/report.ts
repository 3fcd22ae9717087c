// The report of a run: what its best checkpoint scores on the test set, each figure with its protocol.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Direction } from '../evaluate/directions/directions.ts';
import { readJson, writeJson } from './files.ts';

export type Figure = {
  name: string;
  value: number;
  standardError?: number;
  /** 95 % interval, of a share. */
  interval?: [low: number, high: number];
  unit: string;
  split: string;
  protocol: string;
};

export type Report = {
  /** Weights that were evaluated: as trained, or rounded to float16 as the export stores them. */
  weights: 'float32' | 'float16';
  epoch: number;
  /** Posterior samples of each image, and test images, of the importance-weighted estimate. */
  samples: number;
  images: number;
  figures: Figure[];
  /** Latent directions that change an attribute; reports of earlier versions lack them. */
  directions?: Direction[];
};

const path = (folder: string): string => join(folder, 'report.json');

/** @throws Error naming the file, when it is damaged or says too little for a model card. */
export function readReport(folder: string): Report | undefined {
  if (!existsSync(path(folder))) return undefined;
  const report = readJson(path(folder)) as Report;
  if (!Array.isArray(report.figures) || !report.samples || !report.images)
    throw new Error(
      `${path(folder)}: no figures, samples or images; make it again with: npm run evaluate -- ${folder}`,
    );
  return report;
}

export const writeReport = (folder: string, report: Report): void => writeJson(path(folder), report);

export function figureLine({ name, value, standardError, interval, unit, split }: Figure): string {
  const error = standardError === undefined ? '' : ` ± ${standardError.toFixed(2)}`;
  const ends = interval ? ` (${interval.map((end) => end.toFixed(2)).join(' to ')})` : '';
  return `  ${name.padEnd(16)} ${value.toFixed(2)}${error}${ends} ${unit} (${split})`;
}
