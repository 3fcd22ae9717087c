// Rate and distortion of codes: a chart, a table, and what they say of each model.
import { formatNumber } from '../../../figures/numbers.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { columnsOf, quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { compressionChart, modelsOf, type Point, pcaOf } from './chart.ts';

const DEFAULT_QUALITY = 5;

/** A model at a quality; bytes of peers are those at its error. Of one model `crossEntropy` may not be defined. */
export type Row = {
  model: string;
  quality: number;
  bytes: number;
  bits: number;
  mse: number;
  psnr: number;
  crossEntropy: number | undefined;
  pca: number | undefined;
  png: number;
  /** Of these, the pixels alone, without the file around them. */
  pngData: number;
  pngLossless: number | undefined;
};

const COLUMNS: Column<Row>[] = [
  { name: 'model', kind: 'text', of: ({ model }) => model },
  { name: 'quality', kind: 'number', of: ({ quality }) => quality },
  { name: 'bytes', kind: 'number', decimals: 1, of: ({ bytes }) => bytes },
  { name: 'bits', kind: 'number', decimals: 1, of: ({ bits }) => bits },
  { name: 'MSE', kind: 'number', decimals: 0, of: ({ mse }) => mse },
  { name: 'PSNR', unit: 'dB', kind: 'number', decimals: 2, of: ({ psnr }) => psnr },
  {
    name: 'cross-entropy',
    unit: 'nats',
    kind: 'number',
    decimals: 2,
    of: ({ crossEntropy }) => crossEntropy,
  },
  { name: 'PCA bytes', kind: 'number', decimals: 1, of: ({ pca }) => pca },
  { name: 'PNG bytes', kind: 'number', decimals: 0, of: ({ png }) => png },
  { name: 'PNG data alone', kind: 'number', decimals: 0, of: ({ pngData }) => pngData },
  { name: 'PNG without loss', kind: 'number', decimals: 0, of: ({ pngLossless }) => pngLossless },
];

/** Bytes at which a curve reaches `psnr`, by a straight line between its points; nothing beyond its ends. */
function bytesAt(points: readonly Point[], psnr: number): number | undefined {
  const sorted = points.toSorted(([, a], [, b]) => a - b);
  const above = sorted.findIndex(([, value]) => value >= psnr);
  if (above <= 0) return undefined;
  const [[b0, p0], [b1, p1]] = [sorted[above - 1]!, sorted[above]!];
  return b0 + ((psnr - p0) / (p1 - p0)) * (b1 - b0);
}

export const compressionRows = (cells: Cells): Row[] =>
  modelsOf(cells).flatMap((cell) => {
    const column = (name: string) => columnsOf(cell, 'quality', name).map(([, value]) => value);
    const hasEntropy = cell.curve!.columns.includes('cross-entropy');
    const pca = pcaOf(cells, cell);
    const curve = pca && columnsOf(pca, 'bytes', 'PSNR');
    return column('quality').map((quality, i) => ({
      model: cell.cell,
      quality,
      bytes: column('bytes')[i]!,
      bits: column('bits')[i]!,
      mse: column('MSE')[i]!,
      psnr: column('PSNR')[i]!,
      crossEntropy: hasEntropy ? column('cross-entropy')[i] : undefined,
      pca: curve && bytesAt(curve, column('PSNR')[i]!),
      png: column('PNG bytes')[i]!,
      pngData: column('PNG data bytes')[i]!,
      pngLossless: quantityOf(cell, 'PNG without loss')?.value,
    }));
  });

function howOf(rows: readonly Row[]): string[] {
  const container = new Set(rows.map(({ png, pngData }) => Math.round(png - pngData)));
  return rows.length === 0
    ? []
    : [
        `PCA and PNG bytes are those at the error of the row: PCA between the steps that were measured, and PNG of each image the smallest file that errs no more. Codes, and those of PCA, include their first 3 bytes. ${[...container].join(' or ')} bytes of each PNG are the file around its pixels, which a set of pictures in one file would not pay for each: “PNG data alone” is without them.`,
      ];
}

function noteOf(cells: Cells, cell: Cell): string {
  const floor = quantityOf(cell, 'PSNR of the posterior means, dB')?.value;
  const pca = pcaOf(cells, cell);
  const peer = (psnr: number) => pca && bytesAt(columnsOf(pca, 'bytes', 'PSNR'), psnr);
  const codes = columnsOf(cell, 'bytes', 'PSNR');
  const smaller = codes.filter(([bytes, psnr]) => bytes < (peer(psnr) ?? 0)).length;
  const beside = pca
    ? `its codes are shorter than those of principal components at ${smaller} of ${codes.length} qualities.`
    : 'principal components of its data were not measured.';
  const linear = floor === undefined ? undefined : peer(floor);
  const reached =
    linear === undefined ? '' : `, which principal components reach with ${formatNumber(linear, 1)} bytes`;
  // Codes of symbols have no Gaussians that tables could replace.
  const at = (name: string) =>
    cell.curve!.columns.includes(name)
      ? columnsOf(cell, 'quality', name).find(([quality]) => quality === DEFAULT_QUALITY)?.[1]
      : undefined;
  const [bits, byTables] = [at('bits'), at('bits by tables')];
  return [
    `${cell.cell}: ${beside}`,
    ...(floor === undefined
      ? []
      : [`Whatever the code, it cannot do better than ${formatNumber(floor, 2)} dB${reached}.`]),
    ...(bits === undefined || byTables === undefined
      ? []
      : [
          `At quality ${DEFAULT_QUALITY} tables of frequencies instead of Gaussians would save ${formatNumber((100 * (bits - byTables)) / bits, 1)} % of the bits.`,
        ]),
  ].join(' ');
}

/** How the figures are meant, and what they say of each model. */
export const compressionNotes = (cells: Cells): string[] => [
  ...howOf(compressionRows(cells)),
  ...modelsOf(cells).map((cell) => noteOf(cells, cell)),
];

export const compression: Experiment = {
  id: 'compression',
  title: 'Compression by latents',
  length: () =>
    'No paper is followed, and nothing was trained: these are models that ship, as their cards say.',
  report: (cells) => ({
    chart: compressionChart(cells),
    table: tableOf(compressionRows(cells), COLUMNS),
    notes: compressionNotes(cells),
  }),
  load: () => import('./compression.ts'),
};
