// Modes that adversarial networks find among the thousand of stacked digits.
import { formatCount } from '../../../figures/numbers.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf } from '../cells.ts';
import type { Cell, Experiment } from '../experiment.ts';

const COLUMNS: Column<Cell>[] = [
  { name: 'images', kind: 'text', of: ({ cell }) => cell },
  { name: 'modes of 1000', kind: 'number', of: (cell) => quantityOf(cell, 'modes') },
  {
    name: 'divergence from equal shares',
    unit: 'nats',
    kind: 'number',
    decimals: 3,
    of: (cell) => quantityOf(cell, 'divergence'),
  },
];

export const ganModes: Experiment = {
  id: 'gan-modes',
  title: 'Modes that adversarial networks find: stacked digits',
  length(cells) {
    const games = [...cells.values()].filter(({ settings }) => settings.steps !== undefined);
    const own =
      games.length === 0
        ? 'no game is here yet'
        : `the games here have ${formatCount(games[0]!.samples)} images each, one seed, and cannot be set beside theirs`;
    return `The papers that count these modes train much longer; ${own}.`;
  },
  report: (cells) => ({
    table: tableOf([...cells.values()], COLUMNS),
    notes: [
      'Red, green and blue of each image are a digit of their own, so that there are a thousand modes to find, and a generator that leaves some out is caught by counting. What is no digit is counted as the one it is taken for: modes alone do not say that images are good.',
    ],
  }),
  load: () => import('./gan-modes.ts'),
};
