// Table 2 of Jang, Gu & Poole 2017 from its cells, beside what the paper has.
import { formatCount, formatNumber, formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import type { ClassGradient } from '../../methods/semi-supervised.ts';
import { quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { difference, equivalence, signOf, verdictAtRest, verdictOfSigns } from '../judge.ts';
import { absentCells, listOf } from '../words.ts';
import { CHOOSING, EPOCHS, ROW_NAMES, ROWS, UNLABELLED } from './table-2-cells.ts';

/** Points of accuracy within which two rows are alike: as far as the rows that the paper calls so are apart, 93.6 and 92.6. */
const MARGIN = 1;

type Row = { name: ClassGradient; cell: Cell };

const rowsOf = (cells: Cells): Row[] =>
  ROW_NAMES.flatMap((name) => {
    const cell = cells.get(name);
    return cell ? [{ name, cell }] : [];
  });

const number = (name: string, title: string, decimals: number, unit?: string): Column<Row> => ({
  name: title,
  kind: 'number',
  decimals,
  ...(unit ? { unit } : {}),
  of: ({ cell }) => quantityOf(cell, name),
});

const COLUMNS: Column<Row>[] = [
  { name: 'class of images without label', kind: 'text', of: ({ name }) => ROWS[name].title },
  number('accuracy', 'accuracy', 2, '%'),
  number('spread', 'spread over subsets', 2, '%'),
  { name: 'paper', kind: 'number', decimals: 1, unit: '%', of: ({ name }) => ROWS[name].accuracy },
  number('elbo', 'ELBO', 1, 'nats'),
  { name: 'ELBO, paper', kind: 'number', decimals: 1, unit: 'nats', of: ({ name }) => ROWS[name].elbo },
  number('step', 'a step', 0, 'ms'),
  { name: 'α', kind: 'number', of: ({ cell }) => Number(cell.settings.alpha) },
];

export function table2Claims(cells: Cells): Claim[] {
  const rows = rowsOf(cells);
  if (rows.length === 0) return [];
  const accuracy = (cell: Cell) => quantityOf(cell, 'accuracy')!;
  const reached = rows.filter(({ name, cell }) => accuracy(cell).value >= ROWS[name].accuracy);
  const claims: Claim[] = [
    {
      claim: `From 100 labels M2 tells ${listOf(rows.map(({ name }) => `${formatNumber(ROWS[name].accuracy, 1)} % (${ROWS[name].title})`))} of test images`,
      // That short runs stay below says nothing of long ones.
      verdict: reached.length === rows.length ? 'held' : 'not reached',
      found: `${listOf(rows.map(({ name, cell }) => `${formatQuantity(accuracy(cell))} % (${ROWS[name].title})`))}.`,
    },
  ];
  const summed = cells.get('marginalised');
  const drawn = rows.filter(({ name }) => name !== 'marginalised');
  if (!summed || drawn.length === 0) return claims;
  const gaps = drawn.map(({ name, cell }) => ({ name, gap: difference(cell, summed, 'accuracy')! }));
  const alike = gaps.map(({ gap }) => equivalence(gap, MARGIN));
  const epochsOf = (cell: Cell) => Number(cell.settings.epochs);
  claims.push({
    claim: `A class that is drawn by Gumbel-Softmax is told as often as one that is summed over, within ${MARGIN} point of accuracy either way`,
    verdict: verdictAtRest(
      {
        ahead: alike.filter((sign) => sign > 0).length,
        moving: [summed, ...drawn.map(({ cell }) => cell)].filter((cell) => epochsOf(cell) < EPOCHS).length,
        of: alike.length,
      },
      verdictOfSigns(alike),
    ),
    found: `${listOf(gaps.map(({ name, gap }) => `${ROWS[name].title} is ${formatQuantity(gap)} points away`))}, subset by subset, after ${listOf([...new Set(rows.map(({ cell }) => `${epochsOf(cell)}`))])} of ${EPOCHS} epochs; twice the error counts as the difference might be. The margin is how far the rows of the paper are apart.`,
  });
  const straight = gaps.filter(({ name }) => name === 'st-gumbel-softmax');
  const said = (of: typeof gaps) =>
    listOf(
      of.map(
        ({ name, gap }) => `${ROWS[name].title} ${formatQuantity(gap)} points from summing over classes`,
      ),
    );
  const step = (cell: Cell) => quantityOf(cell, 'step')!.value;
  if (straight.length > 0)
    claims.push({
      claim: 'Straight-through Gumbel-Softmax tells more images than summing over classes',
      verdict: verdictOfSigns(straight.map(({ gap }) => signOf(gap))),
      found: `${said(straight)}, subset by subset.`,
    });
  claims.push({
    claim: 'A class that is drawn makes a step cheaper than one that is summed over',
    verdict: verdictOfSigns(drawn.map(({ cell }) => step(summed) - step(cell))),
    found: `${listOf(drawn.map(({ name, cell }) => `${formatNumber(step(summed) / step(cell), 1)} times as many steps in the same time (${ROWS[name].title})`))}; ${said(gaps)}.`,
  });
  return claims;
}

export const gumbelTable2: Experiment = {
  id: 'gumbel-table-2',
  title: 'Gumbel-Softmax, Table 2: classes from 100 labels',
  length: (cells) =>
    `The paper does not say how long it trained. Each run here saw ${samplesOf(cells)} images without label (there are ${formatCount(UNLABELLED)}; a full run sees ${formatCount(EPOCHS * UNLABELLED)}).`,
  report: (cells) => ({
    claims: table2Claims(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      `Weights α of log q(y|x) are chosen by the labels of ${CHOOSING} held-out images, which are more than those that training is told; the paper chose by the test set. The test set was read at the end of each run of the weight that was chosen, and before these cells by others of one epoch and a run of three with fully connected networks, and by four runs of a weight that runs of one epoch had chosen.`,
      'The widths of the convolutional networks of the paper are not stated. Errors are those of the mean over subsets of labels.',
      ...(rowsOf(cells).some(
        ({ cell: { settings } }) => settings.alpha === Math.max(...(settings.alphas as number[])),
      )
        ? ['The weight that was chosen is the largest of those tried: a better one may lie beyond.']
        : []),
      ...absentCells(
        ['Table 2'],
        ROW_NAMES,
        (_, name) => cells.has(name),
        { row: (table) => table, column: (name) => ROWS[name].title },
        'for want of processor time',
      ),
    ],
  }),
  load: () => import('./table-2.ts'),
};
