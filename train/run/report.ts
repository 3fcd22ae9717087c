// The report of a run: what its best checkpoint scores on the test set, each figure with its protocol.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Direction } from '../evaluate/directions/direction.ts';
import type { Figure } from '../evaluate/figure.ts';
import type { Scaling } from '../evaluate/temperature-scaling.ts';
import { readJson, writeJson } from '../io/files.ts';

export type Report = {
  /** Weights that were evaluated: as trained, or rounded to float16 as the export stores them. */
  weights: 'float32' | 'float16';
  epoch: number;
  /** Samples of an estimate, and test images of it. */
  samples: number;
  images: number;
  figures: Figure[];
  /** Latent directions that change an attribute; reports of earlier versions lack them. */
  directions?: Direction[];
  /** Of a classifier; reports of earlier versions lack it. */
  scaling?: Scaling;
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
