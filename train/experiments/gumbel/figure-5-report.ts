// Figure 5 of Jang, Gu & Poole 2017 from its cells, beside the ratios that the paper states.
import type { Chart } from '../../../figures/chart.ts';
import { formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { less, signOf, verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';

/** How many times as fast by Gumbel-Softmax, by the number of classes (Section 4.3). */
const PAPER: Record<number, number> = { 10: 2, 100: 9.9 };

const classesOf = ({ settings }: Cell): number => Number(settings.classes);
const figureOf = (cell: Cell, name: string): number => quantityOf(cell, name)!.value;

const COLUMNS: Column<Cell>[] = [
  { name: 'classes', kind: 'number', decimals: 0, of: classesOf },
  ...['marginalised', 'gumbel-softmax'].map(
    (name): Column<Cell> => ({
      name: name === 'marginalised' ? 'steps/s, summed over' : 'steps/s, drawn',
      kind: 'number',
      decimals: 2,
      of: (cell) => figureOf(cell, name),
    }),
  ),
  { name: 'times as fast', kind: 'number', decimals: 1, of: (cell) => quantityOf(cell, 'ratio') },
  { name: 'paper', kind: 'number', decimals: 1, of: (cell) => PAPER[classesOf(cell)] },
];

export function figure5Claims(cells: Cells): Claim[] {
  const stated = [...cells.values()].filter((cell) => PAPER[classesOf(cell)] !== undefined);
  if (stated.length === 0) return [];
  const times = (cell: Cell) => formatQuantity(quantityOf(cell, 'ratio')!, 2);
  const beyond = (cell: Cell) =>
    less(quantityOf(cell, 'ratio')!, { value: PAPER[classesOf(cell)]!, standardError: 0 });
  return [
    {
      claim:
        'One draw by Gumbel-Softmax is twice as fast as a sum over 10 classes, and 9.9 times as fast at 100',
      verdict: verdictOf(stated.filter((cell) => signOf(beyond(cell)) >= 0).length, stated.length),
      found: `${listOf(stated.map((cell) => `${times(cell)} times at ${classesOf(cell)}`))}, on a processor, where less counts beyond twice its error; those of the paper are of a GTX Titan X, and the widths of its convolutional networks are not stated.`,
    },
  ];
}

const chart = (cells: Cells): Chart => ({
  title: 'Figure 5: speed of training M2',
  xLabel: 'classes',
  yLabel: 'steps a second',
  rows: [
    [
      {
        title: 'M2',
        series: (['gumbel-softmax', 'marginalised'] as const).map((name, colour) => ({
          subject: name === 'marginalised' ? 'summed over' : 'Gumbel-Softmax',
          split: 'measured',
          colour,
          points: [...cells.values()].map((cell): [number, number] => [
            classesOf(cell),
            figureOf(cell, name),
          ]),
        })),
      },
    ],
  ],
});

export const gumbelFigure5: Experiment = {
  id: 'gumbel-figure-5',
  title: 'Gumbel-Softmax, Figure 5: speed against the number of classes',
  length: (cells) =>
    `The paper gives ratios at 10 and at 100 classes; here ${cells.size} numbers of classes were timed.`,
  report: (cells) => ({
    claims: figure5Claims(cells),
    chart: chart(cells),
    table: tableOf([...cells.values()], COLUMNS),
  }),
  load: () => import('./figure-5.ts'),
};
