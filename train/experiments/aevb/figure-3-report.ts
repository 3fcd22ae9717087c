// Figure 3 of Kingma & Welling 2013: marginal likelihood against training samples, with few training images and many.
import { formatCount, formatNumber, formatQuantity, type Quantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { isAtRest, signOf, verdictAtRest, verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';
import { countTitle, curveOf, figure3, TITLES } from './charts.ts';
import { leadOf, panelsOf } from './pairs.ts';

/** An estimate of log p(x) so many of its errors below a lower bound on it is wrong. */
const ERRORS = 2;

/** Of the estimator before this one, whose chains all started at z = 0. */
const isEarlier = ({ settings }: Cell): boolean => settings.initialisation === undefined;

const COLUMNS: Column<Cell>[] = [
  { name: 'N_train', kind: 'number', of: ({ data }) => data.train },
  { name: 'method', kind: 'text', of: ({ settings }) => String(settings.method) },
  { name: 'samples', kind: 'number', of: ({ samples }) => samples },
  { name: 'log p(x), train', kind: 'number', decimals: 2, of: (cell) => quantityOf(cell, 'train') },
  { name: 'log p(x), test', kind: 'number', decimals: 2, of: (cell) => quantityOf(cell, 'test') },
  {
    name: 'estimator',
    kind: 'text',
    of: (cell) => (isEarlier(cell) ? 'earlier, may be too low' : 'present'),
  },
];

/** Estimates that stand below the model's own lower bound at the end of a cell. */
export function impossible(cells: Cells): string[] {
  return [...cells.values()].flatMap((cell) =>
    (['train', 'test'] as const).flatMap((split) => {
      const columns = cell.curve?.columns ?? [];
      const at = columns.indexOf(`${split} bound`);
      const bound = cell.curve?.rows.at(-1)?.[at];
      const estimate = quantityOf(cell, split);
      if (bound === undefined || !estimate) return [];
      const { value, standardError = 0 } = estimate;
      return value + ERRORS * standardError < bound
        ? [`${cell.cell}, ${split}: ${formatQuantity(estimate)}, bound ${formatNumber(bound, 2)}`]
        : [];
    }),
  );
}

type Lead = { ahead: boolean; atRest: boolean; paired: boolean; text: string };

/** `2.26 ± 0.60 nats above`, or below. */
const standing = (found: Quantity): string =>
  `${formatQuantity({ ...found, value: Math.abs(found.value) })} nats ${found.value < 0 ? 'below' : 'above'}`;

/** How AEVB stands to every other method of its panels, on the images of `split`. */
function leadsOf(cells: Cells, split: 'train' | 'test'): Lead[] {
  const curve = (name: string) => curveOf(cells.get(name)!, split, `${split} log p(x)`);
  return (['wake-sleep', 'mcem'] as const).flatMap((rival) =>
    panelsOf(cells, rival).flatMap((panel): Lead[] => {
      const names = [`${panel}-aevb`, `${panel}-${rival}`] as const;
      const [own, other] = names.map((name) => cells.get(name)!) as [Cell, Cell];
      const last = leadOf({ own, other, split, column: `${split} log p(x)` });
      if (!last) return [];
      const { samples, found } = last;
      return [
        {
          ahead: signOf(found) > 0,
          atRest: names.every((name) => isAtRest(curve(name))),
          paired: found.paired,
          text: `${standing(found)} ${TITLES[rival]} (${countTitle(panel)}, after ${formatCount(samples)} samples)`,
        },
      ];
    }),
  );
}

const CLAIM = 'AEVB reaches the highest marginal likelihood, with few training images and with many';

export function figure3Claims(all: Cells): Claim[] {
  const cells = new Map([...all].filter(([, cell]) => !isEarlier(cell)));
  const leads = leadsOf(cells, 'test');
  if (leads.length === 0)
    return all.size === 0
      ? []
      : [
          {
            claim: CLAIM,
            verdict: 'not reached',
            found: 'No two methods have been measured by the present estimator.',
          },
        ];
  const wrong = impossible(cells);
  const ahead = leads.filter((lead) => lead.ahead).length;
  const moving = leads.filter(({ atRest }) => !atRest).length;
  const errors = leads.every(({ paired }) => paired)
    ? 'Errors are those of differences image by image.'
    : 'Errors were taken for independent where figures were not kept image by image.';
  const rest =
    moving === 0
      ? 'All curves have come to rest.'
      : `In ${moving} of ${leads.length} comparisons a curve has not come to rest.`;
  const doubt =
    wrong.length === 0
      ? ''
      : ` Some of these estimates cannot be right, being below the model’s own lower bound: ${wrong.join('; ')}.`;
  // What is seen is fitted as well as the method can; the claim is judged by what is not.
  const behind = leadsOf(cells, 'train').filter((lead) => !lead.ahead);
  const fitted =
    behind.length === 0 ? '' : ` On the training images it is ${listOf(behind.map(({ text }) => text))}.`;
  return [
    {
      claim: CLAIM,
      verdict:
        wrong.length > 0
          ? 'not reached'
          : verdictAtRest({ ahead, moving, of: leads.length }, verdictOf(ahead, leads.length)),
      found: `On the test set AEVB is ${listOf(leads.map(({ text }) => text))}.${fitted} ${rest} ${errors}${doubt}`,
    },
  ];
}

export function figure3Notes(cells: Cells): string[] {
  const earlier = [...cells.values()].filter(isEarlier);
  if (earlier.length === 0) return [];
  const wrong = impossible(new Map(earlier.map((cell) => [cell.cell, cell])));
  const below =
    wrong.length === 0 ? '' : ` Below the model’s own lower bound, and so wrong, are: ${wrong.join('; ')}.`;
  return [
    `${listOf(earlier.map(({ cell }) => cell))} ${earlier.length === 1 ? 'is' : 'are'} of an earlier estimator, whose chains all started at z = 0 and did not find other modes: its estimates may be many nats too low, and no claim rests on them.${below}`,
  ];
}

export const aevbFigure3: Experiment = {
  id: 'aevb-figure-3',
  title: 'AEVB, Figure 3: marginal likelihood',
  length: (cells) =>
    `The axis of the paper’s figure ends at about 60 million training samples; the cells here have ${samplesOf(cells)}.`,
  report: (cells) => ({
    claims: figure3Claims(cells),
    chart: figure3(cells),
    table: tableOf(
      [...cells.values()].sort((a, b) => a.data.train - b.data.train),
      COLUMNS,
    ),
    notes: figure3Notes(cells),
  }),
  load: () => import('./figure-3.ts'),
};
