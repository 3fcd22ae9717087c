// Adversarial training as it went: moments of runs, and how near they came to real images.
import type { View } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { columnsOf, quantityOf } from '../cells.ts';
import type { Cell, Experiment } from '../experiment.ts';

const COLUMNS: Column<Cell>[] = [
  { name: 'recipe', kind: 'text', of: ({ cell }) => cell },
  { name: 'of', kind: 'text', of: ({ data }) => data.set },
  { name: 'epochs', kind: 'number', of: (cell) => quantityOf(cell, 'epochs') },
  {
    name: 'minutes on one core',
    kind: 'number',
    decimals: 0,
    of: (cell) => quantityOf(cell, 'minutes'),
  },
  {
    name: 'Fréchet distance, first epoch',
    kind: 'number',
    decimals: 1,
    of: (cell) => quantityOf(cell, 'frechet after the first epoch'),
  },
  { name: 'least', kind: 'number', decimals: 1, of: (cell) => quantityOf(cell, 'best frechet') },
  { name: 'at epoch', kind: 'number', of: (cell) => quantityOf(cell, 'best epoch') },
];

function viewOf(cell: Cell): View {
  const distances = new Map(columnsOf(cell, 'epoch', 'frechet'));
  const shown = cell.settings.shown as number[];
  const last = quantityOf(cell, 'epochs')!.value;
  return {
    kind: 'moments',
    words: shown.map((epoch) => {
      const distance = distances.get(epoch);
      return `epoch ${epoch} of ${last}${distance === undefined ? '' : `, Fréchet distance ${distance.toFixed(1)}`}`;
    }),
  };
}

export const ganTraining: Experiment = {
  id: 'gan-training',
  title: 'Adversarial training as it went',
  length: () => 'The paper shows no training; these are runs of recipes here, whose epochs the table has.',
  report: (cells) => ({
    table: tableOf([...cells.values()], COLUMNS),
    views: Object.fromEntries([...cells.values()].map((cell) => [cell.cell, viewOf(cell)])),
    notes: [
      'Every two lines of a picture are a moment: the same points of z after an epoch, ever further apart, the first epoch at the top. Distances are to validation images, and compare within a set alone. Minutes are beside other work on the same machine.',
    ],
  }),
  load: () => import('./gan-training.ts'),
};
