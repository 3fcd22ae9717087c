// Bias and variance of the estimators for discrete latents, from their cells.
import { formatNumber } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';
import { estimatorsChart } from './estimators-chart.ts';
import { type Found, foundOf } from './estimators-found.ts';

const UNBIASED = ['score-function', 'centred-score-function', 'muprop', 'arm', 'rebar'];

type Row = { cell: Cell; found: Found };

/** One row for each estimator and temperature, after the last stage of training. */
function rowsOf(cells: Cells): Row[] {
  return [...cells.values()].flatMap((cell) => {
    const all = foundOf(cell);
    const last = all.at(-1)!.steps;
    return all.filter(({ steps }) => steps === last).map((found) => ({ cell, found }));
  });
}

const hasTemperature = ({ settings }: Cell): boolean => (settings.temperatures as number[]).length > 1;

/** A bias of less than twice the noise of its measurement is not seen. */
const isSeen = ({ bias, floor }: Found): boolean => bias > 2 * floor;

/** Bias, deviation and cosine of the first stage too: what training does to an estimator. */
const firstOf = ({ cell, found }: Row): Found | undefined =>
  foundOf(cell).find(({ temperature }) => temperature === found.temperature);

const number = (name: string, of: (row: Row) => number | undefined): Column<Row> => ({
  name,
  kind: 'number',
  decimals: 3,
  of,
});

const COLUMNS: Column<Row>[] = [
  { name: 'codes', kind: 'text', of: ({ cell }) => (cell.settings.kind === 'bernoulli' ? '8 bits' : '4×4') },
  { name: 'estimator', kind: 'text', of: ({ cell }) => String(cell.settings.estimator).replaceAll('-', ' ') },
  {
    name: 'temperature',
    kind: 'number',
    of: ({ cell, found }) => (hasTemperature(cell) ? found.temperature : undefined),
  },
  number('bias', ({ found }) => (isSeen(found) ? found.bias : undefined)),
  number('seen from', ({ found }) => 2 * found.floor),
  number('deviation', ({ found }) => found.deviation),
  number('cosine', ({ found }) => found.cosine),
  number('bias at the start', (row) => {
    const first = firstOf(row);
    return first && isSeen(first) ? first.bias : undefined;
  }),
  number('deviation at the start', (row) => firstOf(row)?.deviation),
];

const nameOf = ({ settings }: Cell): string => `${settings.estimator} (${settings.kind})`;

/** What theory says, held against what was measured. */
export function estimatorClaims(cells: Cells): Claim[] {
  const unbiased = [...cells.values()].filter(({ settings }) =>
    UNBIASED.includes(String(settings.estimator)),
  );
  if (unbiased.length === 0) return [];
  // Three floors: about a hundred places are looked at.
  const wrong = unbiased.filter((cell) => foundOf(cell).some(({ bias, floor }) => bias > 3 * floor));
  const biasOf = (name: string) =>
    foundOf(cells.get(name)!).findLast(({ temperature }) => temperature === 1)!.bias;
  const kinds = ['bernoulli', 'categorical'].filter((kind) =>
    ['straight-through', 'reinmax'].every((name) => cells.has(`${kind}-${name}`)),
  );
  return [
    {
      claim: 'The score function, MuProp, ARM and REBAR are unbiased',
      verdict: verdictOf(unbiased.length - wrong.length, unbiased.length),
      found: `A bias was seen in ${wrong.length === 0 ? 'none' : listOf(wrong.map(nameOf))} of ${unbiased.length} cells, at every stage and temperature.`,
    },
    ...(kinds.length === 0
      ? []
      : [
          {
            claim: 'ReinMax, of second order, is less biased than straight-through, of first order',
            verdict: verdictOf(
              kinds.filter((kind) => biasOf(`${kind}-reinmax`) < biasOf(`${kind}-straight-through`)).length,
              kinds.length,
            ),
            found: `${listOf(
              kinds.map(
                (kind) =>
                  `${formatNumber(biasOf(`${kind}-reinmax`), 3)} against ${formatNumber(biasOf(`${kind}-straight-through`), 3)} of the gradient's length (${kind})`,
              ),
            )}.`,
          },
        ]),
  ];
}

export const gumbelEstimators: Experiment = {
  id: 'gumbel-estimators',
  title: 'Bias and variance of every estimator through discrete latents',
  length: (cells) =>
    `Not in a paper: small VAEs whose 256 codes can be enumerated, ${[...cells.values()][0]!.settings.draws} draws of each gradient. ${cells.size} of 25 estimators and kinds of codes are measured so far.`,
  report: (cells) => ({
    claims: estimatorClaims(cells),
    chart: estimatorsChart(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      'Everything is relative to the length of the exact gradient, at the end of training unless it says otherwise. A dash under bias: none was seen above the noise of its measurement.',
      'In the chart an estimator without a temperature is a level line: straight-through, DARN, MuProp and ARM. The score function is in the table alone: it deviates too far.',
      'VIMCO is left out: it follows the bound of several samples, another gradient. So is NVIL, whose network would have to be trained along; its expectation is that of the centred score function.',
    ],
  }),
  load: () => import('./estimators.ts'),
};
