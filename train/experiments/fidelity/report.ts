// Fréchet distances, precision and recall, and near-copies of what ships, beside those of real images.
import { formatNumber, formatShare } from '../../../figures/numbers.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { FEATURE_WORDS } from '../../evaluate/fidelity/feature-classifier.ts';
import { quantityOf, shareOf } from '../cells.ts';
import type { Cell, Cells, Experiment } from '../experiment.ts';
import { listOf } from '../words.ts';

const ON_CARD = 'frechet on its card';

const COLUMNS: Column<Cell>[] = [
  { name: 'images', kind: 'text', of: ({ cell }) => cell },
  { name: 'of', kind: 'text', of: ({ data }) => data.set },
  { name: 'Fréchet distance', kind: 'number', decimals: 2, of: (cell) => quantityOf(cell, 'frechet') },
  { name: 'on its card', kind: 'number', decimals: 2, of: (cell) => quantityOf(cell, ON_CARD) },
  { name: 'precision', kind: 'share', of: (cell) => shareOf(cell, 'precision') },
  { name: 'recall', kind: 'share', of: (cell) => shareOf(cell, 'recall') },
  { name: 'near-copies by pixels', kind: 'share', of: (cell) => shareOf(cell, 'near-copies by pixels') },
  { name: 'by features', kind: 'share', of: (cell) => shareOf(cell, 'near-copies by features') },
];

/** The best of each set first; real images before all. */
const ranked = (cells: Cells): Cell[] =>
  [...cells.values()].sort(
    (a, b) =>
      b.data.set.localeCompare(a.data.set, 'en') ||
      (quantityOf(a, 'frechet')?.value ?? 0) - (quantityOf(b, 'frechet')?.value ?? 0),
  );

/** Why one model has more than one distance, with those that it has. */
function otherDistances(cells: Cells, codes: Cells): string[] {
  const text = (cell: Cell | undefined, name: string) => {
    const found = quantityOf(cell, name);
    return found && formatNumber(found.value, 2);
  };
  const words = [...cells.values()].flatMap((cell) => {
    const [here, onCard] = [text(cell, 'frechet'), text(cell, ON_CARD)];
    if (onCard === undefined || onCard === here) return [];
    const among = text(codes.get(cell.cell), 'frechet, learned');
    return [
      `${cell.cell} (${here} here, ${onCard} there${among ? `, ${among} among codes of symbols` : ''})`,
    ];
  });
  return words.length === 0
    ? []
    : [
        `One model can have several distances, by several classifiers: that of this table learned on the training images that are left when one and the same number is held out for all models of a set, that of a card on those that the recipe of its model leaves; and a card may be of fewer images, which makes a distance larger. Among codes of symbols it is the classifier of the card, with as many images as here. So differ ${listOf(words)}.`,
      ];
}

const notesOf = (cells: Cells, codes: Cells): string[] => {
  const sets = new Map([...cells.values()].map((cell) => [cell.data.set, cell]));
  const known = [...sets].flatMap(([set, cell]) => {
    const right = shareOf(cell, 'classifier right');
    return right ? [`${formatShare(right)} of the test images of ${set}`] : [];
  });
  const mixed = [...cells.values()].filter(({ settings }) => settings.parts !== undefined);
  const drawn = mixed.map(
    ({ cell, settings }) => `${cell} of a mixture of ${settings.parts} Gaussians fitted to these`,
  );
  return [
    ...(drawn.length > 0
      ? [
          `Latents are drawn from where codes of training images are, not from the prior, by ${listOf(drawn)}; the graphs are those of the version before.`,
        ]
      : []),
    `Distances are between features of a classifier that learned on training images, one for each set, and compare within a set alone: they are no Inception distances. Features are ${FEATURE_WORDS}. It is right about ${listOf(known)}.`,
    ...otherDistances(cells, codes),
    'Real images in the place of generated ones are as many as are drawn of a model, or all where these are fewer, in an order drawn by the seed. Neither kind is a floor. The classifier learned the training images, and what it knows of them by heart sets them apart, of few images most; it learned nothing from the validation images but which epoch to keep, but these are fewer, and the last of their file where a set has none of its own, which need not be like the rest. A distance tends to shrink with the number of images: a card has that of all training images, or of all validation images where these are nearer.',
    'A near-copy is nearer to a training image than 99 % of test images are: 1 % is what new images have. In the pictures each row ends in the training images nearest to its last image, by pixels and by features, where the licence of the set lets them be passed on.',
  ];
};

export const fidelity: Experiment = {
  id: 'fidelity',
  title: 'How near generated images come to real ones',
  length: () =>
    'Not of a paper: what ships is measured, and only the classifiers of the features are trained for it. How long the models were trained is on their cards.',
  report: (cells, of) => ({
    table: tableOf(ranked(cells), COLUMNS),
    notes: notesOf(cells, of('code-prior')),
  }),
  load: () => import('./fidelity.ts'),
};
