// How well anomaly scores tell outliers from usual images: a table, and claims of the literature.
import { formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import type { Share } from '../../../figures/share.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { less, signOf } from '../judge.ts';
import { anomalyNotes, isDigit, kindsOf } from './notes.ts';

const SCORES = ['score', 'excess', 'reconstruction', 'kl', 'verdict', 'background', 'png'] as const;
const RATES = [0.01, 0.05];
/** An area above it mends what a claim says is broken. */
const MENDED = 0.9;

/** A kind of outliers and a model; of a mean over models, the means. */
export type Row = {
  model: string;
  outliers: string;
  areas: Record<string, Quantity | undefined>;
  /** Called unusual, by rate of false alarms. */
  alarms: Record<number, Share | undefined>;
};

const COLUMNS: Column<Row>[] = [
  { name: 'model', kind: 'text', of: ({ model }) => model },
  { name: 'outliers', kind: 'text', of: ({ outliers }) => outliers },
  ...SCORES.map(
    (score): Column<Row> => ({ name: score, kind: 'number', decimals: 3, of: ({ areas }) => areas[score] }),
  ),
  ...RATES.map(
    (rate): Column<Row> => ({
      name: `called unusual at ${100 * rate} %`,
      kind: 'share',
      of: ({ alarms }) => alarms[rate],
    }),
  ),
];

const rowOf = (cell: Cell, kind: string): Row => ({
  model: cell.cell,
  outliers: kind,
  areas: Object.fromEntries(SCORES.map((score) => [score, quantityOf(cell, `${kind}, ${score}`)])),
  alarms: Object.fromEntries(RATES.map((rate) => [rate, shareOf(cell, `${kind}, alarms at ${rate}`)])),
});

/** The mean area of each score over cells; it has no error, for the models differ. */
function meanRow(rows: readonly Row[]): Row {
  const mean = (score: string): Quantity | undefined => {
    const found = rows.flatMap(({ areas }) => areas[score]?.value ?? []);
    return found.length === 0 ? undefined : { value: found.reduce((a, b) => a + b) / found.length };
  };
  return {
    model: `mean of ${rows.length} digits`,
    outliers: 'other digits',
    areas: Object.fromEntries(SCORES.map((score) => [score, mean(score)])),
    alarms: {},
  };
}

/** Models that ship, each with the false alarms of its own test images first; then one digit against the others. */
export function anomalyRows(cells: Cells): Row[] {
  const all = [...cells.values()];
  const digits = all.filter(isDigit).map((cell) => rowOf(cell, 'other digits'));
  return [
    ...all
      .filter((cell) => !isDigit(cell))
      .flatMap((cell) => [
        { ...rowOf(cell, 'usual'), outliers: 'none: false alarms' },
        ...kindsOf(cell).map((kind) => rowOf(cell, kind)),
      ]),
    ...digits,
    ...(digits.length > 0 ? [meanRow(digits)] : []),
  ];
}

/** What others have found, where a model of clothes is shown digits. */
export function anomalyClaims(cells: Cells): Claim[] {
  const clothes = cells.get('fashion-vae');
  const area = (score: string) => quantityOf(clothes, `mnist, ${score}`);
  const [score, background, png] = [area('score'), area('background'), area('png')];
  if (!score || !background || !png) return [];
  const below = signOf(less({ value: 0.5, standardError: 0 }, score));
  const mends = (by: Quantity) =>
    signOf(less(by, { value: MENDED, standardError: 0 })) > 0
      ? 'held'
      : signOf(less(by, score)) > 0
        ? 'held in part'
        : 'not held';
  const noisy = quantityOf(clothes, 'noisy, png');
  return [
    {
      claim: 'A model of clothes finds digits likelier than clothes (Nalisnick et al. 2019)',
      verdict: below > 0 ? 'held' : below < 0 ? 'not held' : 'not reached',
      found: `The negative bound of a digit is above that of a garment with probability ${formatQuantity(score, 3)}; one half would be chance.`,
    },
    {
      claim: 'A background model mends this (Ren et al. 2019)',
      verdict: mends(background),
      found: `With independent pixels for a background the area is ${formatQuantity(background, 3)}; mended is above ${formatNumber(MENDED, 1)}.`,
    },
    {
      claim: 'Taking off the length of a compressed file mends this (Serrà et al. 2020)',
      verdict: mends(png),
      found: `With PNG files the area is ${formatQuantity(png, 3)}${noisy ? `; for noisy clothes, which no file compresses, the same score has ${formatQuantity(noisy, 3)}` : ''}.`,
    },
  ];
}

export const anomaly: Experiment = {
  id: 'anomaly',
  title: 'Usual or not: anomaly scores',
  length(cells) {
    const epochs = [...cells.values()].find(isDigit)?.settings.epochs;
    return `The papers’ claims are of flows and autoregressive models, which were not trained here; these are of small VAEs: models that ship${epochs === undefined ? '' : `, and one for each digit, trained for ${epochs} epochs`}.`;
  },
  report: (cells) => ({
    claims: anomalyClaims(cells),
    table: tableOf(anomalyRows(cells), COLUMNS),
    notes: anomalyNotes(cells),
  }),
  load: () => import('./anomaly.ts'),
};
