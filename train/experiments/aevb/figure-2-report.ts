// Figure 2 of Kingma & Welling 2013: the lower bound against training samples, AEVB beside wake-sleep.
import { formatCount, formatNumber } from '../../../figures/numbers.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { samplesOf } from '../cells.ts';
import type { Cells, Experiment } from '../experiment.ts';
import { listOf } from '../words.ts';
import { curveOf, figure2, latentTitle } from './charts.ts';
import { figure2Claims, type Standing, standingsOf } from './figure-2-claims.ts';

const COLUMNS: Column<Standing>[] = [
  { name: 'panel', kind: 'text', of: ({ panel }) => latentTitle(panel) },
  { name: 'samples', kind: 'number', of: ({ samples }) => samples },
  { name: 'AEVB train', kind: 'number', decimals: 2, of: ({ aevb }) => aevb.train },
  { name: 'AEVB test', kind: 'number', decimals: 2, of: ({ aevb }) => aevb.test },
  { name: 'wake-sleep train', kind: 'number', decimals: 2, of: ({ wakeSleep }) => wakeSleep.train },
  { name: 'wake-sleep test', kind: 'number', decimals: 2, of: ({ wakeSleep }) => wakeSleep.test },
  { name: 'AEVB ahead, test', kind: 'number', decimals: 2, of: ({ lead }) => lead },
  { name: 'points measured', kind: 'number', of: ({ points }) => points },
  { name: 'AEVB ahead at', kind: 'number', of: ({ ahead }) => ahead },
  {
    name: 'parameters start from',
    kind: 'text',
    of: ({ starts }) => starts ?? '0.01, earlier protocol',
  },
  { name: 'come to rest', kind: 'text', of: ({ atRest }) => (atRest ? 'yes' : 'no') },
];

/** Which runs had the best of each start judged once more, after a million samples. */
function judgedLate(cells: Cells): string {
  const late = [...cells.values()].filter(({ settings: { tried } }) =>
    (Array.isArray(tried) ? tried : []).some((text) => String(text).endsWith(' after 1000000')),
  );
  const panels = late.map(({ cell }) => latentTitle(cell.replace(/-wake-sleep$/, '')));
  return late.length === 0 ? '' : `, of wake-sleep with ${listOf(panels)} after a million as well`;
}

/** Where the errors of leads are from. */
function errorsOf(standings: readonly Standing[]): string {
  const apart = standings.filter(({ lead }) => !lead.paired && lead.standardError !== undefined);
  const paired = standings.some(({ lead }) => lead.paired);
  return [
    paired
      ? 'Leads at the end of both methods have the errors of paired differences, group by group of 100 images or block by block of video.'
      : '',
    apart.length > 0
      ? `Errors of the lead are those of independent bounds, which is too much, with ${listOf(apart.map(({ panel }) => latentTitle(panel)))}, where bounds were not kept or one method went on.`
      : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** Nats below its best from which on a bound counts as one that falls. */
const FALL_NATS = 1;

/** Runs that went on beyond their best training bound: their start and step were chosen before that. */
function fallsOf(cells: Cells): string {
  const falls = [...cells.values()].flatMap((cell) => {
    const curve = curveOf(cell, 'train', 'train bound');
    const last = curve.at(-1);
    if (!last) return [];
    const best = curve.reduce((a, b) => (b[1] > a[1] ? b : a), last);
    if (best[1] - last[1] < FALL_NATS) return [];
    const [, panel, method] = /^(.+?)-(aevb|wake-sleep)$/.exec(cell.cell)!;
    return [
      `${method === 'aevb' ? 'AEVB' : method} with ${latentTitle(panel!)} (${formatNumber(best[1], 2)} after ${formatCount(best[0])} samples, ${formatNumber(last[1], 2)} after ${formatCount(last[0])})`,
    ];
  });
  return falls.length === 0
    ? ''
    : `The training bound falls again of ${listOf(falls)}: start and step were chosen before that, and a smaller step may hold on to its best.`;
}

export const aevbFigure2: Experiment = {
  id: 'aevb-figure-2',
  title: 'AEVB, Figure 2: lower bound',
  length: (cells) =>
    `The axes of the paper’s figure end at about 100 million training samples; the cells here have ${samplesOf(cells)}.`,
  report: (cells) => ({
    claims: figure2Claims(cells),
    chart: figure2(cells),
    table: tableOf(standingsOf(cells), COLUMNS),
    notes: [
      `Parameters start from N(0, d²), d being what the table says of AEVB and of wake-sleep, or, at fan-in, weights with 1/√fan-in and biases with 0.01: what is best on training images after 100 000 samples${judgedLate(cells)}.`,
      'Samples are training images; the dreams of wake-sleep, as many again, are not counted. Methods are compared at samples that both have.',
      errorsOf(standingsOf(cells)),
      fallsOf(cells),
    ].filter((note) => note !== ''),
  }),
  load: () => import('./figure-2.ts'),
};
