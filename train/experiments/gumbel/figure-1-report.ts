// Figure 1 of Jang, Gu & Poole 2017: what a relaxed variable expects and draws, by its temperature.
import type { Chart, Panel } from '../../../figures/chart.ts';
import { formatNumber, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { columnsOf, quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';
import { DRAWN, nameOfMean, nameOfSample, PAPER_TEMPERATURES } from './figure-1-cells.ts';

/** Categories that are drawn, the likeliest, a middling and the least likely one, from 0. */
const SHOWN = [2, 4, 0];

const cellOf = (cells: Cells): Cell | undefined => [...cells.values()][0];
const probabilitiesOf = ({ settings }: Cell): number[] => settings.probabilities as number[];

const meanOf = (cell: Cell, temperature: number, category: number): Quantity =>
  quantityOf(cell, nameOfMean(temperature, category))!;

/** Half of Σ |a − b|. */
const variation = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, k) => sum + Math.abs(x - b[k]!) / 2, 0);

/** From cold to hot the expectation leaves the probabilities and nears the uniform ones, step by step. */
export function figure1Claims(cells: Cells): Claim[] {
  const cell = cellOf(cells);
  if (!cell) return [];
  const own = probabilitiesOf(cell);
  const even = own.map(() => 1 / own.length);
  const distances = PAPER_TEMPERATURES.map((temperature) => {
    const mean = own.map((_, k) => meanOf(cell, temperature, k).value);
    return { temperature, own: variation(mean, own), even: variation(mean, even) };
  });
  const steps = distances.slice(1).map((hot, i) => {
    const cold = distances[i]!;
    return hot.own > cold.own && hot.even < cold.even;
  });
  const said = distances.map(
    ({ temperature, own, even }) =>
      `${formatNumber(own, 3)} from the probabilities and ${formatNumber(even, 3)} from uniform ones at τ = ${temperature}`,
  );
  return [
    {
      claim:
        'A relaxed variable expects the probabilities of the categorical one when it is cold, and uniform ones when it is hot',
      verdict: verdictOf(steps.filter(Boolean).length, steps.length),
      found: `In total variation it is ${listOf(said)}.`,
    },
  ];
}

function chart(cell: Cell): Chart {
  const own = probabilitiesOf(cell);
  const panel = (title: string, column: (category: number) => string): Panel => ({
    title,
    series: SHOWN.map((category, colour) => ({
      subject: `π = ${own[category]}`,
      split: 'weight',
      colour,
      points: columnsOf(cell, 'temperature', column(category)),
    })),
  });
  return {
    title: 'Figure 1: a categorical variable, relaxed',
    xLabel: 'temperature',
    xUnit: 'temperature',
    yLabel: 'weight of a category',
    rows: [
      [
        panel('expectation', (category) => `expectation ${category + 1}`),
        ...DRAWN.map((sample) => panel(`sample ${sample + 1}`, (category) => nameOfSample(sample, category))),
      ],
    ],
  };
}

type Row = { cell: Cell; temperature: number | undefined };

const columnsFor = (cell: Cell): Column<Row>[] => [
  {
    name: 'expectation',
    kind: 'text',
    of: ({ temperature }) => (temperature === undefined ? 'probabilities' : `τ = ${temperature}`),
  },
  ...probabilitiesOf(cell).map(
    (probability, category): Column<Row> => ({
      name: `category ${category + 1}`,
      kind: 'number',
      decimals: 3,
      of: ({ temperature }) =>
        temperature === undefined ? probability : meanOf(cell, temperature, category),
    }),
  ),
];

export const gumbelFigure1: Experiment = {
  id: 'gumbel-figure-1',
  title: 'Gumbel-Softmax, Figure 1: a categorical variable, relaxed',
  length: () => 'Nothing is trained, here or in the paper.',
  report(cells) {
    const cell = cellOf(cells);
    if (!cell) return {};
    return {
      claims: figure1Claims(cells),
      chart: chart(cell),
      table: tableOf(
        [undefined, ...PAPER_TEMPERATURES].map((temperature) => ({ cell, temperature })),
        columnsFor(cell),
      ),
      notes: [
        'The paper draws bars at τ = 0.1, 0.5, 1 and 10; here the temperature runs between these, with three of the categories. The noise of a sample stays the same as its temperature changes. The paper does not state its probabilities: these are our own.',
      ],
    };
  },
  load: () => import('./figure-1.ts'),
};
