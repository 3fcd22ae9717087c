// Figure 2 of Goodfellow et al. 2014: generated images, their nearest training images, and how many are near-copies.
import { formatNumber } from '../../../figures/numbers.ts';
import type { View } from '../../../figures/section.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { columnsOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { listOf } from '../words.ts';

const COLUMNS: Column<Cell>[] = [
  { name: 'model', kind: 'text', of: ({ cell }) => cell },
  { name: 'of', kind: 'text', of: ({ data }) => data.set },
  { name: 'near-copies by pixels', kind: 'share', of: (cell) => shareOf(cell, 'near-copies by pixels') },
  { name: 'by features', kind: 'share', of: (cell) => shareOf(cell, 'near-copies by features') },
];

const KINDS = ['pixels', 'features'];

/** How near the neighbours of one image are: beside what is usual for images that nobody trained on. */
const wordsOf = (cell: Cell): string[][] => {
  const shares = KINDS.map((kind) => columnsOf(cell, 'image', `nearer by ${kind}`));
  return shares[0]!.map((_, i) =>
    KINDS.map(
      (kind, k) =>
        `nearest by ${kind}; ${formatNumber(100 * shares[k]![i]![1], 1)}\u00a0% of test images have a nearer one`,
    ),
  );
};

const areShown = ({ settings }: Cell): boolean => settings['neighbours shown'] === true;

function viewsOf(cells: Cells): Record<string, View> {
  const shown = [...cells.values()].filter(areShown);
  return Object.fromEntries(
    shown.map((cell): [string, View] => [
      cell.cell,
      { kind: 'neighbours', columns: Number(cell.settings.columns), words: wordsOf(cell) },
    ]),
  );
}

/** What the paper's figure has and this one lacks, and why. */
const missingNote = (cells: Cells): string[] =>
  [...cells.values()].some(({ data }) => data.set.includes('CIFAR-10'))
    ? []
    : [
        'The figure of the paper has panels that are missing here: CIFAR-10, by a dense and by a convolutional network (no adversarial network of it was trained: the generators of the paper have 65 and 89 million weights there, those here at most 2.5 million in training, on one processor core).',
      ];

export const ganFigure2: Experiment = {
  id: 'gan-figure-2',
  title: 'Figure 2 of the paper of adversarial networks: are they copies?',
  length: () =>
    'The paper does not say how long it trained; nothing is trained for this section: how long the models were trained is on their cards.',
  report(cells) {
    const terms = new Set(
      [...cells.values()].filter(areShown).map(({ data, settings }) => `${data.set}: ${settings.terms}`),
    );
    const hidden = [...cells.values()].filter((cell) => !areShown(cell));
    return {
      table: tableOf([...cells.values()], COLUMNS),
      views: viewsOf(cells),
      notes: [
        'Under each generated image stand the training image nearest to it by pixels and the one nearest by the features that Fréchet distances are measured in; the paper has the first alone, of one image a row. They come with no choice: the first images of one seed. On the page of results one sees them large, image by image.',
        ...missingNote(cells),
        'A near-copy is nearer to a training image than 99 % of test images are: 1 % is what new images have.',
        ...(terms.size > 0 ? [`Terms of the training images. ${[...terms].join('. ')}.`] : []),
        ...(hidden.length > 0
          ? [
              `Training images of ${listOf([...new Set(hidden.map(({ data }) => data.set))])} may not be passed on, so that those pictures have none; whoever has the data finds the whole sheet in runs/gan-figure-2/ after the experiment.`,
            ]
          : []),
      ],
    };
  },
  load: () => import('./gan-figure-2.ts'),
};
