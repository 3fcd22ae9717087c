// Rate and distortion of codes, from their cells: a picture, a table, and what they say.

import type { Chart, Series } from '../../../figures/chart.ts';
import type { Row } from '../../../figures/table.ts';
import { type Cell, columnsOf } from '../cells.ts';

const DEFAULT_QUALITY = 5;

type Point = readonly [bytes: number, psnr: number];

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

const byPsnr = (points: readonly Point[]): Point[] => points.toSorted(([, a], [, b]) => a - b);

const pcaOf = (cells: Map<string, Cell>, { data }: Cell): Cell | undefined =>
  [...cells.values()].find((cell) => cell.cell.endsWith('-pca') && cell.data.set === data.set);
const modelsOf = (cells: Map<string, Cell>): Cell[] =>
  [...cells.values()]
    .filter(({ cell }) => cell.includes('@'))
    .sort((a, b) => a.cell.localeCompare(b.cell, 'en'));

/** Bytes at which a curve reaches `psnr`, by a straight line between its points; nothing beyond its ends. */
function bytesAt(points: readonly Point[], psnr: number): number | undefined {
  const sorted = byPsnr(points);
  const above = sorted.findIndex(([, value]) => value >= psnr);
  if (above <= 0) return undefined;
  const [[b0, p0], [b1, p1]] = [sorted[above - 1]!, sorted[above]!];
  return b0 + ((psnr - p0) / (p1 - p0)) * (b1 - b0);
}

/** By rising bytes, of which a tenth is enough to say. */
const curveOf = (points: readonly Point[]): Point[] =>
  points.map(([bytes, psnr]): Point => [Math.round(10 * bytes) / 10, psnr]).sort(([a], [b]) => a - b);

/** Second models of a data set, which would crowd its panel. */
const APART = /-(2d|hvae|rows)@/;

/** A panel for each data set, with its plain model and the one that takes labels; others are in the table alone. */
export function compressionChart(cells: Map<string, Cell>): Chart {
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
    rows: [[...panels].map(([title, series]) => ({ title, series }))],
  };
}

export function compressionRows(cells: Map<string, Cell>): Row[] {
  return modelsOf(cells).flatMap((cell) => {
    const column = (name: string) => columnsOf(cell, 'quality', name).map(([, value]) => value);
    const bernoulli = cell.curve!.columns.includes('cross-entropy');
    const pca = pcaOf(cells, cell);
    const curve = pca && columnsOf(pca, 'bytes', 'PSNR');
    return column('quality').map((quality, i): Row => {
      const psnr = column('PSNR')[i]!;
      const linear = curve && bytesAt(curve, psnr);
      return {
        model: cell.cell,
        quality,
        bytes: column('bytes')[i]!.toFixed(1),
        bits: column('bits')[i]!.toFixed(1),
        MSE: column('MSE')[i]!.toFixed(0),
        'PSNR, dB': psnr.toFixed(2),
        'cross-entropy, nats': bernoulli ? column('cross-entropy')[i]!.toFixed(2) : '–',
        'PCA bytes': linear === undefined ? '–' : linear.toFixed(1),
        'PNG bytes': column('PNG bytes')[i]!.toFixed(0),
        'PNG data alone': column('PNG data bytes')[i]!.toFixed(0),
        'PNG without loss': cell.values['PNG without loss']!.value.toFixed(0),
      };
    });
  });
}

const HOW =
  'PCA and PNG bytes are those at the error of the row: PCA between the steps that were measured, and PNG of each image the smallest file that errs no more. Codes, and those of PCA, include their first 3 bytes; PNG data alone is the deflate stream without the file around it.';

/** How the figures are meant, and what they say of each model. */
export const compressionNotes = (cells: Map<string, Cell>): string[] => [
  HOW,
  ...modelsOf(cells).map((cell) => {
    const floor = cell.values['PSNR of the posterior means, dB']!.value;
    const pca = pcaOf(cells, cell);
    const peer = (psnr: number) => pca && bytesAt(columnsOf(pca, 'bytes', 'PSNR'), psnr);
    const linear = peer(floor);
    const codes = columnsOf(cell, 'bytes', 'PSNR');
    const smaller = codes.filter(([bytes, psnr]) => bytes < (peer(psnr) ?? 0)).length;
    const beside = pca
      ? `its codes are shorter than those of principal components at ${smaller} of ${codes.length} qualities.`
      : 'principal components of its data were not measured.';
    const reached =
      linear === undefined ? '' : `, which principal components reach with ${linear.toFixed(1)} bytes`;
    const at = (name: string) =>
      columnsOf(cell, 'quality', name).find(([quality]) => quality === DEFAULT_QUALITY)![1];
    const saved = (100 * (at('bits') - at('bits by tables'))) / at('bits');
    return [
      `${cell.cell}: ${beside}`,
      `Whatever the code, it cannot do better than ${floor.toFixed(2)} dB${reached}.`,
      `At quality ${DEFAULT_QUALITY} tables of frequencies instead of Gaussians would save ${saved.toFixed(1)} % of the bits.`,
    ].join(' ');
  }),
];
