// Digits told from few labels, beside what others reached with latent variables.
import { formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { percent } from '../../../figures/share.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { meanAndError } from '../../evaluate/statistics.ts';
import { quantityOf, samplesOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { ERRORS } from '../judge.ts';
import { absentCells } from '../words.ts';
import { LABELS, nameOf, SEEDS } from './cells.ts';

/** What is to be exceeded with 100 labels, %. */
const AIM = 98.5;

type Row = { labels: number; found: readonly Cell[] };

const rowsOf = (cells: Cells): Row[] =>
  LABELS.map((labels) => ({
    labels,
    found: SEEDS.flatMap((seed) => cells.get(nameOf(labels, seed)) ?? []),
  })).filter(({ found }) => found.length > 0);

const accuraciesOf = ({ found }: Row): number[] =>
  found.map((cell) => {
    const { count, of } = shareOf(cell, 'accuracy')!;
    return (100 * count) / of;
  });

/** Over subsets of labels, with the standard error of their mean where there are several. */
function meanOf(values: readonly number[]): Quantity {
  const { mean: value, standardError } = meanAndError(values);
  return values.length > 1 ? { value, standardError } : { value };
}

const COLUMNS: Column<Row>[] = [
  { name: 'labels', kind: 'number', of: ({ labels }) => labels },
  { name: 'subsets', kind: 'number', of: ({ found }) => found.length },
  { name: 'accuracy', kind: 'number', decimals: 2, unit: '%', of: (row) => meanOf(accuraciesOf(row)) },
  { name: 'worst', kind: 'number', decimals: 2, unit: '%', of: (row) => Math.min(...accuraciesOf(row)) },
  { name: 'best', kind: 'number', decimals: 2, unit: '%', of: (row) => Math.max(...accuraciesOf(row)) },
  {
    name: 'calibration error',
    kind: 'number',
    decimals: 2,
    unit: '%',
    of: ({ found }) => meanOf(found.map((cell) => quantityOf(cell, 'calibration-error')!.value)),
  },
];

export function fewLabelsClaims(cells: Cells): Claim[] {
  const hundred = rowsOf(cells).find(({ labels }) => labels === 100);
  if (!hundred) return [];
  const mean = meanOf(accuraciesOf(hundred));
  // Of one subset the test images alone say how sure that is.
  const lowest =
    hundred.found.length > 1
      ? mean.value - ERRORS * mean.standardError!
      : percent(shareOf(hundred.found[0], 'accuracy')!).interval[0];
  return [
    {
      claim: `From 100 labels a model with latent variables tells more than ${formatNumber(AIM, 1)} % of test images`,
      verdict: lowest > AIM ? 'held' : 'not reached',
      found: `${formatQuantity(mean)} %, ${hundred.found.length} subsets of labels; M1+M2 has 96.67 % (Kingma et al. 2014), SDGM 98.68 % (Maaløe et al. 2016), neither of which is told that a digit stays what it is when it is turned, stretched or moved.`,
    },
  ];
}

export const fewLabels: Experiment = {
  id: 'few-labels',
  title: 'Classes from few labels',
  length: (cells) =>
    `No paper trains this model; each run here saw ${samplesOf(cells)} images without label (there are 58 000).`,
  report: (cells) => ({
    claims: fewLabelsClaims(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      'M2 with a convolutional q(y|x) that should say of a warped image what it is sure of at the image itself (FixMatch, Sohn et al. 2020), and tell equally many of each class. That it may warp is knowledge of digits which the papers did not use; their models would gain by it too.',
      ...absentCells(
        LABELS.map((labels) => `${labels}`),
        SEEDS,
        (labels, seed) => cells.has(nameOf(Number(labels), seed)),
        { row: (labels) => `${labels} labels`, column: (seed) => `subset ${seed}` },
        'for want of processor time',
      ),
    ],
  }),
  load: () => import('./few-labels.ts'),
};
