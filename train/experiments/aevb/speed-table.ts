// Training speed beside that of Kingma & Welling 2013: 20 to 40 minutes for a million samples.

import type { Claim } from '../../../figures/section.ts';
import type { Row } from '../../../figures/table.ts';
import type { Cell } from '../cells.ts';

const rounded = ({ values }: Cell, name: string): number => Math.round(values[name]!.value);

export const speedRows = (cells: Map<string, Cell>): Row[] =>
  [...cells.values()].map((cell) => {
    const of = (name: string) => rounded(cell, name);
    const { processor, threads, load } = cell.machine;
    return {
      cell: cell.cell,
      'samples/s': of('samples per second'),
      'best round': of('best round'),
      'the paper': `${of('paper, slowest')} to ${of('paper, fastest')}`,
      'times the paper': `${(of('samples per second') / of('paper, fastest')).toFixed(0)} to ${(of('samples per second') / of('paper, slowest')).toFixed(0)}`,
      on: `${processor}, ${threads} thread${threads === 1 ? '' : 's'}, load ${load.toFixed(1)}`,
    };
  });

export function speedClaims(cells: Map<string, Cell>): Claim[] {
  const all = [...cells.values()];
  const minutes = all.map((cell) => 1e6 / 60 / rounded(cell, 'samples per second'));
  const fast = all.every((cell) => rounded(cell, 'samples per second') >= rounded(cell, 'paper, fastest'));
  return [
    {
      claim: 'A million training samples take 20 to 40 minutes or less',
      verdict: fast ? 'held' : 'not held',
      found: `They take ${Math.min(...minutes).toFixed(1)} to ${Math.max(...minutes).toFixed(1)} minutes.`,
    },
  ];
}
