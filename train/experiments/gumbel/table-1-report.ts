// Table 1 and Figures 3 and 4 of Jang, Gu & Poole 2017, beside what the paper has.
import type { Chart, Panel, Series } from '../../../figures/chart.ts';
import { formatCount, formatNumber, formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { points, quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { difference, isAtRest, signOf, verdictAtRest, verdictOf } from '../judge.ts';
import { absentCells, listOf } from '../words.ts';
import {
  COLUMN_NAMES,
  type ColumnName,
  cellName,
  PAPER,
  ROW_NAMES,
  type RowName,
  SEEDS,
  TAIL,
  TITLES,
} from './table-1-cells.ts';

const OWN: ColumnName = 'gumbel-softmax';
const STRAIGHT: ColumnName = 'st-gumbel-softmax';
const paperOf = (row: RowName, column: ColumnName): number => PAPER[row][COLUMN_NAMES.indexOf(column)]!;
const PAPER_SAMPLES = 50_000_000;

type Row = { row: RowName; cells: Cells; paper: boolean };

const COLUMNS: Column<Row>[] = [
  { name: 'nats', kind: 'text', of: ({ row, paper }) => `${TITLES[row]}${paper ? ', paper' : ''}` },
  ...COLUMN_NAMES.map(
    (column): Column<Row> => ({
      name: TITLES[column],
      kind: 'number',
      decimals: 1,
      of: ({ row, cells, paper }) =>
        paper ? paperOf(row, column) : quantityOf(cells.get(cellName(row, column)), 'nll'),
    }),
  ),
];

const rowsOf = (cells: Cells): Row[] =>
  ROW_NAMES.filter((row) => COLUMN_NAMES.some((column) => cells.has(cellName(row, column)))).flatMap(
    (row) => [
      { row, cells, paper: false },
      { row, cells, paper: true },
    ],
  );

/** `name` and the other cells of a row that have been trained as long, but those of `but`. */
function rivalsOf(
  cells: Cells,
  row: RowName,
  name: ColumnName,
  but?: ColumnName,
): { own: Cell; rivals: Cell[] } | undefined {
  const own = cells.get(cellName(row, name));
  const rivals = COLUMN_NAMES.filter((column) => column !== name && column !== but).flatMap((column) => {
    const cell = cells.get(cellName(row, column));
    return cell && cell.samples === own?.samples ? [cell] : [];
  });
  return own && rivals.length > 0 ? { own, rivals } : undefined;
}

/** Best of a row: none of the others lies below it by more than the error of their difference. */
function isBest(own: Cell, rivals: readonly Cell[]): boolean {
  return rivals.every((rival) => {
    const gap = difference(rival, own, 'nll');
    return gap !== undefined && signOf(gap) >= 0;
  });
}

type Judged = { row: RowName; own: Cell; rivals: Cell[] };

const judgedOf = (cells: Cells, name: ColumnName, but?: ColumnName): Judged[] =>
  ROW_NAMES.flatMap((row) => {
    const found = rivalsOf(cells, row, name, but);
    return found ? [{ row, ...found }] : [];
  });

const nll = (cell: Cell) => quantityOf(cell, 'nll')!;

/** That an estimator is the best of those compared in each row. */
function bestClaim(claim: string, judged: readonly Judged[]): Claim {
  const best = judged.map(({ row, own, rivals }) => {
    const first = rivals.reduce((a, b) => (nll(b).value < nll(a).value ? b : a));
    const name = TITLES[String(first.settings.estimator) as ColumnName];
    return `${TITLES[row]} ${formatQuantity(nll(own))} against ${formatQuantity(nll(first))} of ${name}, the best of ${rivals.length} others`;
  });
  const moving = judged
    .flatMap(({ own, rivals }) => [own, ...rivals])
    .filter((cell) => !isAtRest(points(cell, 'validation')));
  const ahead = judged.filter(({ own, rivals }) => isBest(own, rivals)).length;
  return {
    claim,
    verdict: verdictAtRest(
      { ahead, moving: moving.length, of: judged.length },
      verdictOf(ahead, judged.length),
    ),
    found: `${listOf(best)}, after as many steps (${listOf([...new Set(judged.map(({ own }) => formatCount(Number(own.settings.steps))))])}). Differences are judged by their errors, image by image; ${moving.length} of these runs still move.`,
  };
}

function straightClaims(cells: Cells): Claim[] {
  const judged = judgedOf(cells, STRAIGHT, OWN);
  return judged.length === 0
    ? []
    : [
        bestClaim(
          'Of the estimators whose samples are discrete in training, straight-through Gumbel-Softmax is the best on every row',
          judged,
        ),
      ];
}

export function table1Claims(cells: Cells): Claim[] {
  const judged = judgedOf(cells, OWN);
  if (judged.length === 0) return [];
  const reached = judged.filter(({ row, own }) => {
    const { value, standardError = 0 } = nll(own);
    return signOf({ value: value - paperOf(row, OWN), standardError }) <= 0;
  });
  const done = judged.every(({ own }) => own.samples >= PAPER_SAMPLES);
  return [
    bestClaim('Gumbel-Softmax is the best estimator on every row of Table 1', judged),
    ...straightClaims(cells),
    {
      claim: `Gumbel-Softmax reaches ${listOf(judged.map(({ row }) => `${formatNumber(paperOf(row, OWN), 1)} (${TITLES[row]})`))}`,
      // That a short run stays above says nothing of a long one; that it does not, stands.
      verdict: reached.length > 0 || done ? verdictOf(reached.length, judged.length) : 'not reached',
      found: `${listOf(judged.map(({ row, own }) => `${TITLES[row]} ${formatQuantity(nll(own))} after ${formatCount(Number(own.settings.steps))} steps`))}.`,
    },
  ];
}

/** Which rates the cells were trained at, and on how many test images they are judged. */
function chosenRates(cells: Cells): string[] {
  const all = ROW_NAMES.flatMap((row) =>
    COLUMN_NAMES.flatMap((column) => cells.get(cellName(row, column)) ?? []),
  );
  if (all.length === 0) return [];
  const rates = all.map(({ settings }) => Number(settings.learningRate));
  const images = [...new Set(all.map(({ data }) => formatCount(data.test)))];
  return [
    `Learning rates are tried on validation images from the largest of ten down (the paper’s six and four above them, 0.01 to 0.3), after 500 steps until one is worse, then that one and the best after 10 000, in later cells those below as well while the smallest is the best. Those chosen are ${Math.min(...rates)} to ${Math.max(...rates)}, where the paper’s end at 0.003: schedules here are short. For the same reason they fall to 0 over the last fifth of a run, and the paper’s do not. Judged on ${listOf(images)} test images, drawn by chance.`,
  ];
}

/** Cells whose rate may not be the best, and cells whose weights are those of before it fell. */
function unsettled(cells: Cells): string[] {
  const all = SEEDS.flatMap((seed) =>
    ROW_NAMES.flatMap((row) =>
      COLUMN_NAMES.flatMap((column) => {
        const cell = cells.get(cellName(row, column, seed));
        const which = seed === '1' ? '' : `, seed ${seed}`;
        return cell
          ? [{ name: `${TITLES[row]} with ${TITLES[column]}${which}`, settings: cell.settings }]
          : [];
      }),
    ),
  );
  const smallest = all.filter(
    ({ settings: { learningRate, pilotRates = [] } }) =>
      learningRate === Math.min(...(pilotRates as number[])),
  );
  const early = all.filter(
    ({ settings: { bestStep, steps } }) => Number(bestStep) < (1 - TAIL) * Number(steps),
  );
  return [
    ...(smallest.length > 0
      ? [
          `Of ${smallest.length} cells of ${all.length} (${listOf(smallest.map(({ name }) => name))}) the rate is the smallest that was tried, so that a better one may lie below.`,
        ]
      : []),
    ...(early.length > 0
      ? [
          `The bound rose again, so that weights of before the rate fell were kept: ${listOf(early.map(({ name, settings: { bestStep, steps } }) => `${name} (after ${formatCount(Number(bestStep))} of ${formatCount(Number(steps))} steps)`))}.`,
        ]
      : []),
  ];
}

/** What a second seed makes of the paper's own estimators, beside the first one of as many steps. */
function secondSeeds(cells: Cells): string[] {
  const pairs = ROW_NAMES.flatMap((row) =>
    [OWN, STRAIGHT].flatMap((column) => {
      const [first, second] = SEEDS.map((seed) => cells.get(cellName(row, column, seed)));
      return first && second && first.samples === second.samples ? [{ row, column, first, second }] : [];
    }),
  );
  if (pairs.length === 0) return ['One seed.'];
  const gaps = pairs.map(({ first, second }) => Math.abs(nll(second).value - nll(first).value));
  const found = pairs.map(
    ({ row, column, first, second }) =>
      `${TITLES[row]} with ${TITLES[column]} ${formatQuantity(nll(first))} and ${formatQuantity(nll(second))}`,
  );
  return [
    `Of two seeds, after as many steps: ${listOf(found)}. They differ by ${formatNumber(Math.max(...gaps), 2)} nats at most, also where their rates differ. The rest of the table has one seed.`,
  ];
}

/** What is drawn: three families in two forms each. DARN stands in the table. */
const DRAWN: readonly {
  column: ColumnName;
  subject: string;
  split: string;
  colour: number;
  dashed?: true;
}[] = [
  { column: 'gumbel-softmax', subject: 'Gumbel-Softmax', split: 'relaxed', colour: 0 },
  {
    column: 'st-gumbel-softmax',
    subject: 'Gumbel-Softmax',
    split: 'straight-through',
    colour: 0,
    dashed: true,
  },
  { column: 'straight-through', subject: 'straight-through', split: 'plain', colour: 1 },
  { column: 'slope-annealed', subject: 'straight-through', split: 'slope-annealed', colour: 1, dashed: true },
  { column: 'muprop', subject: 'score function', split: 'MuProp', colour: 2 },
  { column: 'nvil', subject: 'score function', split: 'NVIL', colour: 2, dashed: true },
];

function figures(cells: Cells): Chart {
  const panels = ROW_NAMES.map(
    (row): Panel => ({
      title: TITLES[row],
      series: DRAWN.flatMap(({ column, ...style }): Series[] => {
        const cell = cells.get(cellName(row, column));
        return cell ? [{ ...style, points: points(cell, 'validation') }] : [];
      }),
    }),
  );
  const drawn = panels.filter(({ series }) => series.length > 0);
  return {
    title: 'Figures 3 and 4: validation images, one sample each',
    xLabel: 'training samples',
    yLabel: 'nats per image',
    rows: [drawn.slice(0, 2), drawn.slice(2)].filter((row) => row.length > 0),
  };
}

export const gumbelTable1: Experiment = {
  id: 'gumbel-table-1',
  title: 'Gumbel-Softmax, Table 1 and Figures 3 and 4: estimators through discrete latents',
  length: (cells) =>
    `The paper does not say; the axes of its Figures 3 and 4 run to about 500 000 steps of 100 images. The cells here have ${samplesOf(cells)} samples.`,
  report: (cells) => ({
    claims: table1Claims(cells),
    chart: figures(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      ...chosenRates(cells),
      ...unsettled(cells),
      ...secondSeeds(cells),
      ...absentCells(
        ROW_NAMES,
        COLUMN_NAMES,
        (row, column) => cells.has(cellName(row, column)),
        { row: (row) => TITLES[row], column: (column) => TITLES[column] },
        'for want of processor time',
      ),
      'SF is NVIL, the score function with centring, variance normalisation and an input-dependent baseline. The deviation divides all of its gradient in the logits, that of the KL term too, which would outweigh the rest otherwise; of MuProp it divides the bracket alone, which makes it a biased estimator. DARN is the form of Gu et al. 2016, without variance normalisation, which the paper says it needed and defines for no such form; what the paper used for categorical units it does not say.',
      'The figures draw three families in two forms each; DARN stands in the table alone.',
      'SBN is judged by the log of the mean of p over 1000 samples, which is what the papers of this protocol do; the formula that is printed averages log p.',
    ],
  }),
  load: () => import('./table-1.ts'),
};
