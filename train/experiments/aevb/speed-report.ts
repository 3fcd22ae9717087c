// Training speed beside that of Kingma & Welling 2013: 20 to 40 minutes for a million samples.
import { formatNumber } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, samplesOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { verdictOf } from '../judge.ts';

const rate = (cell: Cell, name: string): number | undefined => quantityOf(cell, name)?.value;
const ratio = (cell: Cell, name: string): number | undefined => {
  const [own, paper] = [rate(cell, 'samples per second'), rate(cell, name)];
  return own !== undefined && paper !== undefined ? own / paper : undefined;
};

const COLUMNS: Column<Cell>[] = [
  { name: 'cell', kind: 'text', of: ({ cell }) => cell },
  { name: 'samples/s', kind: 'number', decimals: 0, of: (cell) => rate(cell, 'samples per second') },
  { name: 'best round', kind: 'number', decimals: 0, of: (cell) => rate(cell, 'best round') },
  { name: 'the paper, slowest', kind: 'number', decimals: 0, of: (cell) => rate(cell, 'paper, slowest') },
  { name: 'the paper, fastest', kind: 'number', decimals: 0, of: (cell) => rate(cell, 'paper, fastest') },
  { name: 'times its slowest', kind: 'number', decimals: 0, of: (cell) => ratio(cell, 'paper, slowest') },
  { name: 'times its fastest', kind: 'number', decimals: 0, of: (cell) => ratio(cell, 'paper, fastest') },
  {
    name: 'on',
    kind: 'text',
    of: ({ machine: { processor, threads } }) => `${processor}, ${threads} thread${threads === 1 ? '' : 's'}`,
  },
  { name: 'load', kind: 'number', decimals: 1, of: ({ machine }) => machine.load },
];

export function speedClaims(cells: Cells): Claim[] {
  const ratios = [...cells.values()].flatMap((cell) => ratio(cell, 'paper, fastest') ?? []);
  const minutes = [...cells.values()].flatMap(
    (cell) => 1e6 / 60 / (rate(cell, 'samples per second') ?? Number.NaN),
  );
  if (ratios.length === 0) return [];
  return [
    {
      claim: 'A million training samples take 20 to 40 minutes or less',
      verdict: verdictOf(ratios.filter((times) => times >= 1).length, ratios.length),
      found: `They take ${formatNumber(Math.min(...minutes), 1)} to ${formatNumber(Math.max(...minutes), 1)} minutes; the paper’s processor did about 40 GFLOPS.`,
    },
  ];
}

export const aevbSpeed: Experiment = {
  id: 'aevb-speed',
  title: 'AEVB: speed',
  length: (cells) =>
    `The paper gives minutes for a million training samples; here rounds of ${samplesOf(cells)} samples in all were timed.`,
  report: (cells) => ({
    claims: speedClaims(cells),
    table: tableOf([...cells.values()], COLUMNS),
    notes: ['The load is that of the whole machine, other work included; rates suffer from it.'],
  }),
  load: () => import('./speed.ts'),
};
