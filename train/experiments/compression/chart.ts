// Rate and distortion of codes as curves: a panel for each data set, beside principal components and PNG.
import type { Chart, Series } from '../../../figures/chart.ts';
import { columnsOf } from '../cells.ts';
import type { Cell, Cells } from '../experiment.ts';

export type Point = readonly [bytes: number, psnr: number];

const PLAIN = { split: 'plain' };
const LABELLED = { split: 'labelled', dashed: true };

/** Data sets by the first word of their models. */
const TITLES: Record<string, string> = {
  mnist: 'MNIST',
  fashion: 'Fashion-MNIST',
  frey: 'Frey Face',
  faces: 'FER+ faces',
  glyphs: 'glyphs',
};

export const pcaOf = (cells: Cells, { data }: Cell): Cell | undefined =>
  [...cells.values()].find((cell) => cell.cell.endsWith('-pca') && cell.data.set === data.set);
export const modelsOf = (cells: Cells): Cell[] =>
  [...cells.values()]
    .filter(({ cell }) => cell.includes('@'))
    .sort((a, b) => a.cell.localeCompare(b.cell, 'en'));

/** By rising bytes, of which a tenth is enough to say. */
const curveOf = (points: readonly Point[]): Point[] =>
  points.map(([bytes, psnr]): Point => [Math.round(10 * bytes) / 10, psnr]).sort(([a], [b]) => a - b);

/** Second models of a data set, which would crowd its panel. */
const APART = /-(2d|hvae|rows|dvae)@/;

/** A panel for each data set, with its plain model and the one that takes labels; others are in the table alone. */
export function compressionChart(cells: Cells): Chart {
  const panels = new Map<string, Series[]>();
  for (const cell of modelsOf(cells).filter((one) => !APART.test(one.cell))) {
    const pca = pcaOf(cells, cell);
    const peers: Series[] = [
      ...(pca
        ? [{ subject: 'PCA', ...PLAIN, colour: 1, points: curveOf(columnsOf(pca, 'bytes', 'PSNR')) }]
        : []),
      { subject: 'PNG', ...PLAIN, colour: 2, points: curveOf(columnsOf(cell, 'PNG bytes', 'PSNR')) },
    ];
    const labelled = cell.cell.includes('-cvae@');
    const own: Series = {
      subject: 'VAE',
      ...(labelled ? LABELLED : PLAIN),
      colour: 0,
      points: curveOf(columnsOf(cell, 'bytes', 'PSNR')),
    };
    const title = TITLES[cell.cell.split('-')[0]!] ?? cell.data.set;
    panels.set(title, [...(panels.get(title) ?? []), ...(labelled ? [] : peers), own]);
  }
  return {
    title: 'Rate and distortion of latent codes',
    xLabel: 'bytes per image',
    xUnit: 'bytes',
    yLabel: 'PSNR, dB',
    rows: panels.size === 0 ? [] : [[...panels].map(([title, series]) => ({ title, series }))],
  };
}
