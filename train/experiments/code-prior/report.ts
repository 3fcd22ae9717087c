// What a learned prior of codes is worth, from its cells.
import { formatNumber, formatQuantity } from '../../../figures/numbers.ts';
import type { Claim } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { signOf, verdictOf } from '../judge.ts';
import { listOf } from '../words.ts';

const number = (name: string, value = name): Column<Cell> => ({
  name,
  kind: 'number',
  decimals: 2,
  of: (cell) => quantityOf(cell, value),
});

const COLUMNS: Column<Cell>[] = [
  { name: 'model', kind: 'text', of: ({ cell }) => cell },
  number('NLL ≤, learned prior', 'nll, learned'),
  number('uniform codes', 'nll, uniform'),
  number('nats saved'),
  number('Fréchet distance, learned prior', 'frechet, learned'),
  number('uniform codes, Fréchet distance', 'frechet, uniform'),
];

export function codePriorClaims(cells: Cells): Claim[] {
  const all = [...cells.values()];
  if (all.length === 0) return [];
  const of = (cell: Cell, name: string) => quantityOf(cell, name)!;
  const better = (cell: Cell) =>
    signOf(of(cell, 'nats saved')) > 0 &&
    of(cell, 'frechet, learned').value < of(cell, 'frechet, uniform').value;
  return [
    {
      claim:
        'Models that were trained with a learned prior of codes lose likelihood and samples when uniform codes take its place',
      verdict: verdictOf(all.filter(better).length, all.length),
      found: `${listOf(
        all.map(
          (cell) =>
            `${cell.cell} ${formatQuantity(of(cell, 'nats saved'))} nats, and a Fréchet distance of ${formatNumber(of(cell, 'frechet, learned').value, 1)} against ${formatNumber(of(cell, 'frechet, uniform').value, 1)}`,
        ),
      )}.`,
    },
  ];
}

export const codePrior: Experiment = {
  id: 'code-prior',
  title: 'Codes of symbols: a learned prior against uniform codes',
  length: () => 'Not in a paper. The models are those that ship; nothing is trained here.',
  report: (cells) => ({
    claims: codePriorClaims(cells),
    table: tableOf([...cells.values()], COLUMNS),
    notes: [
      'The claim is of swapping the prior of a finished model: encoder and decoder had learned to live with the learned one. A model that is trained with uniform codes puts more into them, and none was trained to compare.',
      'In the pictures the left half is drawn from the learned prior, the right half from uniform codes.',
    ],
  }),
  load: () => import('./code-prior.ts'),
};
