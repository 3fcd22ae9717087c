// Adversarial training as it went: moments of runs, and how near they came to real images.
import type { View } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { columnsOf, quantityOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { listOf } from '../words.ts';

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

/** Which epochs of these runs ship, by the training images that packages have seen. */
function shippedNotes(cells: Cells, packages: Cells): string[] {
  const all = [...cells.values()].map((cell) => {
    const of = [...packages.values()].find(
      ({ settings }) => String(settings.model).split('@')[0] === cell.cell,
    );
    return {
      cell: cell.cell,
      ran: cell.samples,
      shipped: of?.samples,
      epochs: (of?.samples ?? 0) / cell.data.train,
    };
  });
  const words = all.map(({ cell, ran, shipped, epochs }) => {
    if (shipped === undefined) return `nothing of ${cell}`;
    return shipped > ran ? `of ${cell} no epoch of this run` : `epoch ${epochs} of ${cell}`;
  });
  const further = all.filter(({ ran, shipped }) => shipped !== undefined && shipped > ran);
  return [
    ...(words.length > 0 ? [`What ships is ${listOf(words)}.`] : []),
    ...further.map(
      ({ cell, epochs }) =>
        `What ships of ${cell} went on in further runs, with other settings, to ${epochs} epochs in all: neither the epochs nor the least distance above are its own.`,
    ),
  ];
}

const averagesNote = (cells: Cells): string[] =>
  [...cells.values()].flatMap(({ cell, settings: { averagedAfter } }) =>
    averagedAfter === undefined
      ? []
      : [
          `Until epoch ${averagedAfter} images and distances of ${cell} are of the weights themselves; later ones are of their averages, which are nearer to real images.`,
        ],
  );

const missingNote = (cells: Cells): string[] => [
  ...([...cells.values()].some(({ data }) => data.set.includes('CIFAR-10'))
    ? []
    : [
        'No adversarial network of CIFAR-10 was trained: ten epochs of it with the convolutions of emoji-cgan would take about an hour of a processor core, by what that took for an image, and other runs had it.',
      ]),
  'mnist-sgan, whose generator is there to teach a classifier, is of another family and not shown here. Emoji are drawn on white: nothing learns their alpha channel.',
];

export const ganTraining: Experiment = {
  id: 'gan-training',
  title: 'Adversarial training as it went',
  length: () => 'The paper shows no training; these are runs of recipes here, whose epochs the table has.',
  report: (cells, of) => ({
    table: tableOf([...cells.values()], COLUMNS),
    views: Object.fromEntries([...cells.values()].map((cell) => [cell.cell, viewOf(cell)])),
    notes: [
      'Every two lines of a picture are a moment: the same points of z after an epoch, ever further apart, the first epoch at the top. Distances are to validation images, and compare within a set alone. Minutes are beside other work on the same machine.',
      ...averagesNote(cells),
      ...shippedNotes(cells, of('gan-figure-2')),
      ...missingNote(cells),
    ],
  }),
  load: () => import('./gan-training.ts'),
};
