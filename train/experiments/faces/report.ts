// What a classifier says of edited faces.
import { formatShare, type Quantity } from '../../../figures/numbers.ts';
import type { Share } from '../../../figures/share.ts';
import { type Column, tableOf } from '../../../figures/table.ts';
import { quantityOf, samplesOf, shareOf } from '../cells.ts';
import type { Cells, Experiment } from '../experiment.ts';

type Edit = {
  edit: string;
  strength: number;
  /** Test faces of the first class that the classifier knows when they are drawn again. */
  known: Share;
  /** Of these: called the second class after the edit, and after a step of its length in any direction. */
  rate: Share | undefined;
  control: Share | undefined;
  gain: Quantity | undefined;
};

const COLUMNS: Column<Edit>[] = [
  { name: 'edit', kind: 'text', of: ({ edit }) => edit },
  { name: 'strength', kind: 'number', of: ({ strength }) => strength },
  { name: 'test faces', kind: 'number', of: ({ known }) => known.of },
  { name: 'known when drawn again', kind: 'number', of: ({ known }) => known.count },
  { name: 'of these called the other after the edit', kind: 'share', of: ({ rate }) => rate },
  { name: 'after one in any direction', kind: 'share', of: ({ control }) => control },
  { name: 'gain of its probability', unit: 'points', kind: 'number', decimals: 1, of: ({ gain }) => gain },
];

export const editsOf = (cells: Cells): Edit[] =>
  [...cells.values()].flatMap((cell) =>
    Object.keys(cell.values).flatMap((name): Edit[] => {
      const edit = /^(.*): rate$/.exec(name)?.[1];
      if (edit === undefined) return [];
      const [faces, known] = cell.settings[`${edit}: test faces, known`] as [number, number];
      return [
        {
          edit,
          strength: Number(cell.settings[`${edit}: strength`]),
          known: { count: known, of: faces },
          rate: shareOf(cell, `${edit}: rate`),
          control: shareOf(cell, `${edit}: rate, any direction`),
          gain: quantityOf(cell, `${edit}: gain`),
        },
      ];
    }),
  );

const KNOWN = ': known when drawn again';

const notesOf = (cells: Cells): string[] =>
  [...cells.values()].flatMap((cell) => {
    const right = shareOf(cell, 'classifier right');
    const labels = Object.keys(cell.values).filter((name) => name.endsWith(KNOWN));
    const known = labels.flatMap((name) => {
      const share = shareOf(cell, name);
      return share ? [`${name.replace(KNOWN, '')} ${formatShare(share)}`] : [];
    });
    return right
      ? [
          `The classifier is right about ${formatShare(right)} of the clear test faces. Drawn again from the posterior mean and not edited, these are called what they are: ${known.join(', ')}.`,
        ]
      : [];
  });

export const faceEdits: Experiment = {
  id: 'face-edits',
  title: 'Faces edited, as a classifier sees them',
  length: (cells) =>
    `No paper is followed. The classifier saw ${samplesOf(cells)} training faces; how long faces-vae@1 was trained is on its card.`,
  report: (cells) => ({ table: tableOf(editsOf(cells), COLUMNS), notes: notesOf(cells) }),
  load: () => import('./face-edits.ts'),
};
