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

/** The least bias that would be seen, twice the noise of its measurement: what is less may be there. */
const seenFrom = ({ floor }: Found): number => 2 * floor;
const isSeen = (found: Found): boolean => found.bias > seenFrom(found);

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
  number('seen from', ({ found }) => seenFrom(found)),
  number('deviation', ({ found }) => found.deviation),
  number('cosine', ({ found }) => found.cosine),
  number('bias at the start', (row) => {
    const first = firstOf(row);
    return first && isSeen(first) ? first.bias : undefined;
  }),
  number('deviation at the start', (row) => firstOf(row)?.deviation),
];

const nameOf = ({ settings }: Cell): string => `${settings.estimator} (${settings.kind})`;

/** As many lengths of the gradient, seen or at most. */
const size = (found: Found): number => (isSeen(found) ? found.bias : seenFrom(found));
const sizeText = (found: Found): string =>
  isSeen(found) ? formatNumber(found.bias, 3) : `none above ${formatNumber(seenFrom(found), 3)}`;

/** Estimates so noisy that a bias as long as the gradient would be missed decide nothing. */
const isTooNoisy = (cell: Cell): boolean => {
  const all = foundOf(cell);
  const last = all.at(-1)!.steps;
  return all.some((found) => found.steps === last && seenFrom(found) >= 1);
};

/** What theory says, held against what was measured. */
export function estimatorClaims(cells: Cells): Claim[] {
  const unbiased = [...cells.values()].filter(({ settings }) =>
    UNBIASED.includes(String(settings.estimator)),
  );
  if (unbiased.length === 0) return [];
  // Three floors: about a hundred places are looked at.
  const wrong = unbiased.filter((cell) => foundOf(cell).some(({ bias, floor }) => bias > 3 * floor));
  const noisy = unbiased.filter((cell) => isTooNoisy(cell) && !wrong.includes(cell));
  const at1 = (name: string) => foundOf(cells.get(name)!).findLast(({ temperature }) => temperature === 1)!;
  const kinds = ['bernoulli', 'categorical'].filter((kind) =>
    ['straight-through', 'reinmax'].every((name) => cells.has(`${kind}-${name}`)),
  );
  return [
    {
      claim: 'The score function, MuProp, ARM and REBAR are unbiased',
      verdict:
        noisy.length === unbiased.length
          ? 'not reached'
          : verdictOf(unbiased.length - wrong.length - noisy.length, unbiased.length),
      found: `A bias was seen in ${wrong.length === 0 ? 'none' : listOf(wrong.map(nameOf))} of ${unbiased.length} cells, at every stage and temperature.${noisy.length === 0 ? '' : ` At the end of training one as long as the gradient itself would have been missed with ${listOf(noisy.map(nameOf))}, which deviate too far.`}`,
    },
    ...(kinds.length === 0
      ? []
      : [
          {
            claim: 'ReinMax, of second order, is less biased than straight-through, of first order',
            verdict: verdictOf(
              kinds.filter((kind) => size(at1(`${kind}-reinmax`)) < at1(`${kind}-straight-through`).bias)
                .length,
              kinds.length,
            ),
            found: `In lengths of the gradient, at temperature 1: ${listOf(
              kinds.map(
                (kind) =>
                  `${sizeText(at1(`${kind}-reinmax`))}, against ${sizeText(at1(`${kind}-straight-through`))} (${kind})`,
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
    `Not in a paper: small VAEs whose 256 codes can be enumerated, ${[...cells.values()][0]!.settings.draws} draws of each gradient. ${cells.size} pairs of an estimator and a kind of codes are measured.`,
  report: (cells) => ({
    claims: estimatorClaims(cells),
    chart: estimatorsChart(cells),
    table: tableOf(rowsOf(cells), COLUMNS),
    notes: [
      'Everything is relative to the length of the exact gradient, at the end of training unless it says otherwise. A dash under bias: none was seen above the noise of its measurement.',
      'In the chart an estimator without a temperature is a level line: straight-through, DARN, MuProp and ARM. The score function is in the table alone: it deviates too far.',
      'The panels in training are at temperature 1, by the step whose gradient was measured: the first, before any update, and those after the other stages. There the slope of annealed straight-through is 1, which makes it straight-through.',
      'VIMCO is left out: it follows the bound of several samples, another gradient. So is NVIL, whose network would have to be trained along; its expectation is that of the centred score function. MuProp is measured without variance normalisation, which would make it biased; Gumbel-Rao averages 10 draws.',
    ],
  }),
  load: () => import('./estimators.ts'),
};
