// Ways between points of z: how even they are.
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Experiment } from '../experiment.ts';

const COLUMNS: Column<Cell>[] = [
  { name: 'model', kind: 'text', of: ({ cell }) => cell },
  { name: 'of', kind: 'text', of: ({ data }) => data.set },
  {
    name: 'longest step, share of a path',
    kind: 'number',
    decimals: 3,
    of: (cell) => quantityOf(cell, 'longest step'),
  },
];

export const ganPaths: Experiment = {
  id: 'gan-paths',
  title: 'Between points of z: Figure 3 of the paper of adversarial networks',
  length: () =>
    'The paper does not say how long it trained; nothing is trained for this section: how long the models were trained is on their cards.',
  report(cells) {
    const [first] = cells.values();
    const steps = Number(first?.settings.points ?? 0) - 1;
    return {
      table: tableOf([...cells.values()], COLUMNS),
      notes: [
        `Each row of a picture leads from one point of z to another. Of ${steps} even steps the longest is ${(1 / steps).toFixed(3)} of the path; a generator that holds a few pictures and jumps between them is near 1.`,
      ],
    };
  },
  load: () => import('./gan-paths.ts'),
};
